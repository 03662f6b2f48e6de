/** When an agent that died is started again: after a little longer each time, and not for ever. Knows no agent. */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';

/** Long enough for a port or a lock to be free again; an agent that dies four times in a row will die a fifth time. */
const delaysMs = [1_000, 5_000, 30_000] as const;
/** One that ran for so long has not died of its start. */
const steadyMs = 10 * 60_000;

export class Restarts {
  readonly #clock: Clock;
  #tries = 0;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #waiting: Disposable | null = null;
  #atMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isPlanned(): boolean {
    return this.#waiting !== null;
  }

  /** Wall-clock time of the next start; null when none is planned. */
  get atMs(): number | null {
    return this.isPlanned ? this.#atMs : null;
  }

  /** Calls once after the next delay, which is returned in milliseconds; null when it was tried often enough. */
  plan(call: () => void): number | null {
    this.cancel();
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lastAtMs > steadyMs) this.#tries = 0;
    const delayMs = delaysMs[this.#tries];
    if (delayMs === undefined) return null;
    this.#tries += 1;
    this.#lastAtMs = nowMs;
    this.#atMs = this.#clock.nowMs() + delayMs;
    this.#waiting = this.#clock.after(delayMs, () => {
      this.#waiting = null;
      call();
    });
    return delayMs;
  }

  /** A person starts it: it may be tried as often as at first. */
  reset(): void {
    this.cancel();
    this.#tries = 0;
  }

  cancel(): void {
    this.#waiting?.dispose();
    this.#waiting = null;
  }
}
