/** Asks OpenSSH what a host alias of ~/.ssh/config means (`ssh -G`); npm ssh-config answers where no OpenSSH is installed. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { LocalCommand, LocalCommands } from '../../core/login/local-command.ts';
import { fileStamp } from '../config-file.ts';
import { toLeaveRefusal } from '../local-commands/ask-leave.ts';
import type { GatedRun, ShellGate } from '../local-commands/shell-gate.ts';
import { type AliasAccount, toAliasAccount } from './alias-account.ts';
import { type AliasRequest, type AliasSettings, isPlainAlias, toAliasSettings } from './alias-settings.ts';
import { decideMatches } from './match-lines.ts';
import { isNamedIn, readSshConfigText, systemSshConfigFile, userSshConfigFile } from './ssh-config-text.ts';

export interface SshAliases {
  /**
   * What the alias means now, for the server `asker`. Throws CONFIG_INVALID for a name ssh refuses, for a configuration it cannot read, and
   * while a command that this configuration runs is not allowed; UNSUPPORTED for what is not done here.
   */
  lookup(request: AliasRequest, how: How, asker: string): Promise<AliasSettings>;
  /** Which lines of which files that came from, once it was looked up; null where only OpenSSH itself could tell. */
  explain(request: AliasRequest): Promise<AliasAccount | null>;
}

/** `listed` and `cached` answer from memory while no configuration file has changed, `fresh` always asks ssh; `listed` never asks a person. */
export type How = 'listed' | 'cached' | 'fresh';

export interface SshAliasOptions {
  /** Instead of ~/.ssh/config; then the system-wide file is not read either. */
  readonly configFile: string | null;
  /** Path or name of the program; null: act as if OpenSSH were not installed. */
  readonly program: string | null;
  readonly env: NodeJS.ProcessEnv;
  /** Those that records take secrets from: none of them leaves this machine. */
  readonly secretVariables: () => readonly string[];
  readonly gate: ShellGate;
  readonly localCommands: LocalCommands;
  /** Where those are kept: a change of it counts as one of the configuration. */
  readonly localCommandsFile: string;
}

export function createSshAliases(options: SshAliasOptions): SshAliases {
  /** Commands of "Match exec" that the last look at an alias met. */
  const met = new Map<string, readonly string[]>();
  const cache = new Map<string, { readonly stamp: string; readonly settings: AliasSettings }>();
  const files = createSourceStamp(options);
  return {
    async lookup(request, how, asker) {
      refuseOddNames(request);
      const key = toKey(request);
      const stamp = await files();
      const known = cache.get(key);
      if (how !== 'fresh' && known && stamp !== null && known.stamp === stamp) return known.settings;
      const { lines, commands } = await askForLines(request, options, {
        expected: met.get(key) ?? [],
        mayRun: (text) => checkLeave({ server: null, text }, how, asker, options.localCommands),
      });
      keepNewest(met, key, commands);
      const found = toAliasSettings(request, lines, options.env, options.secretVariables());
      const settings = { ...found, isConfigured: await isConfigured(request.alias, options) };
      if (stamp === null) cache.delete(key);
      else keepNewest(cache, key, { stamp, settings });
      return settings;
    },
    async explain(request) {
      const { program } = options;
      const allowed = met.get(toKey(request));
      if (program === null || allowed === undefined) return null;
      const run = await options.gate
        .run(program, ['-vvv', ...toArguments(request, options)], allowed)
        .catch(() => null);
      return run === null || run.withheld.length > 0 ? null : await toAliasAccount(run.stderr);
    },
  };
}

function toKey({ alias, username, port }: AliasRequest): string {
  return JSON.stringify([alias, username, port]);
}

function keepNewest<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= limits.serversMax) break;
    map.delete(oldest);
  }
}

/** A list is drawn without questions: what is not allowed shows there as what keeps the server from being used. */
async function checkLeave(command: LocalCommand, how: How, asker: string, commands: LocalCommands): Promise<void> {
  if (how === 'listed' && !(await commands.isAllowed(command))) throw toLeaveRefusal(command, asker);
  await commands.demand(command, asker);
}

/** The words reach `ssh` as one argument each, and Match exec may put them into a shell command: only plain names pass. */
function refuseOddNames(request: AliasRequest): void {
  const userIsPlain = request.username === null || /^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*$/.test(request.username);
  if (isPlainAlias(request.alias) && userIsPlain) return;
  throw new OperationError(
    'CONFIG_INVALID',
    `The ssh alias ${JSON.stringify(request.username === null ? request.alias : `${request.username}@${request.alias}`)} ` +
      'holds characters that a host name cannot have; correct it in servers.json or ~/.ssh/config.',
  );
}

interface Leave {
  readonly expected: readonly string[];
  /** Throws for a command that may not run. */
  mayRun(text: string): Promise<void>;
}

interface Answer {
  readonly lines: Map<string, string[]>;
  /** What ran to find it out. */
  readonly commands: readonly string[];
}

