/** The file service hangs in the middle of file work: what is said, and what comes next. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, withLab } from './lab.ts';

const sftpServer = '/usr/lib/openssh/sftp-server';

describe.runIf(sshdRuns())('file work', () => {
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
