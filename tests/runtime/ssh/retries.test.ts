/** Pauses before a lost connection is tried again: how long, what ends them sooner, and what is told of them. */
import { describe, expect, it } from 'vitest';
import { Retries } from '../../../src/runtime/ssh/retries.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

function open() {
  const clock = new HandClock();
  const startMs = clock.nowMs();
  const told: (readonly [string, number | null])[] = [];
  const retries = new Retries(clock, (server, atMs) => told.push([server, atMs === null ? null : atMs - startMs]));
  return { clock, told, retries };
}

describe('a lost connection', () => {
  it.each<[string, (made: ReturnType<typeof open>, stop: AbortController) => void]>([
    ['after the pause', ({ clock }) => clock.advance(5_000)],
    ['when a person wants it', ({ retries }) => retries.tryNow('web')],
    ['when the server is connected again', ({ retries }) => retries.handleConnected('web')],
    ['when nobody wants it any more', (_made, stop) => stop.abort()],
  ])('is tried again %s, and leaves no timer', async (_name, end) => {
    const made = open();
    const stop = new AbortController();
    let isTried = false;
    const pause = made.retries.begin('web').pause(5_000, stop.signal);
    void pause.then(() => {
      isTried = true;
    });
    made.clock.advance(4_999);
    await Promise.resolve();
    expect(isTried).toBe(false);
    end(made, stop);
    await pause;
    expect(made.clock.waiting).toBe(0);
  });

  it('is told with the time of its next try, which stays while it is tried', async () => {
    const { clock, told, retries } = open();
    const retry = retries.begin('web');
    const first = retry.pause(500, new AbortController().signal);
    clock.advance(500);
    await first;
    const second = retry.pause(1_000, new AbortController().signal);
    clock.advance(200);
    retries.tryNow('web');
    await second;
    expect(told.map(([, atMs]) => atMs)).toEqual([500, 500, 1_500, 700]);
    retry.dispose();
    expect(told.at(-1)).toEqual(['web', null]);
  });

  it('is told with the earliest of several, until the last has given up', () => {
    const { told, retries } = open();
    const never = new AbortController().signal;
    const [late, early] = [retries.begin('web'), retries.begin('web')];
    void late.pause(9_000, never);
    void early.pause(2_000, never);
    void retries.begin('db').pause(100, never);
    early.dispose();
    late.dispose();
    expect(told.filter(([server]) => server === 'web').map(([, atMs]) => atMs)).toEqual([9_000, 2_000, 9_000, null]);
  });

  it('is not told of one that never paused', () => {
    const { told, retries } = open();
    retries.begin('web').dispose();
    retries.tryNow('web');
    expect(told).toEqual([]);
  });
});
