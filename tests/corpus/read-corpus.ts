/** Reads a corpus: one case a line, `#` begins a remark, and escapes (`\n`, `\r`, `\t`, `\e`, `\0`, `\uXXXX`, `\\`) stand for what an editor would not keep. */
import { readFileSync } from 'node:fs';

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', e: '\x1b', '0': '\0', '\\': '\\' };

export function readCorpus(name: string): readonly string[] {
  const text = readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map(unescape);
}

function unescape(line: string): string {
  return line.replace(/\\(?:u([0-9a-f]{4})|([nrte0\\]))/g, (whole, code?: string, letter?: string) =>
    code === undefined ? (escapes[letter ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
