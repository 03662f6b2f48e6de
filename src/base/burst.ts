/** Joins many occasions into few calls: one for a burst, and never two in quick succession. Knows nothing of what is called. */
import type { Clock } from './clock.ts';
import type { Disposable } from './lifecycle.ts';

export interface BurstOptions {
  readonly clock: Clock;
  /** What comes within this time of the first occasion belongs to the same call. */
  readonly settleMs: number;
  /** From one call to the next, at least. */
  readonly everyMs: number;
  /** The next call waits for the end of this one. Must not reject. */
  readonly call: () => void | Promise<void>;
}

export class Burst implements Disposable {
  readonly #options: BurstOptions;
  #timer: Disposable | null = null;
  #lastCallMs = Number.NEGATIVE_INFINITY;
  #isCalling = false;
  #isWanted = false;
  #isDisposed = false;

  constructor(options: BurstOptions) {
    this.#options = options;
  }

  /** One more occasion. Cheap to call often. */
  add(): void {
    this.#isWanted = true;
    this.#schedule();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
  }

  #schedule(): void {
    if (this.#timer || this.#isCalling || this.#isDisposed) return;
    const { clock, settleMs, everyMs } = this.#options;
    const pauseMs = this.#lastCallMs + everyMs - clock.monotonicMs();
    this.#timer = clock.after(Math.max(settleMs, pauseMs), () => void this.#run());
  }

  async #run(): Promise<void> {
    this.#timer = null;
    this.#isWanted = false;
    this.#isCalling = true;
    this.#lastCallMs = this.#options.clock.monotonicMs();
    await this.#options.call();
    this.#isCalling = false;
    if (this.#isWanted) this.#schedule();
  }
}
