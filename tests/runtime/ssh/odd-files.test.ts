/** Files that change, move or turn into something else between two messages of ours, and files that are not like others. */
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Code } from '../../../src/core/codes.ts';
import { limits } from '../../../src/core/limits.ts';
import { readHandle } from '../../../src/runtime/ssh/read-file.ts';
import type { SftpChannel } from '../../../src/runtime/ssh/sftp-channel.ts';
import { canRun } from '../../fixtures/explain-skip.ts';
import { type Sshd, sshdRuns, targetOf } from '../../fixtures/sshd.ts';
import { beforeRequest } from './between.ts';
import { type FileLab, failure, sha256, shareFileLab, textOf } from './lab.ts';

const content = Buffer.alloc(1_000_000, 'abcdefghij');
const other = Buffer.alloc(1_000_000, 'Z');

describe.runIf(sshdRuns())('on a real server', () => {
  let sshd: Sshd;
  let lab: FileLab;
  let folder: string;
  shareFileLab((made) => {
    ({ sshd, lab, folder } = made);
  });
  const at = (name: string): string => join(folder, name);
  afterEach(() => void vi.restoreAllMocks());

  describe('a file that is read', () => {
    const cases: readonly (readonly [string, 'open' | 'read', number, () => void, Buffer | Code])[] = [
      ['grows', 'open', 1, () => appendFileSync(at('it'), 'more'), content],
      ['grows', 'read', 2, () => appendFileSync(at('it'), 'more'), content],
      ['shrinks', 'open', 1, () => truncateSync(at('it'), 400_000), content.subarray(0, 400_000)],
      ['shrinks', 'read', 3, () => truncateSync(at('it'), 400_000), content.subarray(0, 400_000)],
      ['is emptied', 'open', 1, () => truncateSync(at('it'), 0), Buffer.alloc(0)],
      ['is emptied', 'read', 2, () => truncateSync(at('it'), 0), Buffer.alloc(0)],
      ['is replaced', 'open', 1, replace, other],
      ['is replaced', 'read', 2, replace, content],
      ['is removed', 'open', 1, () => rmSync(at('it')), 'FILE_NOT_FOUND'],
      ['is removed', 'read', 2, () => rmSync(at('it')), content],
      [
        'becomes a link to a device',
        'open',
        1,
        () => (rmSync(at('it')), symlinkSync('/dev/zero', at('it'))),
        'NOT_A_FILE',
      ],
      ['becomes a folder', 'open', 1, () => (rmSync(at('it')), mkdirSync(at('it'))), 'NOT_A_FILE'],
    ];
    it.each(cases)('and %s before %s %i is one version of itself, or said to be none', async (...row) => {
      const [, method, nth, act, expected] = row;
      writeFileSync(at('it'), content);
      beforeRequest(method, nth, act);
      if (typeof expected === 'string') {
        await failure(lab.read(at('it')), expected);
        return;
      }
      const outcome = await lab.read(at('it'));
      expect(sha256(outcome.content)).toBe(sha256(expected));
      expect(outcome.size - expected.length).toBeOneOf([0, 4]);
    });

    it('and has fewer bytes than it says, as those of /sys, is read to its end', async () => {
      const path = '/sys/kernel/mm/transparent_hugepage/enabled';
      if (!canRun('a file of /sys', { ok: existsSync(path), reason: `there is no ${path}` })) return;
      const outcome = await lab.read(path);
      expect([textOf(outcome.content), outcome.size]).toEqual([readFileSync(path, 'utf8'), readFileSync(path).length]);
    });

    it('in preparation of a change is one version, with its own hash', async () => {
      writeFileSync(at('it'), content);
      beforeRequest('read', 2, () => truncateSync(at('it'), 1000));
      const { state } = await lab.survey(at('it'));
      expect(state).toMatchObject({ size: 1000, sha256: sha256(readFileSync(at('it'))) });
    });

    function replace(): void {
      writeFileSync(at('new'), other);
      renameSync(at('new'), at('it'));
    }
  });

  describe('a write', () => {
    const toVictim = (): void => {
      writeFileSync(at('victim'), 'victim');
      rmSync(at('it'), { force: true });
      symlinkSync('victim', at('it'));
    };
    const moveFolder = (): void => {
      renameSync(at('in'), at('moved'));
      mkdirSync(at('elsewhere'));
      symlinkSync('elsewhere', at('in'));
    };

    it('replaces a link that took the place of the file, and never what it leads to', async () => {
      writeFileSync(at('it'), 'old');
      beforeRequest('ext_openssh_rename', 1, toVictim);
      await lab.write(at('it'), 'new');
      expect([readFileSync(at('it'), 'utf8'), readFileSync(at('victim'), 'utf8')]).toEqual(['new', 'victim']);
    });

    it.each<['open' | 'lstat' | 'write', boolean, () => void]>([
      ['open', false, toVictim],
      ['lstat', false, toVictim],
      // The file that lost its name was written: whether that was what was wanted, nobody knows.
      ['write', true, toVictim],
      ['open', false, () => (writeFileSync(at('victim'), 'victim'), copyFileSync(at('victim'), at('it')))],
    ])('in place goes into nothing that took the place of the file before %s', async (method, isUnknown, act) => {
      writeFileSync(at('it'), 'old');
      beforeRequest(method, 1, act);
      const error = await failure(lab.write(at('it'), 'new', { replace: 'in-place' }), 'CONFLICT');
      expect([error.outcomeUnknown, readFileSync(at('victim'), 'utf8')]).toEqual([isUnknown, 'victim']);
    });

    it.each<[string, () => void, string]>([
      ['that took its place', toVictim, 'victim'],
      ['that was added to', () => appendFileSync(at('it'), ' and more'), 'new and more'],
    ])('is not verified by a file %s', async (_what, act, found) => {
      writeFileSync(at('it'), 'old');
      beforeRequest('open', 2, act);
      const { verifiedSha256 } = await lab.write(at('it'), 'new', { replace: 'in-place' });
      expect(verifiedSha256).toBe(sha256(found));
    });

    it.each<[string, string | null]>([
      ['of a file', 'old'],
      ['of a new file', null],
    ])('%s ends where its folder becomes another before it takes its name', async (_what, before) => {
      mkdirSync(at('in'));
      if (before !== null) writeFileSync(at('in/it'), before);
      beforeRequest(before === null ? 'rename' : 'ext_openssh_rename', 1, moveFolder);
      const error = await failure(lab.write(at('in/it'), 'new'), 'CONFLICT');
      expect([error.outcomeUnknown, readdirSync(at('elsewhere'))]).toEqual([false, []]);
      // What cannot be found any more is named.
      for (const name of readdirSync(at('moved')).filter((one) => one !== 'it')) expect(error.message).toContain(name);
      if (before !== null) expect(readFileSync(at('moved/it'), 'utf8')).toBe(before);
    });

    it('ends where a folder has the name by then', async () => {
      writeFileSync(at('it'), 'old');
      beforeRequest('ext_openssh_rename', 1, () => (rmSync(at('it')), mkdirSync(at('it'))));
      await failure(lab.write(at('it'), 'new'), 'NOT_A_FILE');
      expect(readdirSync(folder)).toEqual(['it']);
    });

    it('of a program that runs names what it can be', async () => {
      copyFileSync('/bin/sleep', at('it'));
      chmodSync(at('it'), 0o755);
      const running = spawn(at('it'), ['60'], { stdio: 'ignore' });
      try {
        const error = await failure(lab.write(at('it'), 'new', { replace: 'in-place' }), 'UNSUPPORTED');
        expect(error.message).toContain('the program runs');
        expect(readFileSync(at('it'))).toEqual(readFileSync('/bin/sleep'));
        await lab.write(at('it'), 'new');
      } finally {
        running.kill('SIGKILL');
      }
    });

    it('to the settings of the kernel is a command', async () => {
      expect((await failure(lab.survey('/proc/sys/kernel/hostname'), 'UNSUPPORTED')).message).toContain('a command');
    });
  });

  describe('a file that is immutable', () => {
    const lock = (how: '+i' | '-i', path: string): void =>
      void execFileSync('chattr', [how, path], { stdio: 'ignore' });
    const canLock = (): boolean => {
      writeFileSync(at('it'), 'old');
      try {
        lock('+i', at('it'));
        return true;
      } catch {
        return canRun('an immutable file', { ok: false, reason: 'chattr does nothing here' });
      }
    };

    it('is neither written nor removed, and that it may be so is said', async () => {
      if (!canLock()) return;
      try {
        for (const replace of ['atomic', 'in-place'] as const)
          expect((await failure(lab.write(at('it'), 'new', { replace }), 'PERMISSION_DENIED')).message).toContain(
            'lsattr',
          );
        const action = {
          kind: 'remove-file',
          path: at('it'),
          expectedSha256: sha256('old'),
          removeFolders: [],
        } as const;
        await failure(lab.perform(targetOf(sshd), action), 'PERMISSION_DENIED');
        expect(readdirSync(folder)).toEqual(['it']);
      } finally {
        lock('-i', at('it'));
      }
    });

    it.each([
      ['atomic', 'ext_openssh_rename'],
      ['in-place', 'write'],
    ] as const)('since a moment ago is known to be what it was (%s)', async (replace, method) => {
      if (!canLock()) return;
      lock('-i', at('it'));
      beforeRequest(method, 1, () => lock('+i', at('it')));
      try {
        const error = await failure(lab.write(at('it'), 'new', { replace }), 'PERMISSION_DENIED');
        expect([error.outcomeUnknown, readFileSync(at('it'), 'utf8'), readdirSync(folder)]).toEqual([
          false,
          'old',
          ['it'],
        ]);
      } finally {
        lock('-i', at('it'));
      }
    });
  });

  it('a folder with more entries than anybody reads is looked at up to a bound, which is said', async () => {
    // Making as many as are really looked at would take seconds.
    vi.spyOn(limits as { entriesMax: number }, 'entriesMax', 'get').mockReturnValue(1000);
    execFileSync('/bin/sh', ['-c', 'cd "$0" && seq 2300 | xargs touch', folder]);
    let reads = 0;
    beforeRequest('readdir', 'each', () => (reads += 1));
    const listed = await lab.perform(targetOf(sshd), { kind: 'list-dir', path: folder, limit: 1000 });
    const names = listed.entries.map(({ name }) => name);
    expect([names.length, listed.truncated, listed.unsorted]).toEqual([1000, true, true]);
    expect(names).toEqual([...new Set(names)].sort());
    expect(reads).toBeLessThanOrEqual(16);
  });

  it('a file of 10 GB with nothing in it is read where it is asked for, and too large to be changed', async () => {
    const size = 10 * 1024 ** 3;
    writeFileSync(at('it'), '');
    truncateSync(at('it'), size);
    const start = await lab.read(at('it'), { bytesMax: 1000 });
    expect([start.size, start.content.length]).toEqual([size, 1000]);
    expect((await lab.read(at('it'), { offset: size - 5 })).content.length).toBe(5);
    await failure(lab.survey(at('it')), 'TOO_LARGE');
  });

  it('a socket is not opened', async () => {
    const server = createServer().listen(at('it'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      expect((await failure(lab.read(at('it')), 'NOT_A_FILE')).message).toContain('is a socket');
    } finally {
      server.close();
    }
  });
});

describe('a file that shrinks while it is read', () => {
  it.each<[number, number | Code]>([
    [1, 90],
    [2, 80],
    [9, 'CONFLICT'],
  ])('%i times is read again until it is at rest', async (times, expected) => {
    const stats = (size: number): object => ({ size, isFile: () => true });
    let [size, left] = [100, times];
    const wrapper = {
      fstat: (_handle: Buffer, done: (error: null, found: object) => void) => done(null, stats(size)),
      read(
        _handle: Buffer,
        into: Buffer,
        _at: number,
        length: number,
        position: number,
        done: (...all: unknown[]) => void,
      ) {
        // Between the look at its size, which is asked for first, and the bytes.
        if (position === 0 && left > 0) [size, left] = [size - 10, left - 1];
        const count = Math.max(0, Math.min(length, size - position));
        done(null, count, into.subarray(0, count), position);
      },
    };
    const sftp = {
      ...{ readBytesMax: 1000, expect: () => undefined, together: (ask: () => void) => ask() },
      request: (send: (on: object, done: (error: unknown, value: unknown) => void) => void) =>
        new Promise((resolve, reject) => send(wrapper, (error, value) => (error ? reject(error) : resolve(value)))),
    } as unknown as SftpChannel;
    const all = { offset: 0, length: null, bytesMax: 1000 };
    const reading = readHandle(sftp, Buffer.alloc(1), '/srv/it', 100, all);
    if (typeof expected === 'string') await failure(reading, expected);
    else expect(await reading).toMatchObject({ size: expected, content: { length: expected } });
  });
});
