/** The snapshot store on a real repository: states, paths, trailers, damage. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import { limits } from '../../../src/core/limits.ts';
import type { FileImage, Snapshots } from '../../../src/core/ports.ts';
import { createSnapshots } from '../../../src/runtime/snapshots/create-snapshots.ts';
import { toSnapshotPath } from '../../../src/runtime/snapshots/snapshot-path.ts';
import fc from '../../fixtures/properties.ts';
import { content, note, openStoreBench, type StoreBench, sha256 } from './store-bench.ts';

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
const commits = (): number => Number(git('rev-list', '--count', 'main'));

describe('createSnapshots', () => {
  it('keeps states, and commits only what differs from what is stored', async () => {
    const path = '/etc/app.conf';
    const states: FileImage[] = [
      { kind: 'absent' },
      content('one\n'),
      content('one\n', 0o600),
      content('one\n', 0o600, 'app'),
      content('two\n', 0o600, 'app'),
      { kind: 'hash-only', sha256: 'a'.repeat(64), size: 5, mode: 0o600, owner: 'root' },
      { kind: 'absent' },
      content(''),
    ];
    const kept: string[] = [];
    for (const [index, state] of states.entries()) {
      kept.push(await snapshots.commit(state, note(path)));
      expect(await snapshots.commit(state, note(path, { moment: 'after' }))).toBe(kept[index]);
      expect(commits()).toBe(index + 1);
    }
    for (const [index, commit] of kept.entries())
      expect(await snapshots.read(commit, 'web-1', path)).toEqual(states[index]);
    expect(git('fsck', '--strict')).toBe('');
    expect(statSync(repository).mode & 0o777).toBe(0o700);
  });

  it('commits what was staged, and also what is gone again by then', async () => {
    const large = (word: string): FileImage => content(word.padEnd(limits.stagedBytesMin, 'x'));
    const path = '/etc/app.conf';
    await snapshots.checkWritable();
    for (const isPruned of [false, true]) {
      const before = git('count-objects', '-v');
      const image = large(String(isPruned));
      snapshots.stage?.(image);
      await vi.waitFor(() => expect(git('count-objects', '-v')).not.toBe(before), { timeout: 20_000 });
      if (isPruned) git('prune', '--expire=now');
      expect(git('count-objects', '-v') === before).toBe(isPruned);
      const commit = await snapshots.commit(image, note(path));
      // `toEqual` takes seconds for so many bytes.
      expect(isDeepStrictEqual(await snapshots.read(commit, 'web-1', path), image)).toBe(true);
    }
    expect(git('fsck', '--strict')).toBe('');
  });

  it('writes what a reader of the history needs as trailers that nobody can forge', async () => {
    const commit = await snapshots.commit(
      content('x', 0o4755, 'app'),
      note('/srv/a\nAudit-Id: forged', { agent: 'password=hunter22' }),
    );
    const trailers = git('log', '-1', '--format=%(trailers:only,unfold)', commit).trim().split('\n');
    expect(trailers).toEqual([
      'Audit-Id: op-1',
      'Session: s1',
      expect.stringMatching(/^Agent: password=«redacted:[0-9a-f]{4}»$/),
      'Moment: before',
      'Server: web-1',
      'Mode: 4755',
      'Owner: app',
      `Sha256: ${sha256(Buffer.from('x'))}`,
      'Real-Path: /srv/a\\x0aAudit-Id: forged',
    ]);
  });

  it.each([
    ['/.git/config', 'web-1/%2Egit/config'],
    ['/a/.GIT/hooks/post-commit', 'web-1/a/%2EGIT/hooks/post-commit'],
    ['/../../etc/passwd', 'web-1/%2E./%2E./etc/passwd'],
    ['/etc/./x', 'web-1/etc/%2E/x'],
    ['/git~1/config', 'web-1/git%7E1/config'],
    ['/a b/"c"\\d', 'web-1/a%20b/%22c%22%5Cd'],
    ['/line\nend\ttab\u0000', 'web-1/line%0Aend%09tab%00'],
    ['/ünï', 'web-1/%C3%BCn%C3%AF'],
    ['/\udc80odd', 'web-1/%ED%B2%80odd'],
    ['/100%', 'web-1/100%25'],
    ['/-rf', 'web-1/-rf'],
    ['/.gitmodules', 'web-1/%2Egitmodules'],
    ['/', 'web-1/%2F'],
  ])('keeps %j at a harmless path', async (realPath, path) => {
    expect(toSnapshotPath('web-1', realPath)).toBe(path);
    const commit = await snapshots.commit(content('x'), note(realPath));
    expect(await snapshots.read(commit, 'web-1', realPath)).toEqual(content('x'));
    expect(git('ls-tree', '-r', '--name-only', commit)).toContain(path);
    expect(git('fsck', '--strict')).toBe('');
  });

  it('gives different paths different places', () => {
    const component = fc.string({
      unit: fc.constantFrom('.', '..', '%', '2E', 'a', 'A', ' ', '\n', 'ü', '\ud800', '~'),
      minLength: 1,
      maxLength: 4,
    });
    const realPath = fc.array(component, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(realPath, realPath, (a, b) => {
        expect(toSnapshotPath('s', a) === toSnapshotPath('s', b)).toBe(a === b);
        expect(toSnapshotPath('s', a)).toMatch(/^s(?:\/[A-Za-z0-9_\-+=@,%][A-Za-z0-9_\-+=@,.%]*)+$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps names that differ in case, and a folder that becomes a file and back', async () => {
    const lower = await snapshots.commit(content('lower'), note('/a/readme'));
    const upper = await snapshots.commit(content('upper'), note('/a/README'));
    expect(await snapshots.read(upper, 'web-1', '/a/readme')).toEqual(content('lower'));
    const file = await snapshots.commit(content('a file now'), note('/a'));
    expect(await snapshots.read(file, 'web-1', '/a')).toEqual(content('a file now'));
    const back = await snapshots.commit(content('again'), note('/a/readme'));
    expect(await snapshots.read(back, 'web-1', '/a/readme')).toEqual(content('again'));
    expect(await snapshots.read(lower, 'web-1', '/a/readme')).toEqual(content('lower'));
  });

  it('keeps every byte', async () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 256);
    const commit = await snapshots.commit(content(bytes), note('/bin/odd'));
    expect(isDeepStrictEqual(await snapshots.read(commit, 'web-1', '/bin/odd'), content(bytes))).toBe(true);
  });

  it('commits in order when asked at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) => snapshots.commit(content(`v${index}`), note(`/f${index % 3}`))),
    );
    expect(new Set(all).size).toBe(12);
    expect(git('rev-list', '--reverse', 'main').trim().split('\n')).toEqual(all);
  });

  it('is read by a second store while the first one writes', async () => {
    const commit = await snapshots.commit(content('x'), note('/f'));
    expect(await createSnapshots({ repository }).read(commit, 'web-1', '/f')).toEqual(content('x'));
  });

  it('names what it does not hold', async () => {
    const commit = await snapshots.commit(content('x'), note('/f'));
    await expect(snapshots.read(commit, 'web-1', '/other')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(snapshots.read('f'.repeat(40), 'web-1', '/f')).rejects.toMatchObject({
      code: 'SNAPSHOT_FAILED',
      message: expect.stringContaining('snapshot ffffffffffff is missing'),
    });
    await expect(snapshots.read('--all', 'web-1', '/f')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(
      createSnapshots({ repository: join(base, 'absent') }).read(commit, 'web-1', '/f'),
    ).rejects.toMatchObject({
      code: 'SNAPSHOT_FAILED',
    });
  });

  it('goes on after a git that was killed left its lock', async () => {
    await snapshots.commit(content('x'), note('/f'));
    writeFileSync(join(repository, 'refs/heads/main.lock'), '');
    await expect(snapshots.commit(content('y'), note('/f'))).rejects.toMatchObject({ code: 'SNAPSHOT_FAILED' });
    const next = createSnapshots({ repository });
    const commit = await next.commit(content('y'), note('/f'));
    expect(await next.read(commit, 'web-1', '/f')).toEqual(content('y'));
  });

  it('notices a content that was changed behind its back', async () => {
    const commit = await snapshots.commit(content('original'), note('/f'));
    const forged = execFileSync('git', ['--git-dir', repository, 'hash-object', '-w', '--stdin'], {
      input: 'forged',
      encoding: 'utf8',
    }).trim();
    const file = (hash: string): string => join(repository, 'objects', hash.slice(0, 2), hash.slice(2));
    const original = git('rev-parse', `${commit}:web-1/f`).trim();
    chmodSync(file(original), 0o600);
    writeFileSync(file(original), readFileSync(file(forged)));
    await expect(snapshots.read(commit, 'web-1', '/f')).rejects.toMatchObject({ code: 'SNAPSHOT_FAILED' });
  });
});
