/**
 * A wait in the time of the world: what the machine slept counts, which timers of the operating system leave out. For what must not
 * outlive its time, such as a secret in memory; not for the patience with a local program, which slept as well.
 */
import type { Clock } from './clock.ts';
import { type Disposable, toDisposable } from './lifecycle.ts';

/** Calls once, at the latest this long after the machine has woken up. A clock that is set back makes no wait longer. */
const lookEveryMs = 5_000;

export function afterAlsoAsleep(clock: Clock, delayMs: number, call: () => void): Disposable {
  const dueWallMs = clock.nowMs() + delayMs;
  const dueAwakeMs = clock.monotonicMs() + delayMs;
  let timer: Disposable;
  const look = (): void => {
    const leftMs = Math.min(dueWallMs - clock.nowMs(), dueAwakeMs - clock.monotonicMs());
    if (leftMs <= 0) call();
    else timer = clock.after(Math.min(leftMs, lookEveryMs), look);
  };
  timer = clock.after(Math.min(delayMs, lookEveryMs), look);
  return toDisposable(() => timer.dispose());
}