/** Asked until no command is held back: those of one round may bring others to light. */
async function askForLines(request: AliasRequest, options: SshAliasOptions, leave: Leave): Promise<Answer> {
  const { program } = options;
  if (program === null) return { lines: await readWithoutOpenSsh(request, options), commands: [] };
  const args = toArguments(request, options);
  const commands = [...leave.expected];
  for (const text of commands) await leave.mayRun(text);
  for (let round = 0; round < limits.sshConfigRoundsMax; round += 1) {
    const run = await options.gate.run(program, args, commands).catch((error: unknown) => {
      if ((error as { readonly code?: unknown }).code === 'ENOENT') return null;
      throw toUnresolved(request, (error as Error).message, error);
    });
    if (run === null) return { lines: await readWithoutOpenSsh(request, options), commands: [] };
    if (run.withheld.length === 0) return { lines: toLines(checkRun(request, run)), commands };
    for (const text of run.withheld) await leave.mayRun(text);
    commands.push(...run.withheld);
  }
  throw toUnresolved(request, 'its "Match exec" commands are others each time', null);
}

function toArguments({ alias, username, port }: AliasRequest, { configFile }: SshAliasOptions): readonly string[] {
  return [
    '-G',
    ...(configFile === null ? [] : ['-F', existsSync(configFile) ? configFile : 'none']),
    ...(username === null ? [] : ['-l', username]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...['--', alias],
  ];
}

function checkRun(request: AliasRequest, { stdout, stderr, status, isLate }: GatedRun): string {
  if (status === 0) return stdout;
  const said = isLate ? `no answer in ${limits.sshConfigTimeoutMs / 1000} s` : stderr.trim().split('\n')[0];
  throw toUnresolved(request, said || 'no reason given', null);
}

function toUnresolved({ alias }: AliasRequest, said: string, cause: unknown): OperationError {
  return new OperationError(
    'CONFIG_INVALID',
    `OpenSSH cannot resolve the alias "${alias}" (${said}); try \`ssh -G ${alias}\`.`,
    cause === null ? {} : { cause },
  );
}

function toLines(stdout: string): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const space = line.indexOf(' ');
    if (space === -1) continue;
    const key = line.slice(0, space).toLowerCase();
    lines.set(key, [...(lines.get(key) ?? []), line.slice(space + 1).trim()]);
  }
  return lines;
}

/** The values of the blocks that count; nothing is run for it. */
async function readWithoutOpenSsh(request: AliasRequest, options: SshAliasOptions): Promise<Map<string, string[]>> {
  const { text } = await readSshConfigText(options.configFile ?? userSshConfigFile());
  const { default: SshConfig } = await import('ssh-config');
  const compute = (part: string): ReturnType<InstanceType<typeof SshConfig>['compute']> =>
    SshConfig.parse(part).compute(request.alias, { ignoreCase: true, matchExec: false });
  const decided = decideMatches(text, request, (before) => {
    const { hostname, user } = compute(before);
    return { hostName: [hostname].flat()[0] ?? null, user: [user].flat()[0] ?? null };
  });
  const computed = compute(decided);
  const lines = new Map<string, string[]>();
  for (const [key, value] of Object.entries(computed)) {
    lines.set(key.toLowerCase(), Array.isArray(value) ? value : [value]);
  }
  // One a line, as `ssh -G` prints them.
  const set = lines.get('setenv')?.flatMap((line) => line.match(/(?:"[^"]*"|[^\s"])+/g) ?? []);
  if (set) lines.set('setenv', [...set]);
  dropLaterWay(lines);
  const host = lines.get('hostname')?.[0] ?? request.alias;
  lines.set('hostname', [host.replaceAll('%h', request.alias)]);
  lines.set('user', [request.username ?? lines.get('user')?.[0] ?? userInfo().username]);
  lines.set('port', [String(request.port ?? lines.get('port')?.[0] ?? 22)]);
  return lines;
}

/** ssh_config(5): of ProxyJump and ProxyCommand, the one that is said first counts; a ProxyJump of "none" says nothing. */
function dropLaterWay(lines: Map<string, string[]>): void {
  const isJump = (key: string): boolean => key === 'proxyjump' && lines.get(key)?.[0]?.toLowerCase() !== 'none';
  const first = [...lines.keys()].find((key) => key === 'proxycommand' || isJump(key));
  if (first !== undefined) lines.delete(first === 'proxycommand' ? 'proxyjump' : 'proxycommand');
}

async function isConfigured(alias: string, options: SshAliasOptions): Promise<boolean> {
  const files = options.configFile === null ? [userSshConfigFile(), systemSshConfigFile] : [options.configFile];
  const texts = await Promise.all(files.map(readSshConfigText));
  return texts.some(({ text }) => isNamedIn(text, alias));
}

/** One stamp over every file that may change an answer; null while one of them is too young to vouch for. */
function createSourceStamp(options: SshAliasOptions): () => Promise<string | null> {
  const main = options.configFile ?? userSshConfigFile();
  const roots = options.configFile === null ? [main, systemSshConfigFile] : [main];
  let sources: readonly string[] = [...roots, options.localCommandsFile];
  let last: string | null = null;
  const stampOf = (): string | null => {
    const stamps = sources.map(fileStamp);
    return stamps.includes(null) ? null : stamps.join('\n');
  };
  return async () => {
    const stamp = stampOf();
    if (stamp !== null && stamp === last) return stamp;
    const texts = await Promise.all(roots.map(readSshConfigText));
    sources = [...texts.flatMap((text) => text.sources), options.localCommandsFile];
    last = stampOf();
    return last;
  };
}
