/** Which words of an agent's command are paths of the current folder, what is said of them, and that the commands which take one ask. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processIo } from '../../src/cli/output.ts';
import { toAbsoluteWords } from '../../src/cli/to-absolute-words.ts';
import { cliHost } from './cli-host.ts';

let cwd = '';
beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-absolute-words-')));
  mkdirSync(join(cwd, 'tests/fixtures'), { recursive: true });
  for (const name of ['x.mjs', 'tests/fixtures/x.mjs', 'tests/a b.mjs']) writeFileSync(join(cwd, name), '');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function run(words: readonly string[]): { readonly words: readonly string[]; readonly notes: string } {
  let notes = '';
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      notes += chunk.toString();
      done();
    },
  });
  return { words: toAbsoluteWords({ ...processIo, cwd, stderr }, words), notes };
}

describe('a word of an agent command', () => {
  it.each([
    ['./x.mjs', 'x.mjs'],
    ['tests/fixtures/x.mjs', 'tests/fixtures/x.mjs'],
    ['tests/../x.mjs', 'x.mjs'],
    ['./tests/fixtures', 'tests/fixtures'],
  ])('%s becomes absolute, and a note says so', (word, path) => {
    const absolute = join(cwd, path);
    const notes = `${word} is taken as ${absolute}, since agents run in a folder of their own.\n`;
    expect(run(['node', word, '--acp'])).toEqual({ words: ['node', absolute, '--acp'], notes });
  });

  it.each([
    ['a name without a "/"', 'x.mjs'],
    ['an option', '-/x.mjs'],
    ['an option with a value', '--config=./x.mjs'],
    ['a path that is absolute', '/bin/sh'],
    ['a path that is not there', './absent.mjs'],
    ['a path below a file', './x.mjs/y'],
    ['a package', '@scope/agent'],
    ['an address', 'https://example.com/x.mjs'],
    ['a word that is a folder by chance', 'tests/fixtures'],
    ['a home folder, which only a shell knows', '~/x.mjs'],
    ['a word no path can be', `./${'x'.repeat(5_000)}`],
    ['a zero byte', './x.mjs\0'],
    ['an empty word', ''],
  ])('stays as it is, without a note, when it is %s', (_what, word) => {
    expect(run(['node', word])).toEqual({ words: ['node', word], notes: '' });
  });
});

describe('the commands that take the command of an agent', () => {
  const word = 'tests/fixtures/x.mjs';
  const note = (): string => `${word} is taken as ${cwd}/${word}, since`;

  it('`new` sends an absolute path', async () => {
    const { cli, agents } = await cliHost();
    const { stderr, code } = await cli(['new', '--server', 'web-1', '--', 'node', word], { cwd });
    expect([code, stderr]).toEqual([0, expect.stringContaining(note())]);
    expect(agents.started[0]?.options).toMatchObject({ agent: { command: ['node', join(cwd, word)] } });
  });

  it('`session agent --command` sends an absolute path', async () => {
    const { cli, agents } = await cliHost();
    const id = (await cli(['new', '--server', 'web-1'])).stdout.trim();
    const { stderr, code } = await cli(['session', 'agent', id, '--command', `node ${word}`], { cwd });
    expect([code, stderr]).toEqual([0, expect.stringContaining(note())]);
    expect(agents.started[1]?.options).toMatchObject({ agent: { command: ['node', join(cwd, word)] } });
  });

  it('`agent add` saves an absolute path', async () => {
    const { cli, home } = await cliHost();
    const { stderr, code } = await cli(['agent', 'add', 'mine', '--', process.execPath, word], { cwd });
    expect([code, stderr]).toEqual([0, expect.stringContaining(note())]);
    const { agents } = JSON.parse(readFileSync(join(home, 'config/agents.json'), 'utf8'));
    expect(agents.mine.command).toEqual([process.execPath, join(cwd, word)]);
  });
});
