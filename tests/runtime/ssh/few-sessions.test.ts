/** Servers that allow few sessions on a connection, or few logins at once: everything has its turn. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import { limits } from '../../../src/core/limits.ts';
import { Permit } from '../../../src/core/permit.ts';
import type { TerminalInput } from '../../../src/core/terminal.ts';
import { LeapClock } from '../../fixtures/leap-clock.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { type FileLab, failure, makeFileLab, makeLab, never, sha256, textOf, until } from './lab.ts';

describe.runIf(sshdRuns())('a server with few sessions', () => {
  async function withServer(
    sessions: number,
    task: (lab: FileLab, sshd: Sshd, clock: LeapClock) => Promise<void>,
  ): Promise<void> {
    const sshd = await startSshd({ config: [`MaxSessions ${sessions}`, 'LogLevel DEBUG2'] });
    const clock = new LeapClock();
    const lab = await makeFileLab(sshd, { clock });
    try {
      await task(lab, sshd, clock);
    } finally {
      await lab.dispose();
      await sshd.stop();
    }
  }
  /** Resolves with how it is closed. */
  async function openShell(lab: FileLab, sshd: Sshd): Promise<() => Promise<unknown>> {
    const opened = promiseWithResolvers<TerminalInput>();
    const shell = { kind: 'shell', term: 'xterm', size: { columns: 80, rows: 24 }, env: {} } as const;
    const permit = new Permit('s', targetOf(sshd), shell, null);
    const ended = lab.servers.perform(permit, { onTerminal: (terminal) => opened.resolve(terminal) }, never());
    ended.catch(opened.reject);
    const terminal = await opened.promise;
    return () => {
      terminal.write(Buffer.from('exit\r'));
      return ended;
    };
  }

  it.each([1, 2])('of %d: commands, files and a shell have their turns, in any order', async (sessions) => {
    await withServer(sessions, async (lab, sshd) => {
      const path = join(sshd.folder, 'file');
      writeFileSync(path, 'old');
      const run = async (word: string): Promise<string> =>
        textOf((await lab.exec(targetOf(sshd), `sleep 0.05; echo ${word}`)).stdout);
      expect(await run('first')).toBe('first\n');
      expect(Buffer.from((await lab.read(path)).content).toString()).toBe('old');
      expect(await run('second')).toBe('second\n');
      const all = await Promise.all([run('a'), lab.read(path), run('b'), lab.survey(path), run('c')]);
      expect([all[0], all[2], all[4]]).toEqual(['a\n', 'b\n', 'c\n']);
      const [written, word] = await Promise.all([lab.write(path, 'new'), run('d')]);
      expect([written.verifiedSha256, word]).toEqual([sha256('new'), 'd\n']);
      const close = await openShell(lab, sshd);
      await close();
      expect(await run('last')).toBe('last\n');
    });
  });

  it('of 1 says what to do while a shell has it', async () => {
    await withServer(1, async (lab, sshd, clock) => {
      await lab.read('/etc/hostname');
      const close = await openShell(lab, sshd);
      expect((await failure(lab.exec(targetOf(sshd), ['true']), 'UNSUPPORTED')).message).toContain('close shells');
      const reading = failure(lab.read('/etc/hostname'), 'UNSUPPORTED');
      const refusals = (): number => sshd.log().split('open failed').length;
      const before = refusals();
      await until(() => refusals() > before);
      clock.leap(limits.sessionWaitMs + 1);
      expect((await reading).message).toContain('raise MaxSessions');
      await close();
      expect((await lab.exec(targetOf(sshd), ['true'])).exitCode).toBe(0);
    });
  });
});

describe.runIf(sshdRuns())('a server with few logins at once', () => {
  it('of 1: twenty servers behind it are reached, one after the other', async () => {
    const sshd = await startSshd({ config: ['MaxStartups 1'] });
    const lab = await makeLab(sshd);
    try {
      const targets = Array.from({ length: 20 }, (_, index) =>
        targetOf(sshd, { id: `web-${index}`, recordHash: `${index}` }),
      );
      const outcomes = await Promise.all(targets.map((each) => lab.exec(each, ['true'])));
      expect(outcomes.map(({ exitCode }) => exitCode)).toEqual(targets.map(() => 0));
    } finally {
      await lab.dispose();
      await sshd.stop();
    }
  });
});
