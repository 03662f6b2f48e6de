/** When a clone installs and builds by itself, and when it does not: with an npm that only writes down how it was called. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'signalbox-clone-'));
  write('package.json', '{"name": "signalbox", "type": "module"}');
  write('tsconfig.json', '{}');
  write(
    'package-lock.json',
    lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-arm': { version: '1.0.0', optional: true } }),
  );
  write('src/main.ts', '');
  write('bin/npm', `#!/bin/sh\necho "npm $*" >> "${clone}/calls"\nexit "$NPM_STATUS"\n`);
  chmodSync(join(clone, 'bin/npm'), 0o755);
  write('scripts/build.mjs', `import { appendFileSync } from 'node:fs';\nappendFileSync('calls', 'build\\n');\n`);
  copyFileSync(fileURLToPath(new URL('../../scripts/setup.mjs', import.meta.url)), join(clone, 'scripts/setup.mjs'));
});
afterEach(() => rmSync(clone, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(clone, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function lock(packages: Readonly<Record<string, object>>): string {
  return JSON.stringify({ packages: { '': {}, ...packages } });
}

function setUp(
  call: 'ensureInstalled' | 'ensureBuilt',
  npmStatus = 0,
): { status: number | null; stderr: string; calls: string } {
  const code = `import { ${call} } from './scripts/setup.mjs'; ${call}();`;
  const env = { PATH: `${join(clone, 'bin')}:${process.env.PATH}`, NPM_STATUS: String(npmStatus) };
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: clone,
    env,
    encoding: 'utf8',
  });
  const calls = join(clone, 'calls');
  return { status, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8') : '' };
}

describe('dependencies', () => {
  const installed = 'node_modules/.package-lock.json';

  it.each<[string, () => void]>([
    ['there are none', () => undefined],
    ['one has another version', () => write(installed, lock({ 'node_modules/a': { version: '0.9.0' } }))],
    ['one is missing', () => write(installed, lock({}))],
    [
      'an optional one has another version',
      () =>
        write(installed, lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-arm': { version: '2.0.0' } })),
    ],
    ['npm did not finish', () => mkdirSync(join(clone, 'node_modules'))],
  ])('are installed when %s', (_name, prepare) => {
    prepare();
    expect(setUp('ensureInstalled')).toMatchObject({ status: 0, calls: 'npm ci --no-audit --no-fund\n' });
  });

  it('are left alone when they are what the lock file says, optional ones apart', () => {
    write(installed, lock({ 'node_modules/a': { version: '1.0.0' } }));
    expect(setUp('ensureInstalled')).toEqual({ status: 0, stderr: '', calls: '' });
  });

  it('that cannot be installed end everything with a sentence and the status', () => {
    const { status, stderr } = setUp('ensureInstalled', 7);
    expect([status, stderr]).toEqual([7, expect.stringContaining('npm ci failed')]);
  });
});

describe('dist', () => {
  const age = (name: string, seconds: number): void => utimesSync(join(clone, name), seconds, seconds);
  const ageAll = (seconds: number): void => {
    const names = ['src', 'src/main.ts', 'package.json', 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs'];
    for (const name of names) age(name, seconds);
  };

  it('is built when it is missing', () => {
    expect(setUp('ensureBuilt').calls).toBe('build\n');
  });

  it.each(['src/main.ts', 'src', 'package.json', 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs'])(
    'is built when %s is newer',
    (name) => {
      write('dist/main.cjs', '');
      ageAll(1_000);
      age('dist/main.cjs', 2_000);
      age(name, 3_000);
      expect(setUp('ensureBuilt').calls).toBe('build\n');
    },
  );

  it('is left alone when it is newer than all it is made from', () => {
    write('dist/main.cjs', '');
    ageAll(1_000);
    age('dist/main.cjs', 2_000);
    expect(setUp('ensureBuilt')).toEqual({ status: 0, stderr: '', calls: '' });
  });
});
