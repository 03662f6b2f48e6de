/** Time comes through this interface, so that what depends on it can be tested without waiting. */
import { type Disposable, toDisposable } from './lifecycle.ts';

export interface Clock {
  /** Wall time in milliseconds since the epoch; may jump backwards. */
  nowMs(): number;
  /** Milliseconds that only grow; for durations. */
  monotonicMs(): number;
  /** Calls once after `delayMs`, unless disposed before. Never keeps the process alive by itself. */
  after(delayMs: number, call: () => void): Disposable;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, call) {
    const timer = setTimeout(call, delayMs);
    timer.unref();
    return toDisposable(() => clearTimeout(timer));
  },
};
