/** A server that is there and says nothing, and a machine that slept: what is lost, what goes on, and how soon one knows. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import type { ExecOutcome } from '../../../src/core/ports.ts';
import { LeapClock } from '../../fixtures/leap-clock.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { type ExecOptions, failure, isAlive, type Lab, makeLab, textOf } from './lab.ts';

const hourMs = 3_600_000;

describe.runIf(sshdRuns())('a connection', () => {
  let sshd: Sshd;
  let clock: LeapClock;
  let lab: Lab;
  let frozen: readonly number[];
  /** The server's process for the first connection. */
  let session: number;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd?.stop());
  beforeEach(async () => {
    frozen = [];
    clock = new LeapClock();
    lab = await makeLab(sshd, { clock });
    session = await sessionPid();
  });
  afterEach(async () => {
    thaw();
    await lab.dispose();
  });

  const exec = (line: string, options: ExecOptions = {}) =>
    lab.exec(targetOf(sshd), line, { timeoutMs: hourMs, ...options });
  /** Resolves once it runs on the server. */
  const begin = async (line: string): Promise<{ readonly running: Promise<ExecOutcome> }> => {
    const begun = promiseWithResolvers<void>();
    const running = exec(`echo begun; ${line}`, { sink: { onOutput: () => begun.resolve() } });
    running.catch(() => undefined);
    await begun.promise;
    return { running };
  };
  const sessionPid = async (): Promise<number> => Number(textOf((await exec('echo $PPID')).stdout));
  const freeze = (): void => {
    frozen = [session, ...childrenOf(session)];
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
  };
  const thaw = (): void => {
    for (const pid of frozen) if (isAlive(pid)) process.kill(pid, 'SIGCONT');
  };

  it('to a server that stops is lost after fifteen seconds, with what it was in the middle of; the next one is made anew', async () => {
    const { running } = await begin('sleep 600');
    freeze();
    clock.leap(10_000);
    expect(lab.servers.status('web-1').state).toBe('connected');
    clock.leap(10_000);
    const error = await failure(running, 'CONNECTION_LOST');
    expect(error.outcomeUnknown).toBe(true);
    expect(error.message).toContain('did not answer for 15 seconds');
    expect(lab.servers.status('web-1')).toMatchObject({ state: 'lost' });
    // sshd goes on where it was stopped; nothing of it reaches the new connection.
    thaw();
    expect(textOf((await exec('echo here')).stdout)).toBe('here\n');
  });

  it('to a server that stops for a moment goes on', async () => {
    const { running } = await begin('sleep 0.1; echo here');
    freeze();
    clock.leap(10_000);
    thaw();
    expect(textOf((await running).stdout)).toBe('begun\nhere\n');
    expect(await sessionPid()).toBe(session);
  });

  it('that nobody used while this machine slept is made anew at once', async () => {
    freeze();
    clock.sleep(hourMs);
    expect(await sessionPid()).not.toBe(session);
  });

  it('that was in use while this machine slept goes on when the server still answers', async () => {
    const { running } = await begin('sleep 0.3; echo here');
    clock.sleep(hourMs);
    expect(textOf((await exec('echo meanwhile')).stdout)).toBe('meanwhile\n');
    expect(textOf((await running).stdout)).toBe('begun\nhere\n');
    expect(await sessionPid()).toBe(session);
  });
});

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}
