/** Contents that are purged: really gone, everything else as it was, and the store goes on. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import type { PurgeScope } from '../../../src/core/audit/purge.ts';
import { limits } from '../../../src/core/limits.ts';
import type { FileImage, Snapshots } from '../../../src/core/ports.ts';
import { createSnapshots } from '../../../src/runtime/snapshots/create-snapshots.ts';
import { openGit } from '../../../src/runtime/snapshots/open-git.ts';
import { purgeHistory } from '../../../src/runtime/snapshots/purge-history.ts';

let repository: string;
let store: Snapshots;
let nowMs: number;
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'signalbox-purge-'));
  nowMs = Date.parse('2026-11-20T12:00:00Z');
  const clock: Clock = { ...systemClock, nowMs: () => nowMs };
  store = createSnapshots({ repository, clock });
});
afterEach(() => rmSync(repository, { recursive: true, force: true }));

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const image = (text: string, mode = 0o644): FileImage => ({
  ...{ kind: 'content', content: Uint8Array.from(Buffer.from(text)), sha256: hash(text), mode, owner: 'root' },
});
const keep = (path: string, what: FileImage, server = 'web-1'): Promise<string> =>
  store.commit(what, { server, realPath: path, auditId: 'a', session: null, agent: null, moment: 'after' });
const purge = (scope: PurgeScope) => present(store.purge, 'It can be purged.').call(store, scope);
const git = (...argv: string[]): string => execFileSync('git', ['-C', repository, ...argv], { encoding: 'utf8' });
const textOf = (found: FileImage): string =>
  found.kind === 'content' ? Buffer.from(found.content).toString('latin1') : found.kind;
/** Every object of the repository, reachable or not. */
const holds = (text: string): boolean =>
  git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)')
    .split('\n')
    .filter((line) => line.endsWith(' blob'))
    .some((line) => git('cat-file', 'blob', line.slice(0, 40)).includes(text));

