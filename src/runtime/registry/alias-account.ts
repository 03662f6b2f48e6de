/** Which lines of an OpenSSH configuration gave an alias its settings, as far as `ssh -vvv -G` tells: the blocks that count, and who said what first. */
import { readFile } from 'node:fs/promises';
import { toDirective } from './ssh-config-text.ts';

export interface AliasAccount {
  /** Files with the lines of the blocks that count, in the order in which they were read. */
  readonly blocks: readonly Block[];
  /** `Port 2200 (/home/me/.ssh/config line 4)`, in the order of reading. */
  readonly settings: readonly { readonly words: string; readonly file: string; readonly line: number }[];
}

export interface Block {
  readonly file: string;
  /** Of its Host or Match line; 0: what stands before the first. */
  readonly line: number;
}

/** `stderr` is what `ssh -vvv -G` wrote. Files that cannot be read any more are left out. */
export async function toAliasAccount(stderr: string): Promise<AliasAccount> {
  const texts = new Map<string, readonly string[]>();
  const linesOf = async (file: string): Promise<readonly string[]> => {
    const known = texts.get(file) ?? (await readFile(file, 'utf8').catch(() => '')).split('\n');
    texts.set(file, known);
    return known;
  };
  const found = new Map<string, Block>();
  const add = (file: string, line: number): void => {
    if (!found.has(`${file}:${line}`)) found.set(`${file}:${line}`, { file, line });
  };
  let file = '';
  let criteria = '';
  for (const said of stderr.split('\n')) {
    const reading = /^debug1: Reading configuration data (.+?)\r?$/.exec(said);
    const applied = /^debug1: (.+) line (\d+): Applying options for /.exec(said);
    const checked = /^debug2: checking match for '(.+)' host /.exec(said);
    if (reading?.[1]) {
      file = reading[1];
      add(file, 0);
    } else if (applied?.[1]) add(applied[1], Number(applied[2]));
    else if (checked?.[1]) criteria = checked[1];
    else if (/^debug2: match found/.test(said)) {
      for (const [at, line] of (await linesOf(file)).entries()) if (isMatchOf(line, criteria)) add(file, at + 1);
    }
  }
  const blocks: Block[] = [];
  const settings: AliasAccount['settings'][number][] = [];
  const seen = new Set<string>();
  for (const block of found.values()) {
    const said = directivesOf(await linesOf(block.file), block.line);
    if (said.length === 0) continue;
    blocks.push(block);
    for (const { keyword, words, line } of said) {
      // The first to say something is the one that counts, except for what adds up.
      if (seen.has(keyword) && !adding.has(keyword)) continue;
      seen.add(keyword);
      settings.push({ words, file: block.file, line });
    }
  }
  return { blocks, settings };
}

function isMatchOf(line: string, criteria: string): boolean {
  const rest = /^\s*match(?:\s*=\s*|\s+)(.*)$/i.exec(line)?.[1];
  return rest !== undefined && rest.trim() === criteria.trim();
}

/** What a block says, up to the next Host or Match. */
function directivesOf(lines: readonly string[], from: number): { keyword: string; words: string; line: number }[] {
  const said: { keyword: string; words: string; line: number }[] = [];
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const directive = toDirective(line);
    if (directive?.keyword === 'host' || directive?.keyword === 'match') break;
    if (directive === null || directive.keyword === 'include') continue;
    said.push({ keyword: directive.keyword, words: line.trim(), line: at + 1 });
  }
  return said;
}

const adding = new Set([
  'identityfile',
  'certificatefile',
  'sendenv',
  'localforward',
  'remoteforward',
  'dynamicforward',
]);
