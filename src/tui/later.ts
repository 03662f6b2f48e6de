/** Does the last of several things that were asked for, when nothing more was asked for some time. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';

export class Later implements Disposable {
  readonly #clock: Clock;
  readonly #pauseMs: number;
  #timer: Disposable | null = null;

  constructor(clock: Clock, pauseMs: number) {
    this.#clock = clock;
    this.#pauseMs = pauseMs;
  }

  do(what: () => void): void {
    this.dispose();
    this.#timer = this.#clock.after(this.#pauseMs, what);
  }

  /** What was asked for last is not done. */
  dispose(): void {
    this.#timer?.dispose();
    this.#timer = null;
  }
}
