/** The snapshot store when its repository or its git is not as it should be: every commit fails closed, in a sentence, and mending is enough. */
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import type { Snapshots } from '../../../src/core/ports.ts';
import { createSnapshots } from '../../../src/runtime/snapshots/create-snapshots.ts';
import { examineStore } from '../../../src/runtime/snapshots/examine-store.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import { content, note, openStoreBench, type StoreBench } from './store-bench.ts';

let bench: StoreBench;
let repository: string;
let snapshots: Snapshots;
let older: string;
let newest: string;
let template: StoreBench;
beforeAll(async () => {
  template = openStoreBench();
  const store = createSnapshots({ repository: template.repository });
  older = await store.commit(content('older'), note('/f'));
  newest = await store.commit(content('newest'), note('/f'));
});
beforeEach(async () => {
  bench = openStoreBench();
  ({ repository } = bench);
  cpSync(template.repository, repository, { recursive: true });
  snapshots = createSnapshots({ repository });
  await snapshots.checkWritable();
});
afterAll(() => template.dispose());
afterEach(() => bench.dispose());

const fileOf = (object: string): string => join(repository, 'objects', object.slice(0, 2), object.slice(2));
const write = (name: string, text: string): void => writeFileSync(join(repository, name), text);
const messageOf = async (task: Promise<unknown>): Promise<string> =>
  await task.then(
    () => 'it went well',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );

describe('a repository that is damaged while the host runs', () => {
  it.each<[string, () => void, string, string]>([
    [
      'packed-refs is garbage',
      () => (bench.git('pack-refs', '--all'), write('packed-refs', 'gar\0bage\n')),
      'unexpected line',
      'from a backup',
    ],
    ['the branch is garbage', () => write('refs/heads/main', 'garbage\n'), 'names no commit', 'from a backup'],
    ['the branch is empty', () => write('refs/heads/main', ''), 'names no commit', 'from a backup'],
    [
      'the branch names what is not there',
      () => write('refs/heads/main', `${'1'.repeat(40)}\n`),
      'names no commit',
      'from a backup',
    ],
    [
      'the branch is gone',
      () => rmSync(join(repository, 'refs/heads/main')),
      'is missing while its commits',
      'from a backup',
    ],
    ['refs are gone', () => rmSync(join(repository, 'refs'), { recursive: true }), 'is missing', 'from a backup'],
    [
      'objects are gone',
      () => rmSync(join(repository, 'objects'), { recursive: true }),
      'is missing|names no commit',
      'from a backup',
    ],
    ['its newest commit is missing', () => rmSync(fileOf(newest)), 'names no commit', 'from a backup'],
    [
      'its newest commit is garbage',
      () => (chmodSync(fileOf(newest), 0o600), writeFileSync(fileOf(newest), 'zz')),
      'inflate',
      'from a backup',
    ],
    [
      'its newest tree is missing',
      () => rmSync(fileOf(bench.git('rev-parse', `${newest}^{tree}`).trim())),
      'tree',
      'from a backup',
    ],
    ['HEAD is garbage', () => write('HEAD', 'xx\n'), 'not a git repository', 'from a backup'],
    ['its settings are garbage', () => write('config', '[core\n'), 'bad config line 1', 'from a backup'],
    ['somebody else owns it', () => chownSync(repository, 65_534, 65_534), 'belongs to user 65534', 'chown'],
    [
      'its folder is a file',
      () => (rmSync(repository, { recursive: true }), writeFileSync(repository, '')),
      'something that is no folder',
      'move that away',
    ],
  ])(
    '%s: nothing is kept, the sentence says what to do, and putting it back is enough',
    async (what, damage, reason, advice) => {
      if (what.startsWith('somebody') && process.getuid?.() !== 0) return;
      const backup = join(bench.base, 'backup');
      cpSync(repository, backup, { recursive: true, preserveTimestamps: true });
      damage();
      const said = await messageOf(snapshots.commit(content('next'), note('/f')));
      if (!what.startsWith('somebody'))
        expect(said).toMatch(/^SNAPSHOT_FAILED: The snapshot store .* could not keep \/f of web-1 \(/);
      for (let time = 0; time < 2; time += 1) {
        // The second time as `doctor` asks, which mends nothing.
        const asked = await messageOf(time === 0 ? snapshots.checkWritable() : examineStore(repository));
        expect(asked).toMatch(/^SNAPSHOT_UNAVAILABLE: /);
        expect(asked).toMatch(new RegExp(reason, 'i'));
        expect(asked).toMatch(new RegExp(advice));
        expect(asked).toMatch(/^[^\n]*[a-z)]\.$/);
        expect(asked).not.toMatch(/\([0-9a-f]{40}\)/);
      }
      rmSync(repository, { recursive: true, force: true });
      renameSync(backup, repository);
      await snapshots.checkWritable();
      const commit = await snapshots.commit(content('next'), note('/f'));
      expect(bench.git('rev-parse', `${commit}^`).trim()).toBe(newest);
      expect(await snapshots.read(older, 'web-1', '/f')).toEqual(content('older'));
    },
  );

  it('is deleted: the first request is refused and says that older changes go with it; the next begins an empty one', async () => {
    rmSync(repository, { recursive: true });
    expect(await messageOf(snapshots.commit(content('next'), note('/f')))).toMatch(/^SNAPSHOT_FAILED/);
    mkdirSync(repository, { mode: 0o700 });
    snapshots = createSnapshots({ repository });
    await snapshots.checkWritable();
    rmSync(repository, { recursive: true });
    expect(await messageOf(snapshots.checkWritable())).toMatch(/it is gone.*older changes cannot be rolled back/);
    await snapshots.checkWritable();
    expect(await messageOf(snapshots.read(older, 'web-1', '/f'))).toMatch(
      /SNAPSHOT_FAILED.*snapshot [0-9a-f]{12} is missing/,
    );
  });

  it('misses one old content: that one is said to be damaged, everything else goes on', async () => {
    rmSync(fileOf(bench.git('rev-parse', `${older}:web-1/f`).trim()));
    expect(await messageOf(snapshots.read(older, 'web-1', '/f'))).toMatch(/SNAPSHOT_FAILED: The snapshot is damaged/);
    await snapshots.checkWritable();
    await snapshots.commit(content('next'), note('/f'));
    expect(await snapshots.read(newest, 'web-1', '/f')).toEqual(content('newest'));
  });
});

