/** Files and folders read on a real server: every byte, any range, and never a pipe or a device. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sshd, sshdRuns, targetOf } from '../../fixtures/sshd.ts';
import { type FileLab, failure, sha256, shareFileLab, textOf } from './lab.ts';

describe.runIf(sshdRuns())('on a real server', () => {
  let sshd: Sshd;
  let lab: FileLab;
  let folder: string;
  shareFileLab((made) => {
    ({ sshd, lab, folder } = made);
  });

  describe('reading', () => {
    it.each([0, 1, 261_119, 261_120, 261_121, 3_000_000])('gives all of %i bytes', async (size) => {
      const content = Buffer.alloc(size, 'abcdefghijk');
      writeFileSync(join(folder, 'file'), content);
      const outcome = await lab.read(join(folder, 'file'));
      expect(outcome.size).toBe(size);
      expect(sha256(outcome.content)).toBe(sha256(content));
    });

    it.each([
      [{ offset: 2, length: 3 }, 'cde'],
      [{ offset: 8 }, 'ij'],
      [{ offset: 8, length: 100 }, 'ij'],
      [{ offset: 10 }, ''],
      [{ offset: 99 }, ''],
      [{ length: 0 }, ''],
      [{ bytesMax: 4 }, 'abcd'],
    ])('gives the range %j', async (range, expected) => {
      writeFileSync(join(folder, 'file'), 'abcdefghij');
      const outcome = await lab.read(join(folder, 'file'), range);
      expect(textOf(outcome.content)).toBe(expected);
      expect(outcome.size).toBe(10);
    });

    it('reads files of /proc, which have no size, up to the bound', async () => {
      const outcome = await lab.read('/proc/version');
      expect(textOf(outcome.content)).toBe(readFileSync('/proc/version', 'utf8'));
      expect((await lab.read('/proc/kallsyms', { bytesMax: 500_000 })).content.length).toBeLessThanOrEqual(500_000);
    });

    it('tells the real path', async () => {
      writeFileSync(join(folder, 'file'), 'x');
      symlinkSync('file', join(folder, 'link'));
      expect((await lab.read(join(folder, 'link'))).realPath).toBe(join(folder, 'file'));
    });

    it.each<[string, (path: string) => void, 'FILE_NOT_FOUND' | 'NOT_A_FILE']>([
      ['what is missing', () => undefined, 'FILE_NOT_FOUND'],
      ['a folder', (path) => mkdirSync(path), 'NOT_A_FILE'],
      ['a named pipe', (path) => execFileSync('mkfifo', [path]), 'NOT_A_FILE'],
      ['a link to a device', (path) => symlinkSync('/dev/zero', path), 'NOT_A_FILE'],
    ])('refuses %s, and the next file can be read', async (_name, make, code) => {
      make(join(folder, 'it'));
      const error = await failure(lab.read(join(folder, 'it')), code);
      expect(error.message).toContain(join(folder, 'it'));
      expect((await lab.read('/etc/hostname')).size).toBeGreaterThan(0);
    });
  });

  describe('listing and looking', () => {
    it('lists names, types, sizes, modes, owners and link targets, sorted', async () => {
      writeFileSync(join(folder, 'b-file'), '12345', { mode: 0o600 });
      mkdirSync(join(folder, 'a-folder'));
      symlinkSync('b-file', join(folder, 'c-link'));
      execFileSync('mkfifo', [join(folder, 'd-pipe')]);
      chownSync(join(folder, 'b-file'), 1, 54_321);
      const outcome = await lab.perform(targetOf(sshd), { kind: 'list-dir', path: folder, limit: 10 });
      expect(outcome.truncated).toBe(false);
      expect(outcome.entries.map(({ name, type, linkTarget }) => [name, type, linkTarget])).toEqual([
        ['a-folder', 'directory', null],
        ['b-file', 'file', null],
        ['c-link', 'link', 'b-file'],
        ['d-pipe', 'other', null],
      ]);
      expect(outcome.entries[1]).toMatchObject({ size: 5, mode: 0o600, owner: 'daemon', group: '54321' });
    });

    it('says when there is more', async () => {
      for (let index = 0; index < 5; index += 1) writeFileSync(join(folder, `file-${index}`), '');
      const outcome = await lab.perform(targetOf(sshd), { kind: 'list-dir', path: folder, limit: 3 });
      expect([outcome.entries.map((entry) => entry.name), outcome.truncated]).toEqual([
        ['file-0', 'file-1', 'file-2'],
        true,
      ]);
    });

    it('refuses to list what is no folder or missing', async () => {
      writeFileSync(join(folder, 'file'), '');
      await failure(
        lab.perform(targetOf(sshd), { kind: 'list-dir', path: join(folder, 'file'), limit: 3 }),
        'INVALID_ARGUMENT',
      );
      await failure(
        lab.perform(targetOf(sshd), { kind: 'list-dir', path: join(folder, 'no'), limit: 3 }),
        'FILE_NOT_FOUND',
      );
    });

    it('describes a link itself', async () => {
      symlinkSync('/no/such', join(folder, 'link'));
      const { entry } = await lab.perform(targetOf(sshd), { kind: 'stat', path: join(folder, 'link') });
      expect(entry).toMatchObject({ name: 'link', type: 'link', linkTarget: '/no/such', owner: 'root' });
      await failure(lab.perform(targetOf(sshd), { kind: 'stat', path: join(folder, 'no') }), 'FILE_NOT_FOUND');
    });
  });
});
