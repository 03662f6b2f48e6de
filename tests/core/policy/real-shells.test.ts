/** Whatever is allowed without a question is read to the same words by every real shell here: lines of the tables, and lines made from them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandTable } from '../../../src/core/policy/commands/table.ts';
import { lexLine } from '../../../src/core/policy/lexer.ts';
import { readCorpus } from '../../corpus/read-corpus.ts';
import { canRun } from '../../fixtures/explain-skip.ts';
import fc from '../../fixtures/properties.ts';
import { shellLine } from './arbitrary.ts';
import { tableLine } from './generated-lines.ts';
import { allowedLines } from './lines.ts';
import { decideLine, target } from './set-up.ts';

/** How each shell runs a script, with no start-up file. */
const shells: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['bash', ['bash', '--norc']],
  ['dash', ['dash']],
  ['zsh', ['zsh', '-f']],
  ['fish', ['fish', '--no-config']],
  ['ksh', ['ksh']],
  ['busybox', ['busybox', 'sh']],
];
const installed = shells.filter(([name]) =>
  canRun(`reading lines with ${name}`, {
    ok: ['/bin', '/usr/bin'].some((at) => existsSync(`${at}/${name}`)),
    reason: `${name} is not installed`,
  }),
);

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abXY019_@%+:,./^=-'), minLength: 1, maxLength: 8 }),
  fc.string({ maxLength: 12 }).map((text) => `'${text}'`),
  fc.string({ maxLength: 12 }).map((text) => `"${text}"`),
  fc.string({ unit: fc.constantFrom(...'ab\\\\\\n\'"$`! '), maxLength: 6 }).map((text) => `'${text}'`),
  shellLine,
);
const wordLine = fc
  .tuple(
    fc.constantFrom('cat', 'grep x', 'ls', 'find /srv -name', 'head -n 1', 'date'),
    fc.array(word, { maxLength: 4 }),
  )
  .map(([command, words]) => [command, ...words].join(' '));

const on = target({ reachable: ['web-1', '10.0.0.4'] });
const isAllowed = (line: string): boolean => decideLine(line, { cwd: '/srv', on }).outcome === 'auto-allow';
const made = [
  ...fc.sample(tableLine, { numRuns: 6000, seed: 41 }),
  ...fc.sample(wordLine, { numRuns: 6000, seed: 20_26 }),
].filter(isAllowed);
const allowed = [...allowedLines, ...readCorpus('policy-ordinary.txt').filter(isAllowed), ...made];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-words-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is allowed', () => {
  it('is tried with nearly every command of the tables', () => {
    const tried = new Set(made.map((line) => line.trim().split(' ')[0]?.replace('/usr/bin/', '')));
    const missing = [...commandTable.keys()].filter((name) => !tried.has(name));
    expect(made.length).toBeGreaterThan(1500);
    expect(missing.length, missing.join(' ')).toBeLessThan(5);
  });

  it.each(installed)('is read by %s as it was judged', (_name, argv) => {
    const read = readWithShell(argv, allowed);
    expect(read.length).toBe(allowed.length);
    // What policy adds is not in the line: the words as lexed are the argv of the same line judged without additions.
    const differing = allowed.filter((line, index) => JSON.stringify(read[index]) !== JSON.stringify(lexed(line)));
    expect(differing).toEqual([]);
  });
});

/** One shell for all lines; each line's words come back NUL-ended, the lines apart by an empty record. */
function readWithShell(
  [program = '', ...args]: readonly string[],
  lines: readonly string[],
): readonly (readonly string[])[] {
  const script = lines.map((line) => `printf '%s\\0' ${line}; printf '\\001\\000'`).join('\n');
  const file = join(folder, 'script');
  writeFileSync(file, `${script}\n`);
  const run = spawnSync(program, [...args, file], {
    encoding: 'latin1',
    cwd: '/',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(run.stderr).toBe('');
  const records: string[][] = [[]];
  for (const field of run.stdout.split('\0').slice(0, -1)) {
    if (field === '\x01') records.push([]);
    else records.at(-1)?.push(field);
  }
  return records.slice(0, -1);
}

function lexed(line: string): readonly string[] {
  const result = lexLine(line);
  return result.kind === 'simple' ? result.argv : [];
}
