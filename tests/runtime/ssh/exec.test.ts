/** Commands on a real sshd: what arrives, what is kept, and how each of them ends. */
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import type { ServerStatus } from '../../../src/core/ports.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, isAlive, type Lab, makeLab, textOf, until } from './lab.ts';

describe.runIf(sshdRuns())('a command', () => {
  let sshd: Sshd;
  let lab: Lab;
  beforeAll(async () => {
    sshd = await startSshd();
    lab = await makeLab(sshd);
  });
  afterAll(async () => {
    await lab?.dispose();
    await sshd?.stop();
  });

  it('returns its output, its errors and its status', async () => {
    const outcome = await lab.exec(targetOf(sshd), 'echo out; echo err >&2; exit 3');
    expect({ ...outcome, stdout: textOf(outcome.stdout), stderr: textOf(outcome.stderr) }).toEqual({
      kind: 'exec',
      exitCode: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      stdoutBytes: 4,
      stderrBytes: 4,
      ended: 'exit',
    });
  });

  it('tells the signal that ended it', async () => {
    expect(await lab.exec(targetOf(sshd), 'kill -KILL $$')).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
      ended: 'exit',
    });
  });

  it('receives exactly the words of its argv', async () => {
    const words = ["it's", '$HOME', 'a\nb', '!x', '\\', '', 'é', '*'];
    const outcome = await lab.exec(targetOf(sshd), ['printf', '%s\\0', ...words]);
    expect(textOf(outcome.stdout).split('\0').slice(0, -1)).toEqual(words);
  });

  it('runs in the folder it was given', async () => {
    expect(textOf((await lab.exec(targetOf(sshd), ['pwd'], { cwd: sshd.folder })).stdout)).toBe(`${sshd.folder}\n`);
  });

  it('does not run when the folder is missing, and says so', async () => {
    const mark = `${sshd.folder}/ran`;
    const error = await failure(lab.exec(targetOf(sshd), ['touch', mark], { cwd: '/no/such' }), 'FILE_NOT_FOUND');
    expect(error.message).toBe('The folder /no/such does not exist on web-1; nothing was run.');
    expect((await lab.exec(targetOf(sshd), ['test', '-e', mark])).exitCode).toBe(1);
  });

  it('sees the end of its input at once, or after the bytes it was given', async () => {
    expect(textOf((await lab.exec(targetOf(sshd), ['cat'])).stdout)).toBe('');
    const stdin = new Uint8Array(300_000).fill(65);
    const outcome = await lab.exec(targetOf(sshd), ['sha256sum'], { stdin });
    expect(textOf(outcome.stdout)).toContain('3cdc92c3d725c404c8cfaa26d17a7ff0420dac1c5fc5a837c8d819f07a9ee698');
    expect((await lab.exec(targetOf(sshd), ['true'], { stdin })).exitCode).toBe(0);
  });

  it('has no terminal', async () => {
    expect((await lab.exec(targetOf(sshd), 'test -t 0 || test -t 1 || tty')).exitCode).not.toBe(0);
  });

  it('keeps characters whole that arrive in pieces', async () => {
    const line = "printf '\\303'; sleep 0.2; printf '\\244\\360\\237'; sleep 0.2; printf '\\230\\200'";
    expect(textOf((await lab.exec(targetOf(sshd), line)).stdout)).toBe('ä😀');
  });

  it('streams its output while it runs', async () => {
    const seen: string[] = [];
    const abort = new AbortController();
    const outcome = await lab.exec(targetOf(sshd), 'echo first; sleep 60; echo second', {
      signal: abort.signal,
      sink: {
        onOutput(stream, chunk) {
          seen.push(`${stream} ${textOf(chunk)}`);
          abort.abort();
        },
      },
    });
    expect(seen).toEqual(['stdout first\n']);
    expect(outcome.ended).toBe('cancelled');
  });

  it('gives the real paths of what it names before it ends', async () => {
    await lab.exec(targetOf(sshd), ['ln', '-s', '/etc/passwd', `${sshd.folder}/link`]);
    const seen: unknown[][] = [];
    const outcome = await lab.exec(targetOf(sshd), ['cat', `${sshd.folder}/link`], {
      realPathsOf: [`${sshd.folder}/link`, '/no/such/file'],
      sink: { onRealPaths: (paths) => seen.push([...paths]) },
    });
    const told = [
      [`${sshd.folder}/link`, '/etc/passwd'],
      ['/no/such/file', '/no/such/file'],
    ];
    expect(seen).toEqual([told, told]);
    expect(outcome.exitCode).toBe(0);
  });

  it('looks again at its end: a link that was set elsewhere meanwhile shows', async () => {
    const link = `${sshd.folder}/moving`;
    await lab.exec(targetOf(sshd), ['ln', '-s', '/etc/hostname', link]);
    const seen: (string | undefined)[] = [];
    const go = `${sshd.folder}/go`;
    const outcome = await lab.exec(targetOf(sshd), `until [ -e ${go} ]; do sleep 0.02; done; cat ${link}`, {
      realPathsOf: [link],
      sink: {
        onRealPaths: (paths) => {
          seen.push(paths.get(link));
          if (seen.length > 1) return;
          rmSync(link);
          symlinkSync('/etc/shells', link);
          writeFileSync(go, '');
        },
      },
    });
    expect(textOf(outcome.stdout)).toContain('/bin/sh');
    expect(seen).toEqual(['/etc/hostname', '/etc/shells']);
  });

  it('runs 32 at once over one connection, each with its own output', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, index) => lab.exec(targetOf(sshd), `sleep 0.05; echo ${index}`)),
    );
    expect(outcomes.map((outcome) => textOf(outcome.stdout))).toEqual(Array.from({ length: 32 }, (_, i) => `${i}\n`));
    expect(sshd.sessionPids()).toHaveLength(1);
  });

  it.each([
    ['by its caller', 'cancelled'],
    ['by its time limit', 'timeout'],
  ] as const)('is ended on the server %s, with its children', async (_how, ended) => {
    const abort = new AbortController();
    const pids: number[] = [];
    // On a busy machine it may be ended before it has printed: then it gets more time.
    for (let timeoutMs = ended === 'timeout' ? 700 : 60_000; pids.length === 0; timeoutMs *= 4) {
      const outcome = await lab.exec(targetOf(sshd), 'sleep 300 & echo $! $$; wait', {
        ...{ signal: abort.signal, timeoutMs },
        sink: {
          onOutput(_stream, chunk) {
            pids.push(...textOf(chunk).trim().split(' ').map(Number));
            if (ended === 'cancelled') abort.abort();
          },
        },
      });
      expect(outcome.ended).toBe(ended);
    }
    expect(pids).toHaveLength(2);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('is killed when it ignores TERM', async () => {
    const abort = new AbortController();
    let pid = 0;
    const outcome = await lab.exec(targetOf(sshd), "trap '' TERM; echo $$; while :; do sleep 0.1; done", {
      signal: abort.signal,
      sink: {
        onOutput(_stream, chunk) {
          pid = Number(textOf(chunk));
          abort.abort();
        },
      },
    });
    expect(outcome).toMatchObject({ ended: 'cancelled', signal: 'SIGKILL' });
    expect(isAlive(pid)).toBe(false);
  });

  it('does not start when it was cancelled while it waited for its turn', async () => {
    const mark = `${sshd.folder}/late`;
    const abort = new AbortController();
    const busy = Array.from({ length: 8 }, () => lab.exec(targetOf(sshd), 'sleep 0.5'));
    const waiting = lab.exec(targetOf(sshd), ['touch', mark], { signal: abort.signal });
    abort.abort();
    await failure(waiting, 'CANCELLED');
    await Promise.all(busy);
    expect((await lab.exec(targetOf(sshd), ['test', '-e', mark])).exitCode).toBe(1);
  });

  it('refuses when the approval was for another host key', async () => {
    const error = await failure(lab.exec(targetOf(sshd), ['true'], { hostKey: 'SHA256:another' }), 'HOST_KEY_CHANGED');
    expect(error.message).toContain(sshd.hostKeyFingerprint);
    expect((await lab.exec(targetOf(sshd), ['true'], { hostKey: sshd.hostKeyFingerprint })).exitCode).toBe(0);
  });

  it('reports output so far and an unknown outcome when the connection is cut', async () => {
    const states: ServerStatus['state'][] = [];
    const listening = lab.servers.onStatus((status) => states.push(status.state));
    const error = await failure(
      lab.exec(targetOf(sshd), 'echo begun; echo warned >&2; sleep 60', {
        sink: {
          onOutput(stream) {
            if (stream !== 'stderr') return;
            for (const pid of sshd.sessionPids()) process.kill(pid, 'SIGKILL');
          },
        },
      }),
      'CONNECTION_LOST',
    );
    listening.dispose();
    expect(error.outcomeUnknown).toBe(true);
    expect(textOf(present(error.data, 'Data.')['stdout'] as Uint8Array)).toBe('begun\n');
    expect(textOf(present(error.data, 'Data.')['stderr'] as Uint8Array)).toBe('warned\n');
    expect(states).toContain('lost');
    process.kill(-Number(error.data?.['processGroup']), 'SIGKILL');
    // The next command connects anew.
    expect((await lab.exec(targetOf(sshd), ['true'])).exitCode).toBe(0);
    expect(lab.servers.status('web-1').state).toBe('connected');
  });

  it('measures the round trip', async () => {
    await lab.exec(targetOf(sshd), ['true']);
    await until(() => lab.servers.status('web-1').latencyMs !== null);
    expect(lab.servers.status('web-1')).toMatchObject({ state: 'connected', hostKey: sshd.hostKeyFingerprint });
    expect(lab.servers.status('web-1').line).toMatchObject({
      ...{ software: expect.stringMatching(/^OpenSSH_/), roundTripMs: expect.any(Number), commands: 'ours' },
      ...{ isFar: false, printsFirst: false },
    });
  });
});

describe.runIf(sshdRuns())('a command on an unusual server', () => {
  it('says so when the account runs something else instead', async () => {
    const sshd = await startSshd({ config: ['ForceCommand echo this account only greets'] });
    const lab = await makeLab(sshd);
    try {
      const error = await failure(lab.exec(targetOf(sshd), ['true']), 'UNSUPPORTED');
      expect(error.message).toContain('this account only greets');
      expect(lab.servers.status('web-1').line).toMatchObject({ commands: 'other program' });
    } finally {
      await lab.dispose();
      await sshd.stop();
    }
  });

  it('leaves out what start-up files of the account print', async () => {
    const sshd = await startSshd({ config: ['ForceCommand echo welcome; eval "$SSH_ORIGINAL_COMMAND"'] });
    const lab = await makeLab(sshd);
    try {
      expect(textOf((await lab.exec(targetOf(sshd), ['echo', 'own'])).stdout)).toBe('own\n');
      expect(lab.servers.status('web-1').line).toMatchObject({ commands: 'ours', printsFirst: true });
    } finally {
      await lab.dispose();
      await sshd.stop();
    }
  });
});
