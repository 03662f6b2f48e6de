/** The window of a channel of a real sshd: what lies between the server and us is bounded, and nothing stands still. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import { keepWindow } from '../../../src/runtime/ssh/receive-window.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { type Lab, makeLab } from './lab.ts';

/** As ssh2 announces it. */
const firstBytes = 2 * 1024 * 1024;

function fakeChannel() {
  const granted: number[] = [];
  const handlers: ((chunk: Buffer) => void)[] = [];
  const on = (_event: string, handle: (chunk: Buffer) => void): void => void handlers.push(handle);
  const channel = {
    ...{ on, stderr: { on } },
    incoming: { window: firstBytes },
    outgoing: { id: 7, state: 'open' },
    _client: { _protocol: { channelWindowAdjust: (id: number, bytes: number) => granted.push(id, bytes) } },
  };
  const take = (bytes: number): void => handlers[0]?.(Buffer.alloc(bytes));
  return { channel, granted, take, clock: new HandClock() };
}

describe('a window that is kept', () => {
  it('is not granted anew before what was announced has become small, and then by halves', () => {
    const { channel, granted, take, clock } = fakeChannel();
    keepWindow(channel as never, { bytes: 1_000, clock });
    take(firstBytes - 501);
    expect(granted).toEqual([]);
    take(1);
    expect(granted).toEqual([7, 500]);
    take(499);
    expect(granted).toEqual([7, 500]);
    take(1);
    expect(granted).toEqual([7, 500, 7, 500]);
  });

  it('is as large as what is taken in ten milliseconds, within its bounds', () => {
    const { channel, granted, take, clock } = fakeChannel();
    keepWindow(channel as never, { bytes: 1_000, bytesMax: 4_000, clock });
    const grantAfter = (ms: number, bytes: number): number[] => {
      clock.advance(ms);
      take(bytes);
      return granted.splice(0);
    };
    // A start that is slow is no reason for more.
    expect(grantAfter(60_000, firstBytes - 500)).toEqual([7, 500]);
    expect(grantAfter(2, 500)).toEqual([7, 2_000]);
    expect(grantAfter(2, 1_250)).toEqual([7, 2_750]);
    // Slow again: what was granted is used up first.
    expect(grantAfter(100, 2_000)).toEqual([]);
    expect(grantAfter(100, 1_499)).toEqual([]);
    expect(grantAfter(100, 1)).toEqual([7, 500]);
  });

  it.each(['closing', 'closed'])('is not granted on a channel that is %s', (state) => {
    const { channel, granted, take, clock } = fakeChannel();
    keepWindow(channel as never, { bytes: 1_000, clock });
    channel.outgoing.state = state;
    take(firstBytes);
    expect(granted).toEqual([]);
  });

  it('is left to a library that is built differently', () => {
    const { channel, take, clock } = fakeChannel();
    keepWindow({ ...channel, _client: {} } as never, { bytes: 1_000, clock });
    expect(channel.incoming.window).toBe(firstBytes);
    take(firstBytes);
  });
});

describe.runIf(sshdRuns())('a command of a real sshd', () => {
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

  it('may send no more than its window while nobody takes its output', async () => {
    let streamed = 0;
    let isBehind = false;
    const counted = `${sshd.folder}/counted`;
    // Each megabyte is noted after it was written; what was announced at the beginning is used up by then.
    const line = `for i in 1 2 3 4 5 6 7 8 9 10 11 12; do head -c 1000000 /dev/zero; echo $i >> ${counted}; done`;
    const running = lab.exec(targetOf(sshd), line, {
      sink: {
        onOutput(_stream, chunk) {
          streamed += chunk.length;
          isBehind = streamed >= 4_000_000;
        },
        isBehind: () => isBehind && streamed < 12_000_000,
      },
    });
    while (!isBehind) await new Promise((resolve) => setImmediate(resolve));
    const lines = async (): Promise<number> => {
      const { stdout } = await lab.exec(targetOf(sshd), `wc -l < ${counted}`);
      return Number(Buffer.from(stdout).toString());
    };
    for (let before = -1, now = await lines(); now !== before; now = await lines()) before = now;
    expect(await lines()).toBeLessThanOrEqual(Math.ceil((streamed + 2 * limits.commandWindowBytesMax) / 1_000_000));
    isBehind = false;
    streamed = 12_000_000;
    expect(await running).toMatchObject({ exitCode: 0, stdoutBytes: 12_000_000 });
  });
});
