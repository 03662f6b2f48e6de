/** A wait that counts what the machine slept. */
import { expect, it } from 'vitest';
import { afterAlsoAsleep } from '../../src/base/after-also-asleep.ts';
import { HandClock } from '../fixtures/hand-clock.ts';

const minuteMs = 60_000;

function begin(): { readonly clock: HandClock; readonly calls: () => number; dispose(): void } {
  const clock = new HandClock();
  let calls = 0;
  const wait = afterAlsoAsleep(clock, 10 * minuteMs, () => {
    calls += 1;
  });
  return { clock, calls: () => calls, dispose: () => wait.dispose() };
}

it('is as long as it was asked for while the machine is awake, and calls once', () => {
  const { clock, calls } = begin();
  clock.advance(10 * minuteMs - 1);
  expect(calls()).toBe(0);
  clock.advance(1);
  expect(calls()).toBe(1);
  clock.advance(60 * minuteMs);
  expect([calls(), clock.waiting]).toEqual([1, 0]);
});

it('is over soon after the machine has slept through its end', () => {
  const { clock, calls } = begin();
  clock.advance(minuteMs);
  clock.sleep(60 * minuteMs);
  clock.advance(5_000);
  expect(calls()).toBe(1);
});

it('is shorter by what the machine slept', () => {
  const { clock, calls } = begin();
  clock.sleep(6 * minuteMs);
  clock.advance(4 * minuteMs - 1);
  expect(calls()).toBe(0);
  clock.advance(1);
  expect(calls()).toBe(1);
});

it.each([60, -60])('is as long as ever when the clock is set by %d minutes', (minutes) => {
  const { clock, calls } = begin();
  clock.set(minutes * minuteMs);
  clock.advance(10 * minuteMs - 1);
  expect(calls()).toBe(0);
  clock.advance(1);
  expect(calls()).toBe(1);
});

it('ends without a call when it is disposed', () => {
  const { clock, calls, dispose } = begin();
  clock.advance(minuteMs);
  dispose();
  clock.advance(60 * minuteMs);
  expect([calls(), clock.waiting]).toEqual([0, 0]);
});
