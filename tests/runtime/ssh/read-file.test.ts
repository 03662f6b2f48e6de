/** Files and folders read on a real server: every byte, any range, and never a pipe or a device. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sshd, sshdRuns, targetOf } from '../../fixtures/sshd.ts';
import { type FileLab, failure, sha256, shareFileLab, textOf, until } from './lab.ts';

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

describe.runIf(sshdRuns())('far away', () => {
  let sshd: Sshd;
  let lab: FileLab;
  let folder: string;
  shareFileLab(
    (made) => {
      ({ sshd, lab, folder } = made);
    },
    { aheadFromMs: 0 },
  );

  it.each([0, 1, 70_000, 1_048_576, 1_048_577, 3_000_000])(
    'a file of %i bytes is the same, whichever way it comes',
    async (size) => {
      await lab.exec(targetOf(sshd), ['true']);
      const content = Buffer.alloc(size, 'abcdefghijk\n');
      writeFileSync(join(folder, 'a file'), content);
      const outcome = await lab.read(join(folder, 'a file'));
      expect(outcome.size).toBe(size);
      expect(sha256(outcome.content)).toBe(sha256(content));
    },
  );

  it('a pipe is opened by nobody, a range is read as ever, and /proc has what it says', async () => {
    await lab.exec(targetOf(sshd), ['true']);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await failure(lab.read(join(folder, 'pipe')), 'NOT_A_FILE');
    await failure(lab.read(join(folder, 'missing')), 'FILE_NOT_FOUND');
    writeFileSync(join(folder, 'it'), 'abcdef');
    expect(textOf((await lab.read(join(folder, 'it'), { offset: 2, length: 3 })).content)).toBe('cde');
    expect(textOf((await lab.read(join(folder, 'it'), { bytesMax: 3 })).content)).toBe('abc');
    expect(textOf((await lab.read('/proc/version')).content)).toBe(readFileSync('/proc/version', 'utf8'));
    symlinkSync('it', join(folder, 'link'));
    expect(await lab.read(join(folder, 'link'))).toMatchObject({ realPath: join(folder, 'it'), size: 6 });
  });
});

const sftpServer = '/usr/lib/openssh/sftp-server';

describe.runIf(sshdRuns() && existsSync(sftpServer)).each([
  ['runs something else', 'echo no command here'],
  ['takes longer to start a command than a read takes', 'sleep 0.5; eval "$SSH_ORIGINAL_COMMAND"'],
])('far away, where an account %s', (_name, runs) => {
  const forced = `case "$SSH_ORIGINAL_COMMAND" in *sftp-server) exec ${sftpServer};; *) ${runs};; esac`;
  const config = [`Subsystem sftp ${sftpServer}`, `ForceCommand ${forced}`, 'LogLevel DEBUG2'];
  let sshd: Sshd;
  let lab: FileLab;
  let folder: string;
  shareFileLab(
    (made) => {
      ({ sshd, lab, folder } = made);
    },
    { aheadFromMs: 0 },
    { config },
  );
  const commands = (): number => sshd.log().match(/session_input_channel_req: .* req exec/g)?.length ?? 0;

  it('a file is what the file service says, and the account is not asked again', async () => {
    const path = join(folder, 'it');
    writeFileSync(path, 'exactly 15 byte');
    await until(async () => textOf((await lab.read(path)).content) === 'exactly 15 byte' && commands() > 0);
    const before = commands();
    expect(textOf((await lab.read(path)).content)).toBe('exactly 15 byte');
    expect(commands()).toBe(before);
  });
});
