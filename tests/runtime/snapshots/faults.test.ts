/** The snapshot store when somebody or the machine works against it: planted configuration, missing parts, failing disks. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import type { Snapshots } from '../../../src/core/ports.ts';
import { createSnapshots } from '../../../src/runtime/snapshots/create-snapshots.ts';
import { canMount, mountTiny, remountReadOnly } from '../../fixtures/mounts.ts';
import { content, note, openStoreBench, type StoreBench } from './store-bench.ts';

let bench: StoreBench;
let base: string;
let repository: string;
let snapshots: Snapshots;
let git: StoreBench['git'];
beforeEach(() => {
  bench = openStoreBench();
  ({ base, repository, git } = bench);
  snapshots = createSnapshots({ repository, redactor: createRedactor({ key: new Uint8Array(32) }) });
});
afterEach(() => bench.dispose());

describe('planted configuration', () => {
  it('does nothing: hooks, global configuration, environment, attributes, templates', async () => {
    const home = join(base, 'home');
    const trap = join(base, 'trap');
    const script = join(base, 'trap.sh');
    mkdirSync(join(home, 'template/hooks'), { recursive: true });
    writeFileSync(script, `#!/bin/sh\necho "$0 $*" >> ${trap}\nexit 1\n`, { mode: 0o755 });
    const hooks = [
      'reference-transaction',
      'post-commit',
      'pre-commit',
      'update',
      'post-update',
      'post-index-change',
      'fsmonitor-watchman',
    ];
    for (const hook of hooks) writeFileSync(join(home, 'template/hooks', hook), readFileSync(script), { mode: 0o755 });
    const settings = `[core]\n\thooksPath = ${home}/template/hooks\n\tfsmonitor = ${script}\n\tpager = ${script}\n[init]\n\ttemplateDir = ${home}/template\n\tdefaultBranch = other\n[alias]\n\tfast-import = !${script}\n[fastimport]\n\tunpackLimit = bad\n`;
    writeFileSync(join(home, '.gitconfig'), settings);
    const planted: Record<string, string> = {
      HOME: home,
      XDG_CONFIG_HOME: home,
      GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: join(home, 'template/hooks'),
      GIT_TEMPLATE_DIR: join(home, 'template'),
      GIT_DIR: join(base, 'elsewhere'),
      GIT_OBJECT_DIRECTORY: join(base, 'objects-elsewhere'),
      GIT_TRACE: trap,
      GIT_PAGER: script,
    };
    const before = { ...process.env };
    Object.assign(process.env, planted);
    snapshots = createSnapshots({ repository });
    try {
      const first = await snapshots.commit(content('x'), note('/f'));
      for (const hook of hooks) {
        mkdirSync(join(repository, 'hooks'), { recursive: true });
        writeFileSync(join(repository, 'hooks', hook), readFileSync(script), { mode: 0o755 });
      }
      const second = await snapshots.commit(content('y'), note('/f'));
      expect(await snapshots.read(first, 'web-1', '/f')).toEqual(content('x'));
      expect(await snapshots.read(second, 'web-1', '/f')).toEqual(content('y'));
      await snapshots.checkWritable();
    } finally {
      for (const name of Object.keys(planted)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
    expect(existsSync(trap) ? readFileSync(trap, 'utf8') : '').toBe('');
    expect(readdirSync(base).sort()).toEqual(['home', 'snapshots.git', 'trap.sh']);
    expect(git('rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe('main');
  });
});

describe('checkWritable', () => {
  it('makes the repository and leaves nothing in it', async () => {
    await snapshots.checkWritable();
    await snapshots.checkWritable();
    expect(git('count-objects').trim()).toBe('0 objects, 0 kilobytes');
    expect(readdirSync(join(repository, 'objects')).filter((name) => name.startsWith('probe'))).toEqual([]);
  });

  it.each([
    ['a file stands in its place', () => writeFileSync(repository, '')],
    ['its folder cannot be made', () => writeFileSync(join(base, 'file'), '')],
  ])('says so when %s', async (_what, plant) => {
    plant();
    const store = _what.startsWith('a file') ? snapshots : createSnapshots({ repository: join(base, 'file', 'x.git') });
    await expect(store.checkWritable()).rejects.toMatchObject({
      code: 'SNAPSHOT_UNAVAILABLE',
      message: expect.stringContaining('try again'),
    });
  });

  it('notices that the repository was removed, and makes a new one the next time', async () => {
    await snapshots.checkWritable();
    rmSync(repository, { recursive: true });
    await expect(snapshots.checkWritable()).rejects.toMatchObject({ code: 'SNAPSHOT_UNAVAILABLE' });
    await snapshots.checkWritable();
  });

  it('says so when git is not installed', async () => {
    const path = process.env.PATH;
    process.env.PATH = base;
    try {
      const store = createSnapshots({ repository });
      await expect(store.checkWritable()).rejects.toMatchObject({ code: 'SNAPSHOT_UNAVAILABLE' });
    } finally {
      process.env.PATH = path;
    }
  });
});

describe.runIf(canMount('a full and a read-only disk under the snapshot store'))('a disk that fails', () => {
  let disk: string;
  let unmount: () => void;
  beforeEach(() => {
    disk = join(base, 'disk');
    mkdirSync(disk);
    unmount = mountTiny(disk, '1m');
    snapshots = createSnapshots({ repository: join(disk, 'snapshots.git') });
  });
  afterEach(() => unmount());

  it('is noticed before anything is done when it is full, and mended when there is room', async () => {
    await snapshots.commit(content('x'), note('/f'));
    expect(() => writeFileSync(join(disk, 'fill'), Buffer.alloc(1024 * 1024))).toThrow('ENOSPC');
    await expect(snapshots.checkWritable()).rejects.toMatchObject({
      code: 'SNAPSHOT_UNAVAILABLE',
      message: expect.stringContaining('no space'),
    });
    await expect(snapshots.commit(content('y'), note('/f'))).rejects.toMatchObject({ code: 'SNAPSHOT_FAILED' });
    rmSync(join(disk, 'fill'));
    await snapshots.checkWritable();
    const commit = await snapshots.commit(content('y'), note('/f'));
    expect(await snapshots.read(commit, 'web-1', '/f')).toEqual(content('y'));
  });

  it('is noticed when it is read-only, and still read', async () => {
    const commit = await snapshots.commit(content('x'), note('/f'));
    remountReadOnly(disk);
    await expect(snapshots.checkWritable()).rejects.toMatchObject({
      code: 'SNAPSHOT_UNAVAILABLE',
      message: expect.stringContaining('read-only'),
    });
    await expect(snapshots.commit(content('y'), note('/f'))).rejects.toMatchObject({ code: 'SNAPSHOT_FAILED' });
    expect(await snapshots.read(commit, 'web-1', '/f')).toEqual(content('x'));
  });
});
