/** Files written on a real server: whole or not at all, and only when they are what was approved. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sshd, sshdRuns, targetOf } from '../../fixtures/sshd.ts';
import { type FileLab, failure, sha256, shareFileLab } from './lab.ts';

describe.runIf(sshdRuns())('on a real server', () => {
  let sshd: Sshd;
  let lab: FileLab;
  let folder: string;
  shareFileLab((made) => {
    ({ sshd, lab, folder } = made);
  });

  describe('writing', () => {
    it.each([0, 1, 261_120, 261_121, 2_000_000])('replaces a file with %i bytes and verifies them', async (size) => {
      const path = join(folder, 'file');
      writeFileSync(path, 'before');
      const before = statSync(path).ino;
      const content = Buffer.alloc(size, 'xyz12');
      const outcome = await lab.write(path, content);
      expect(outcome).toMatchObject({ created: false, verifiedSha256: sha256(content) });
      expect(sha256(readFileSync(path))).toBe(sha256(content));
      expect(statSync(path).ino).not.toBe(before);
      expect(readdirSync(folder)).toEqual(['file']);
    });

    it('keeps mode and owner, or sets the mode it was given', async () => {
      const path = join(folder, 'file');
      writeFileSync(path, 'before');
      chownSync(path, 1, 2);
      chmodSync(path, 0o6750);
      await lab.write(path, 'after');
      expect(statSync(path)).toMatchObject({ uid: 1, gid: 2, mode: 0o106750 });
      await lab.write(path, 'again', { mode: 0o600 });
      expect(statSync(path)).toMatchObject({ uid: 1, gid: 2, mode: 0o100600 });
    });

    it('creates a file, with the folders it was shown', async () => {
      const path = join(folder, 'a', 'b', 'file');
      const outcome = await lab.write(path, 'new', {
        mode: 0o640,
        createFolders: [join(folder, 'a'), join(folder, 'a', 'b')],
      });
      expect(outcome.created).toBe(true);
      expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['new', 0o640]);
      expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file']);
    });

    it('writes in place where that was approved: same file, same links', async () => {
      const path = join(folder, 'file');
      writeFileSync(path, 'a longer content before');
      linkSync(path, join(folder, 'other'));
      await lab.write(path, 'after', { replace: 'in-place' });
      expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('after');
      expect(statSync(path).nlink).toBe(2);
      await lab.write(join(folder, 'new'), 'created', { replace: 'in-place' });
      expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('created');
    });

    it.each<[string, 'atomic' | 'in-place', (path: string) => void]>([
      ['other content', 'atomic', (path) => writeFileSync(path, 'changed meanwhile')],
      ['other content', 'in-place', (path) => writeFileSync(path, 'changed meanwhile')],
      ['nothing', 'atomic', (path) => rmSync(path)],
      ['nothing', 'in-place', (path) => rmSync(path)],
      [
        'a folder',
        'atomic',
        (path) => {
          rmSync(path);
          mkdirSync(path);
        },
      ],
      [
        'a named pipe',
        'atomic',
        (path) => {
          rmSync(path);
          execFileSync('mkfifo', [path]);
        },
      ],
      [
        'a link',
        'atomic',
        (path) => {
          rmSync(path);
          symlinkSync('/etc/hostname', path);
        },
      ],
      [
        'a link',
        'in-place',
        (path) => {
          rmSync(path);
          symlinkSync('/etc/hostname', path);
        },
      ],
    ])('is refused when there is %s by now (%s), and leaves nothing behind', async (_name, replace, change) => {
      const path = join(folder, 'file');
      const expectedSha256 = sha256('approved');
      change((writeFileSync(path, 'approved'), path));
      const before = readdirSync(folder);
      const hostname = readFileSync('/etc/hostname', 'utf8');
      const error = await failure(lab.write(path, 'new', { replace, expectedSha256 }), 'CONFLICT');
      expect(error.outcomeUnknown).toBe(false);
      expect(readdirSync(folder)).toEqual(before);
      expect(readFileSync('/etc/hostname', 'utf8')).toBe(hostname);
    });

    it.each(['atomic', 'in-place'] as const)(
      'does not replace a file that came to be meanwhile (%s)',
      async (replace) => {
        const path = join(folder, 'file');
        writeFileSync(path, 'theirs');
        await failure(lab.write(path, 'ours', { replace, expectedSha256: null }), 'CONFLICT');
        expect(readFileSync(path, 'utf8')).toBe('theirs');
        expect(readdirSync(folder)).toEqual(['file']);
      },
    );

    it('is refused when its folder leads elsewhere by now', async () => {
      mkdirSync(join(folder, 'real'));
      symlinkSync('real', join(folder, 'way'));
      await failure(lab.write(join(folder, 'way', 'file'), 'x'), 'CONFLICT');
      expect(readdirSync(join(folder, 'real'))).toEqual([]);
    });

    it('does not create folders it was not shown, and removes those it made in vain', async () => {
      await failure(lab.write(join(folder, 'a', 'file'), 'x'), 'FILE_NOT_FOUND');
      expect(readdirSync(folder)).toEqual([]);
      const path = join(folder, 'a', 'missing', 'file');
      await failure(lab.write(path, 'x', { createFolders: [join(folder, 'a')] }), 'FILE_NOT_FOUND');
      expect(readdirSync(folder)).toEqual([]);
    });

    it('ends with CANCELLED when it was cancelled before it began', async () => {
      const abort = new AbortController();
      abort.abort();
      const running = lab.servers.realPath(targetOf(sshd), '/etc', abort.signal);
      await failure(running, 'CANCELLED');
    });
  });

  describe('a full disk', () => {
    let mount = '';
    let isMounted = false;
    beforeAll(() => {
      mount = mkdtempSync(join(tmpdir(), 'signalbox-full-'));
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount], { stdio: 'ignore' });
        isMounted = true;
      } catch {
        process.stderr.write('left out: no small file system can be mounted here\n');
      }
    });
    afterAll(() => {
      if (isMounted) execFileSync('umount', [mount]);
      rmSync(mount, { recursive: true, force: true });
    });

    it.each(['atomic', 'in-place'] as const)('is told as such, and the old file stays whole (%s)', async (replace) => {
      if (!isMounted) return;
      const path = join(mount, `file-${replace}`);
      writeFileSync(path, 'before');
      const error = await failure(lab.write(path, Buffer.alloc(2_000_000, 'x'), { replace }), 'NO_SPACE');
      expect(error.outcomeUnknown).toBe(false);
      expect(readFileSync(path, 'utf8')).toBe('before');
      expect(readdirSync(mount).filter((name) => name.startsWith('.signalbox'))).toEqual([]);
    });

    it('is told for a new file too, which is not left half written', async () => {
      if (!isMounted) return;
      for (const replace of ['atomic', 'in-place'] as const) {
        await failure(lab.write(join(mount, 'new'), Buffer.alloc(2_000_000, 'x'), { replace }), 'NO_SPACE');
        expect(existsSync(join(mount, 'new'))).toBe(false);
      }
    });

    it('is told apart from a read-only one', async () => {
      if (!isMounted) return;
      for (const name of ['file-atomic', 'file-in-place']) writeFileSync(join(mount, name), 'before');
      execFileSync('mount', ['-o', 'remount,ro', mount]);
      try {
        const old = sha256(readFileSync(join(mount, 'file-atomic')));
        const action = { kind: 'remove-file', path: join(mount, 'file-atomic'), expectedSha256: old } as const;
        for (const attempt of [
          () => lab.write(join(mount, 'more'), 'x'),
          () => lab.write(join(mount, 'file-in-place'), 'x', { replace: 'in-place' }),
          () => lab.perform(targetOf(sshd), { ...action, removeFolders: [] }),
        ])
          expect((await failure(attempt(), 'PERMISSION_DENIED')).message).toContain('read-only');
      } finally {
        execFileSync('mount', ['-o', 'remount,rw', mount]);
      }
    });
  });
});