describe('a lock that was left over', () => {
  const locks = ['refs/heads/main', 'HEAD', 'packed-refs', 'index', 'config'];

  const left = [
    ...locks.map((name) => `${name}.lock`),
    ...['objects/pack/multi-pack-index.lock', 'objects/info/commit-graph.lock', 'objects/maintenance.lock', 'gc.pid'],
    ...['fast_import_crash_7', 'packed-refs.new', 'info/refs_Ab12cd', 'objects/info/packs_Ab12cd'],
    ...['objects/pack/tmp_pack_x', 'objects/pack/tmp_idx_x', 'objects/pack/.tmp-7-pack-1.pack'],
    ...['objects/17/tmp_obj_Ab12cd', 'objects/tmp_objdir-incoming-x/17/00', 'objects/probe-0123456789ab'],
  ];
  const there = (): readonly string[] => left.filter((name) => existsSync(join(repository, name)));
  const plantAll = (): void => {
    for (const name of left) {
      mkdirSync(dirname(join(repository, name)), { recursive: true });
      write(name, 'left over');
    }
  };

  it('by a dead process is removed when the host starts, whichever it is, and so is what it had begun', async () => {
    const kept = readdirSync(repository, { recursive: true, encoding: 'utf8' });
    plantAll();
    snapshots = createSnapshots({ repository });
    // Looking changes nothing.
    expect(await examineStore(repository)).toBe(true);
    expect(there()).toEqual(left);
    await snapshots.checkWritable();
    expect(there()).toEqual([]);
    expect(kept.filter((name) => !existsSync(join(repository, name)))).toEqual([]);
    await snapshots.commit(content('next'), note('/f'));
    expect(await snapshots.read(older, 'web-1', '/f')).toEqual(content('older'));
  });

  it('does not stand in the way of several writes that come at once, first of all or after a failure', async () => {
    const atOnce = 8;
    for (let time = 0; time < 3; time += 1) {
      plantAll();
      const store = createSnapshots({ repository });
      const said = await Promise.all(Array.from({ length: atOnce }, () => messageOf(store.checkWritable())));
      expect(new Set(said)).toEqual(new Set(['it went well']));
    }
    // Those that come at once share one look at the repository, and it is looked at anew after each failure.
    const calls = join(bench.base, 'calls');
    const path = process.env['PATH'];
    mkdirSync(join(bench.base, 'bin'));
    const script = `#!/bin/sh\necho "$@" >> ${calls}\nexec /usr/bin/env PATH=${path} git "$@"\n`;
    writeFileSync(join(bench.base, 'bin', 'git'), script, { mode: 0o755 });
    process.env['PATH'] = `${bench.base}/bin:${path}`;
    const store = createSnapshots({ repository });
    process.env['PATH'] = path;
    const inits = (): number => readFileSync(calls, 'utf8').match(/ init --bare/g)?.length ?? 0;
    const all = (): Promise<string[]> =>
      Promise.all(Array.from({ length: atOnce }, () => messageOf(store.checkWritable())));
    await all();
    expect(inits()).toBe(1);
    write('HEAD.lock', '');
    await messageOf(store.commit(content('next'), note('/f')));
    rmSync(join(repository, 'HEAD.lock'), { force: true });
    await all();
    expect(inits()).toBe(2);
  });

  it.each(['refs/heads/main', 'HEAD'])(
    '%s.lock that appears later is respected while it is young, then removed',
    async (name) => {
      write(`${name}.lock`, '');
      expect(await messageOf(snapshots.commit(content('next'), note('/f')))).toMatch(/\.lock.*end the other git/);
      expect(await messageOf(snapshots.checkWritable())).toMatch(/is locked by .*delete its lock when none runs/);
      utimesSync(join(repository, `${name}.lock`), 1, 1);
      await snapshots.checkWritable();
      const commit = await snapshots.commit(content('next'), note('/f'));
      expect(await snapshots.read(commit, 'web-1', '/f')).toEqual(content('next'));
    },
  );
});

