/** The lock of the host: one holder, and a dead one is followed by exactly one successor. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, ownIdentity } from '../../src/base/process-life.ts';
import { acquireHostLock as acquire, runningSentence } from '../../src/host/acquire-host-lock.ts';
import { parseHostLock } from '../../src/protocol/host-lock.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-lock-'));
  path = join(folder, 'host.lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const own = ownIdentity();

function acquireHostLock(lockPath: string) {
  const acquired = acquire(lockPath);
  if (acquired.kind === 'running') throw new Error(runningSentence(acquired.holder));
  return acquired.lock;
}

describe('acquireHostLock', () => {
  it('writes who holds it, readable by the user alone, and leaves nothing behind', () => {
    const lock = acquireHostLock(path);
    expect(parseHostLock(readFileSync(path, 'utf8'))).toEqual(own);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['host.lock']);
    lock.dispose();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a second holder and names the pid of the first', () => {
    const lock = acquireHostLock(path);
    expect(() => acquireHostLock(path)).toThrow(`pid ${process.pid}`);
    lock.dispose();
    acquireHostLock(path).dispose();
  });

  it.each([
    ['a pid that does not run', JSON.stringify({ ...own, pid: 4_194_303 })],
    ['a pid that another process has now', JSON.stringify({ ...own, startTime: '1' })],
    ['an earlier run of the machine', JSON.stringify({ ...own, bootId: 'before' })],
    ['an empty file', ''],
    ['a torn file', '{"pid":12'],
    ['something else', '[1,2,3]'],
  ])('takes over the lock of %s', (_title, content) => {
    writeFileSync(path, content);
    const lock = acquireHostLock(path);
    expect(parseHostLock(readFileSync(path, 'utf8'))).toEqual(own);
    expect(readdirSync(folder)).toEqual(['host.lock']);
    lock.dispose();
  });

  it('waits for nobody when another process is taking over', () => {
    writeFileSync(path, '');
    writeFileSync(`${path}.takeover`, 'claimed a moment ago');
    expect(() => acquireHostLock(path)).toThrow('is starting');
    expect(readdirSync(folder).sort()).toEqual(['host.lock', 'host.lock.takeover']);
  });

  it('gives back only its own lock', () => {
    const lock = acquireHostLock(path);
    writeFileSync(path, 'of somebody else');
    lock.dispose();
    expect(readFileSync(path, 'utf8')).toBe('of somebody else');
  });
});

describe('isAlive', () => {
  it('knows this process, and no other with its pid', () => {
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ ...own, startTime: '0' })).toBe(false);
    expect(isAlive({ ...own, pid: 4_194_303 })).toBe(false);
    expect(isAlive({ ...own, bootId: '' })).toBe(false);
  });
});
