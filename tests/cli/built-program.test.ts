/** The program as it is shipped: dist/main.cjs under plain Node, where imports resolve by Node's own rules and not by the test runner's. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { readVersion } from '../../src/cli/version.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist', 'main.cjs');
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-built-'));
  const code = `import { ensureBuilt } from './scripts/setup.mjs'; ensureBuilt();`;
  const built = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
  expect([built.status, built.status === 0 ? '' : built.stderr]).toEqual([0, '']);
});
afterAll(() => rmSync(home, { recursive: true }));

function signalbox(...argv: string[]) {
  const options = { cwd: home, encoding: 'utf8', env: { PATH: process.env.PATH, SIGNALBOX_HOME: home } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...argv], options);
  return { status, stdout, stderr };
}

describe('dist/main.cjs', () => {
  it('is a program of its own that knows its version', () => {
    accessSync(main, constants.X_OK);
    expect(spawnSync(main, ['--version'], { encoding: 'utf8' }).stdout).toBe(`${readVersion()}\n`);
  });

  it('loads every command', () => {
    const names = commandTable.map(({ name }) => name);
    // In one process, since starting one takes longer than loading a command.
    const script = `const { runCli } = await import(${JSON.stringify(pathToFileURL(join(root, 'dist', 'program.js')))});
      for (const name of ${JSON.stringify(names)}) process.stdout.write('\\0' + (await runCli([name, '--help'])) + '\\0');`;
    const options = { cwd: home, encoding: 'utf8', env: { PATH: process.env.PATH, SIGNALBOX_HOME: home } } as const;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], options);
    const parts = stdout.split('\0');
    const loaded = names.map((name, at) => [
      name,
      parts[2 * at]?.split('\n')[0]?.startsWith(`Usage: signalbox ${name}`),
      parts[2 * at + 1],
    ]);
    expect([loaded, stderr]).toEqual([names.map((name) => [name, true, '0']), '']);
    expect(signalbox('exec', '--help')).toMatchObject({
      status: 0,
      stdout: parts[2 * names.indexOf('exec')],
      stderr: '',
    });
  });

  it.each([
    [['sevrer'], 2, 'did you mean server?'],
    [['server', 'show', 'web-1'], 2, 'No server "web-1"'],
    [['server', 'add'], 2, 'missing required argument'],
  ])('refuses %j with status %i and one sentence', (argv, status, message) => {
    const run = signalbox(...argv);
    expect([run.status, run.stdout]).toEqual([status, '']);
    expect(run.stderr).toContain(message);
  });

  it('ends quietly when its reader goes away', () => {
    // The pipe has lost its reader before the first byte is written.
    const script = `exec 3> >(exit 0); wait $!; exec "${process.execPath}" "${main}" --help >&3`;
    const options = { cwd: home, encoding: 'utf8', env: { PATH: process.env.PATH, SIGNALBOX_HOME: home } } as const;
    const { status, stderr } = spawnSync('bash', ['--norc', '-c', script], {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
