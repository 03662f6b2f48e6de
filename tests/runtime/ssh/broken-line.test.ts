/** The line breaks, or the file service hangs, in the middle of file work: what is left, and what is said. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { limits } from '../../../src/core/limits.ts';
import { sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, makeFileLab, sha256, withLab } from './lab.ts';

const sftpServer = '/usr/lib/openssh/sftp-server';

describe.runIf(sshdRuns())('file work', () => {
  it('that loses the connection before the rename changes nothing, and its temporary file goes with the next connection', async () => {
    const sshd = await startSshd();
    const lab = await makeFileLab(sshd);
    const path = join(sshd.folder, 'file');
    const temporaries = (): string[] => readdirSync(sshd.folder).filter((name) => name.startsWith('.signalbox-'));
    try {
      writeFileSync(path, 'before');
      await lab.read(path);
      const writing = lab.write(path, Buffer.alloc(limits.writeBytesMax, 'x')).then(
        () => 'written',
        (error: unknown) => error,
      );
      while (temporaries().length === 0) await new Promise((resolve) => setImmediate(resolve));
      for (const pid of sshd.sessionPids()) process.kill(pid, 'SIGKILL');
      const error = await failure(Promise.reject(await writing), 'CONNECTION_LOST');
      expect(error.outcomeUnknown).toBe(false);
      expect(error.message).toContain('The file was not changed.');
      expect(readFileSync(path, 'utf8')).toBe('before');
      expect((await lab.exec(targetOf(sshd), ['true'])).exitCode).toBe(0);
      expect(temporaries()).toEqual([]);
      expect((await lab.write(path, 'after')).verifiedSha256).toBe(sha256('after'));
    } finally {
      await lab.dispose();
      await sshd.stop();
    }
  });

  it('that gets no answer is given up after a while, and the next one has a new channel', async () => {
    if (!existsSync(sftpServer)) {
      process.stderr.write(`left out: no ${sftpServer} here\n`);
      return;
    }
    const sshd = await startSshd({ config: [`Subsystem sftp ${sftpServer}`] });
    // Time runs faster only while nobody can answer: what does answer may take as long as a busy machine makes it.
    let speed = 1;
    const clock: Clock = { ...systemClock, after: (delayMs, call) => systemClock.after(delayMs / speed, call) };
    let frozen: number[] = [];
    try {
      await withLab(sshd, { clock }, async (lab) => {
        const stat = () => lab.perform(targetOf(sshd), { kind: 'stat', path: sshd.folder });
        await stat();
        const [session] = sshd.sessionPids();
        frozen = execFileSync('pgrep', ['-P', String(session), '-f', sftpServer])
          .toString()
          .trim()
          .split('\n')
          .map(Number);
        for (const pid of frozen) process.kill(pid, 'SIGSTOP');
        speed = 30;
        const late = failure(stat(), 'TIMEOUT');
        await late.finally(() => {
          speed = 1;
        });
        expect((await stat()).entry.type).toBe('directory');
        expect(sshd.sessionPids()).toEqual([session]);
      });
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGKILL');
      await sshd.stop();
    }
  });
});
