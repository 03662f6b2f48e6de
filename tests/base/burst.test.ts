/** Many occasions, few calls: measured with a clock that the test moves. */
import { describe, expect, it } from 'vitest';
import { Burst } from '../../src/base/burst.ts';
import { ManualClock } from '../fixtures/screen-world.ts';

function set(call?: () => Promise<void>) {
  const clock = new ManualClock();
  const calls: number[] = [];
  const startMs = clock.nowMs();
  const burst = new Burst({
    ...{ clock, settleMs: 200, everyMs: 5_000 },
    call: () => {
      calls.push(clock.nowMs() - startMs);
      return call?.();
    },
  });
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { clock, calls, burst, advance };
}

describe('a burst', () => {
  it.each([1, 2, 50])('of %i occasions is one call', async (count) => {
    const { calls, burst, advance } = set();
    for (let index = 0; index < count; index += 1) burst.add();
    await advance(10_000);
    expect(calls).toEqual([200]);
  });

  it('is called no sooner than its pause allows, however many occasions come', async () => {
    const { calls, burst, advance } = set();
    for (let index = 0; index < 200; index += 1) {
      burst.add();
      await advance(100);
    }
    expect(calls).toEqual([200, 5_200, 10_200, 15_200]);
  });

  it('after a long silence is called at once', async () => {
    const { calls, burst, advance } = set();
    burst.add();
    await advance(60_000);
    burst.add();
    await advance(300);
    expect(calls).toEqual([200, 60_200]);
  });

  it('waits for a call that is still under way, and forgets nothing meanwhile', async () => {
    let end = (): void => undefined;
    const { calls, burst, advance } = set(() => new Promise((resolve) => (end = resolve)));
    burst.add();
    await advance(200);
    burst.add();
    await advance(20_000);
    expect(calls).toEqual([200]);
    end();
    await advance(0);
    await advance(200);
    expect(calls).toEqual([200, 20_400]);
  });

  it('calls nobody after it was disposed', async () => {
    const { calls, burst, advance } = set();
    burst.add();
    burst.dispose();
    burst.add();
    await advance(60_000);
    expect(calls).toEqual([]);
  });
});
