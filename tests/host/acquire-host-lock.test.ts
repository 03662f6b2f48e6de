/** The lock of the host: one holder, and a dead one is followed by exactly one successor. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAlive, ownIdentity } from '../../src/base/process-life.ts';
import { acquireHostLock as acquire, runningSentence } from '../../src/host/acquire-host-lock.ts';
import { parseHostLock } from '../../src/protocol/host-lock.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-lock-'));
  path = join(folder, 'host.lock');
});

afterEach(() => void vi.restoreAllMocks());
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

  const claimOn = (dead: string): string =>
    `${path}.takeover-${createHash('sha256').update(dead).digest('hex').slice(0, 32)}`;
  const toDead = (startTime: string): string => `${JSON.stringify({ ...own, startTime })}\n`;

  it('leaves a takeover to the living process that has begun it, and says so after a second', () => {
    writeFileSync(path, toDead('1'));
    writeFileSync(claimOn(toDead('1')), JSON.stringify(own));
    const waits = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out');
    expect(() => acquireHostLock(path)).toThrow('is starting');
    const waitedMs = waits.mock.calls.reduce((sum, call) => sum + Number(call[3]), 0);
    expect(waitedMs).toBeGreaterThan(900);
    expect(readFileSync(path, 'utf8')).toBe(toDead('1'));
    expect(readdirSync(folder).length).toBe(2);
  });

  it.each([
    ['one that died in the middle of a takeover', ['1', '2']],
    ['three, one after another', ['1', '2', '3', '4']],
  ])('waits for no dead process: %s', (_title, dead) => {
    writeFileSync(path, toDead(dead[0] ?? ''));
    for (const [index, next] of dead.slice(1).entries())
      writeFileSync(claimOn(toDead(dead[index] ?? '')), toDead(next));
    // What is about no lock of today goes with them.
    writeFileSync(`${path}.takeover`, 'of an earlier version');
    const waits = vi.spyOn(Atomics, 'wait');
    const lock = acquireHostLock(path);
    expect(waits).not.toHaveBeenCalled();
    expect(parseHostLock(readFileSync(path, 'utf8'))).toEqual(own);
    expect(readdirSync(folder)).toEqual(['host.lock']);
    lock.dispose();
  });

  it('is taken by exactly one of many processes that find the lock of a dead one, and the claim of another', async () => {
    const script = join(folder, 'take.mjs');
    buildSync({
      entryPoints: [fileURLToPath(new URL('../../src/host/acquire-host-lock.ts', import.meta.url))],
      outfile: join(folder, 'lock.mjs'),
      ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    });
    // Each says what it got when all are there, and keeps it until all have said it.
    writeFileSync(
      script,
      `import { acquireHostLock } from './lock.mjs';
       process.stdin.once('data', () => {
         let said;
         try { said = acquireHostLock(process.argv[2]).kind; } catch (error) { said = error.message; }
         process.stdout.write(said + '\\n');
       });
       process.stdout.write('ready\\n');`,
    );
    const takers = Array.from({ length: 6 }, () =>
      spawn(process.execPath, [script, path], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const nextLine = async (taker: (typeof takers)[number]): Promise<string> =>
      `${(await once(taker.stdout, 'data'))[0]}`.trim();
    try {
      await Promise.all(takers.map(nextLine));
      writeFileSync(path, toDead('1'));
      writeFileSync(claimOn(toDead('1')), toDead('2'));
      const said = takers.map(nextLine);
      for (const taker of takers) taker.stdin.write('go\n');
      expect((await Promise.all(said)).sort()).toEqual(['acquired', ...Array(takers.length - 1).fill('running')]);
    } finally {
      const gone = takers.map((taker) => once(taker, 'exit'));
      for (const taker of takers) taker.kill('SIGKILL');
      await Promise.all(gone);
    }
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
