/** Commands that print more than is kept, and whoever takes it may be slow: a real sshd, and nothing lost on the way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { type Lab, makeLab, until } from './lab.ts';

describe.runIf(sshdRuns())('a command that prints much', () => {
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

  it('hands out all of 10 MB on both streams, and keeps what fits', async () => {
    let streamed = 0;
    const outcome = await lab.exec(targetOf(sshd), 'head -c 10000000 /dev/zero; head -c 10000000 /dev/zero >&2', {
      outputBytesMax: 100_000,
      sink: {
        onOutput(_stream, chunk) {
          streamed += chunk.length;
        },
      },
    });
    expect(outcome).toMatchObject({ stdoutBytes: 10_000_000, stderrBytes: 10_000_000, exitCode: 0 });
    expect([outcome.stdout.length, outcome.stderr.length, streamed]).toEqual([100_000, 100_000, 20_000_000]);
  });

  it('waits on the server while whoever takes its output is behind', async () => {
    let streamed = 0;
    let isBehind = true;
    const mark = `${sshd.folder}/written-all`;
    const running = lab.exec(targetOf(sshd), `head -c 20000000 /dev/zero; touch ${mark}`, {
      sink: {
        onOutput(_stream, chunk) {
          streamed += chunk.length;
        },
        isBehind: () => isBehind && streamed > 0,
      },
    });
    await until(() => streamed > 0);
    // Other commands go on meanwhile; this one has filled its window and stands still.
    for (let before = -1; before !== streamed; ) {
      before = streamed;
      expect((await lab.exec(targetOf(sshd), ['test', '-e', mark])).exitCode).toBe(1);
    }
    expect(streamed).toBeLessThan(10_000_000);
    isBehind = false;
    await running;
    expect(streamed).toBe(20_000_000);
  });

  it('is ended while whoever takes its output is behind', async () => {
    const abort = new AbortController();
    let isBehind = false;
    const outcome = await lab.exec(targetOf(sshd), 'yes', {
      signal: abort.signal,
      sink: {
        onOutput() {
          isBehind = true;
          queueMicrotask(() => abort.abort());
        },
        isBehind: () => isBehind,
      },
    });
    expect(outcome.ended).toBe('cancelled');
  });
});