describe('purging one file', () => {
  it('removes every content of it from the repository and keeps hashes, modes and all other files', async () => {
    const first = await keep('/etc/secret', image('password one\n', 0o600));
    const other = await keep('/etc/plain', image('other\n'));
    const absent = await keep('/etc/secret', { kind: 'absent' });
    const second = await keep('/etc/secret', image('password two\n'));
    const elsewhere = await keep('/etc/secret', image('password three\n'), 'web-2');
    expect(holds('password one')).toBe(true);
    expect(await purge({ kind: 'path', server: 'web-1', path: '/etc/secret' })).toMatchObject({ contents: 2 });
    expect(holds('password one') || holds('password two')).toBe(false);
    expect(await store.read(first, 'web-1', '/etc/secret')).toEqual({
      ...{ kind: 'hash-only', sha256: hash('password one\n'), size: 13, mode: 0o600, owner: 'root' },
    });
    expect((await store.read(second, 'web-1', '/etc/secret')).kind).toBe('hash-only');
    expect((await store.read(absent, 'web-1', '/etc/secret')).kind).toBe('absent');
    expect(textOf(await store.read(other, 'web-1', '/etc/plain'))).toBe('other\n');
    expect(textOf(await store.read(elsewhere, 'web-2', '/etc/secret'))).toBe('password three\n');
    expect(git('fsck', '--full', '--strict')).toBe('');
    expect(git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main\n');
    expect(git('log', '--format=%at', 'main').trim().split('\n').length).toBe(5);
  });

  it('lets the store go on: the same content is kept again when it is met again, and a second purge follows the first', async () => {
    const first = await keep('/a', image('alpha\n'));
    await keep('/b', image('beta\n'));
    await purge({ kind: 'path', server: 'web-1', path: '/a' });
    const again = await keep('/a', image('alpha\n'));
    expect(textOf(await store.read(again, 'web-1', '/a'))).toBe('alpha\n');
    await purge({ kind: 'path', server: 'web-1', path: '/b' });
    expect(textOf(await store.read(again, 'web-1', '/a'))).toBe('alpha\n');
    await purge({ kind: 'path', server: 'web-1', path: '/a' });
    expect((await store.read(first, 'web-1', '/a')).kind).toBe('hash-only');
    expect(holds('alpha')).toBe(false);
    // A store that is opened anew knows the old names too.
    expect((await createSnapshots({ repository }).read(first, 'web-1', '/a')).kind).toBe('hash-only');
  });

  it('keeps a file readable whose mode alone was changed after its content', async () => {
    await keep('/a', image('alpha\n'));
    nowMs += 86_400_000;
    const mode = await keep('/a', image('alpha\n', 0o600));
    await purge({ kind: 'before', beforeMs: nowMs });
    expect(await store.read(mode, 'web-1', '/a')).toMatchObject({ sha256: hash('alpha\n'), mode: 0o600 });
  });

  const others: readonly [string, PurgeScope][] = [
    ['another path', { kind: 'path', server: 'web-1', path: '/etc' }],
    ['a longer path', { kind: 'path', server: 'web-1', path: '/etc/secret2' }],
    ['another server', { kind: 'path', server: 'web-2', path: '/etc/secret' }],
    ['its state', { kind: 'path', server: '%state', path: '/web-1/etc/secret' }],
    ['a pattern', { kind: 'path', server: 'web-1', path: '/etc/*' }],
    ['a time before everything', { kind: 'before', beforeMs: 0 }],
  ];
  it('changes nothing for what is another file or another time', async () => {
    const commit = await keep('/etc/secret', image('password\n'));
    for (const [what, scope] of others) expect(await purge(scope), what).toEqual({ contents: 0, commits: 0 });
    expect(textOf(await store.read(commit, 'web-1', '/etc/secret'))).toBe('password\n');
    expect(git('rev-parse', 'main').trim()).toBe(commit);
  });

  it('takes away what was made ready for a change that was never made, whatever is purged', async () => {
    await keep('/a', image('alpha\n'));
    store.stage?.(image('never written '.padEnd(limits.stagedBytesMin, 'x')));
    await vi.waitFor(() => expect(holds('never written')).toBe(true), { timeout: 20_000 });
    expect(await purge({ kind: 'path', server: 'web-1', path: '/b' })).toEqual({ contents: 0, commits: 0 });
    expect(holds('never written')).toBe(false);
  });

  it('of a store that holds nothing is nothing', async () => {
    expect(await purge({ kind: 'before', beforeMs: nowMs })).toEqual({ contents: 0, commits: 0 });
  });
});

describe('a history that is written part by part', () => {
  const scopes: readonly PurgeScope[] = [
    { kind: 'path', server: 'web-1', path: '/late' },
    { kind: 'before', beforeMs: Date.parse('2026-11-20T12:00:03Z') },
  ];
  it('is the same as in one piece', async () => {
    for (const [index, text] of ['a1', 'late', 'a2', 'late', 'b1'].entries()) {
      // The mode alone is changed later.
      await keep(`/${text.replace(/\d/, '')}`, image(`${text}\n`, index === 3 ? 0o600 : 0o644));
      nowMs += 1_000;
    }
    const headOf = (folder: string): string =>
      execFileSync('git', ['-C', folder, 'rev-parse', 'main'], { encoding: 'utf8' });
    for (const scope of scopes) {
      const ends: unknown[] = [];
      for (const atOnce of [1_000, 2]) {
        const copy = mkdtempSync(join(tmpdir(), 'signalbox-purge-'));
        try {
          cpSync(repository, copy, { recursive: true });
          const { contents } = await purgeHistory(openGit(copy, systemClock), copy, scope, atOnce);
          ends.push({ contents, head: headOf(copy) });
        } finally {
          rmSync(copy, { recursive: true, force: true });
        }
      }
      expect(ends[0]).not.toMatchObject({ contents: 0 });
      expect(ends).toEqual([ends[0], ends[0]]);
    }
  });
});

describe('purging by time', () => {
  it('removes what was kept before, and nothing that came after', async () => {
    const old = await keep('/a', image('old\n'));
    const bytes = await keep('/bin', image('\u0000\u00ff\ndata 5\n'));
    nowMs += 86_400_000;
    const young = await keep('/a', image('young\n'));
    expect(await purge({ kind: 'before', beforeMs: nowMs })).toMatchObject({ contents: 2 });
    expect((await store.read(old, 'web-1', '/a')).kind).toBe('hash-only');
    expect((await store.read(bytes, 'web-1', '/bin')).kind).toBe('hash-only');
    expect(textOf(await store.read(young, 'web-1', '/a'))).toBe('young\n');
  });
});

describe('a purge that fails', () => {
  it('changes nothing and says why; commits that come meanwhile wait their turn', async () => {
    const commit = await keep('/a', image('alpha\n'));
    writeFileSync(join(repository, 'refs', 'heads', 'main.lock'), '');
    const failing = purge({ kind: 'path', server: 'web-1', path: '/a' });
    await expect(failing).rejects.toMatchObject({ code: 'SNAPSHOT_FAILED', message: /could not be purged/ });
    rmSync(join(repository, 'refs', 'heads', 'main.lock'));
    expect(textOf(await store.read(commit, 'web-1', '/a'))).toBe('alpha\n');
    expect(git('rev-parse', 'main').trim()).toBe(commit);
    const [report, next] = await Promise.all([
      purge({ kind: 'path', server: 'web-1', path: '/a' }),
      keep('/b', image('beta\n')),
    ]);
    expect(report.contents).toBe(1);
    expect(textOf(await store.read(next, 'web-1', '/b'))).toBe('beta\n');
    expect(holds('alpha')).toBe(false);
  });
});
