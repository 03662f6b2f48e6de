/** Reads an OpenSSH client configuration with its Include files, as ssh_config(5) says. Interprets nothing but Include and Host. */
import { readdir, readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { matchesGlob } from './matches-glob.ts';

export interface SshConfigText {
  /** The text with every Include replaced by what it names. */
  readonly text: string;
  /** Every file and folder whose change may change the text. */
  readonly sources: readonly string[];
}

/** As one writes it: below the home folder with `~`. */
export function toTilde(file: string): string {
  const home = `${userInfo().homedir || homedir()}/`;
  return file.startsWith(home) ? `~/${file.slice(home.length)}` : file;
}

/** OpenSSH takes the home folder of the account, not $HOME. */
export function userSshFolder(): string {
  return join(userInfo().homedir || homedir(), '.ssh');
}

export function userSshConfigFile(): string {
  return join(userSshFolder(), 'config');
}

/** Where ssh looks for host keys, unless its configuration says otherwise. */
export function userKnownHostsFiles(): readonly string[] {
  const own = ['known_hosts', 'known_hosts2'].map((name) => join(userSshFolder(), name));
  return [...own, '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];
}

export const systemSshConfigFile = '/etc/ssh/ssh_config';

/** Missing and unreadable files count as empty, as they do for ssh; Include goes sixteen levels deep, as there. */
export async function readSshConfigText(file: string): Promise<SshConfigText> {
  const sources = new Set<string>();
  const text = await expand(file, 0, sources);
  return { text, sources: [...sources] };
}

/** Names of Host lines without wildcards or negation, in the order of the file, each once. */
export function hostNamesOf(text: string): string[] {
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    const directive = toDirective(line);
    if (directive?.keyword !== 'host') continue;
    for (const name of directive.words) if (!/[*?!]/.test(name)) names.add(name);
  }
  return [...names];
}

/**
 * By name, the name before it on one of its Host lines that leads to the same address: two names of one machine. Of a name that the caller knows no
 * address of, the block says whether all its names lead to one.
 */
export function namesakesOf(text: string, addresses: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const namesakes = new Map<string, string>();
  for (const { names, hostName } of hostBlocksOf(text)) {
    // Where the name itself is part of the address, each leads elsewhere.
    const shared = hostName === null || hostName.includes('%') ? null : hostName;
    names.forEach((name, at) => {
      const address = addresses.get(name) ?? shared;
      const first = names.find((other) => address !== null && (addresses.get(other) ?? shared) === address);
      if (first !== undefined && names.indexOf(first) < at && first !== name) namesakes.set(name, first);
    });
  }
  return namesakes;
}

function hostBlocksOf(
  text: string,
): readonly { readonly names: readonly string[]; readonly hostName: string | null }[] {
  const blocks: { names: readonly string[]; hostName: string | null }[] = [];
  let isInMatch = false;
  for (const line of text.split('\n')) {
    const directive = toDirective(line);
    const last = blocks.at(-1);
    if (directive?.keyword === 'match') isInMatch = true;
    else if (directive?.keyword === 'host') {
      isInMatch = false;
      blocks.push({ names: directive.words.filter((name) => !/[*?!]/.test(name)), hostName: null });
    } else if (directive?.keyword === 'hostname' && last && !isInMatch) last.hostName ??= directive.words[0] ?? null;
  }
  return blocks;
}

/** Whether a Host line is about this name in particular, or a Match line might be; `Host *` is about every name. */
export function isNamedIn(text: string, name: string): boolean {
  const isMeant = (pattern: string): boolean =>
    pattern !== '*' && !pattern.startsWith('!') && matchesGlob(name.toLowerCase(), pattern.toLowerCase());
  return hasMatch(text) || hostPatterns(text).some(isMeant);
}

function hostPatterns(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const directive = toDirective(line);
    return directive?.keyword === 'host' ? directive.words : [];
  });
}

/** Whether a Match line decides something. */
export function hasMatch(text: string): boolean {
  return text.split('\n').some((line) => toDirective(line)?.keyword === 'match');
}

const includeDepthMax = 16;

async function expand(file: string, depth: number, sources: Set<string>): Promise<string> {
  sources.add(file);
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const directive = toDirective(line);
    if (directive?.keyword !== 'include') {
      lines.push(line);
      continue;
    }
    if (depth >= includeDepthMax) continue;
    for (const pattern of directive.words) {
      for (const included of await filesOf(pattern, sources)) lines.push(await expand(included, depth + 1, sources));
    }
  }
  return lines.join('\n');
}

/** Relative patterns are below ~/.ssh. Wildcards are understood in the last component, where they are used in practice. */
async function filesOf(pattern: string, sources: Set<string>): Promise<string[]> {
  const path = pattern.startsWith('~/') ? join(userSshFolder(), '..', pattern.slice(2)) : pattern;
  const absolute = isAbsolute(path) ? path : join(userSshFolder(), path);
  if (!/[*?]/.test(absolute)) return [absolute];
  const folder = dirname(absolute);
  sources.add(folder);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => matchesGlob(name, basename(absolute)))
    .sort()
    .map((name) => join(folder, name));
}

/** Null for a comment and an empty line. */
export function toDirective(line: string): { readonly keyword: string; readonly words: readonly string[] } | null {
  const parts = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*)$/.exec(line);
  if (!parts?.[1]) return null;
  const words = [...(parts[2] ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map((word) => word[1] ?? word[2] ?? '');
  const comment = words.findIndex((word) => word.startsWith('#'));
  return { keyword: parts[1].toLowerCase(), words: comment === -1 ? words : words.slice(0, comment) };
}