describe('a git that is not as it should be', () => {
  const path = process.env['PATH'] ?? '';
  let folder: string;
  beforeEach(() => {
    folder = join(bench.base, 'bin');
    mkdirSync(folder);
  });
  afterEach(() => {
    process.env['PATH'] = path;
  });
  const plant = (script: string): void => {
    writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    process.env['PATH'] = `${folder}:${path}`;
  };

  it('is not installed: said, with what to install; once it is there, it is used', async () => {
    process.env['PATH'] = folder;
    const store = createSnapshots({ repository });
    expect(await messageOf(store.checkWritable())).toMatch(/git was not found in PATH\); install git 2\.28/);
    process.env['PATH'] = path;
    // The path is taken when the store is made, as everything else of the environment is.
    await createSnapshots({ repository }).checkWritable();
  });

  it('is too old: said before anything is done with it', async () => {
    plant('echo git version 2.20.1; echo "$@" >> "$0.calls"');
    const store = createSnapshots({ repository });
    expect(await messageOf(store.checkWritable())).toMatch(/git 2\.20\.1 is too old\); install git 2\.28 or newer/);
    expect(await messageOf(store.commit(content('next'), note('/f')))).toMatch(/SNAPSHOT_FAILED.*too old/);
    expect(readFileSync(join(folder, 'git.calls'), 'utf8')).not.toMatch(/fast-import|init/);
  });

  it('hangs, and does not listen when it is asked to end: given up on, and the next one is asked again', async () => {
    const pids = join(folder, 'pids');
    const hung = join(folder, 'hung');
    plant(
      `trap '' INT TERM; echo $$ >> ${pids}; case "$*" in *fast-import*) : > ${hung}; exec sleep 600;; esac; exec /usr/bin/env PATH=${path} git "$@"`,
    );
    const clock = new HandClock();
    const store = createSnapshots({ repository, clock });
    try {
      await store.checkWritable();
      const said = messageOf(store.commit(content('next'), note('/f')));
      await vi.waitUntil(() => existsSync(hung), { timeout: 90_000 });
      clock.advance(limits.gitTimeoutMs * 1.5);
      expect(await said).toMatch(/git did not answer in time\); see what holds it up/);
      rmSync(join(folder, 'git'));
      const commit = await store.commit(content('next'), note('/f'));
      expect(await store.read(commit, 'web-1', '/f')).toEqual(content('next'));
    } finally {
      for (const pid of readFileSync(pids, 'utf8').trim().split('\n'))
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch {
          // It ended by itself.
        }
    }
  });
});
