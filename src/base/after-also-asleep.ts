/**
 * A wait in which what the machine slept counts, which timers of the operating system leave out; setting the clock moves it neither way. For
 * what must not outlive its time, such as a secret in memory; not for the patience with a local program, which slept as well.
 */
import type { Clock } from './clock.ts';
import { type Disposable, toDisposable } from './lifecycle.ts';

/** At the latest this long after the machine has woken up. */
const lookEveryMs = 5_000;

export function afterAlsoAsleep(clock: Clock, delayMs: number, call: () => void): Disposable {
  const dueUptimeMs = clock.uptimeMs() + delayMs;
  const dueAwakeMs = clock.monotonicMs() + delayMs;
  let timer: Disposable;
  const look = (): void => {
    const leftMs = Math.min(dueUptimeMs - clock.uptimeMs(), dueAwakeMs - clock.monotonicMs());
    if (leftMs <= 0) call();
    else timer = clock.after(Math.min(leftMs, lookEveryMs), look);
  };
  timer = clock.after(Math.min(delayMs, lookEveryMs), look);
  return toDisposable(() => timer.dispose());
}
