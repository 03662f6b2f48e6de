/** Time comes through this interface, so that what depends on it can be tested without waiting. */
import { uptime } from 'node:os';
import { type Disposable, toDisposable } from './lifecycle.ts';

export interface Clock {
  /** Wall time in milliseconds since the epoch; may jump backwards. */
  nowMs(): number;
  /** Milliseconds that only grow; for durations. */
  monotonicMs(): number;
  /** Milliseconds that only grow, also while the machine sleeps, and that no setting of the clock moves; as coarse as a second on some systems. */
  uptimeMs(): number;
  /** Calls once after `delayMs`, unless disposed before. Never keeps the process alive by itself. */
  after(delayMs: number, call: () => void): Disposable;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  // Node would load `performance` when it is first used, which takes a fiftieth of the time to the first frame.
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  uptimeMs: () => uptime() * 1000,
  after(delayMs, call) {
    const timer = setTimeout(call, delayMs);
    timer.unref();
    return toDisposable(() => clearTimeout(timer));
  },
};
