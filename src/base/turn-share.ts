/**
 * Shares the turns of the event loop among those who would each take all of one: what runs too long goes on in a later turn, so that
 * everything else has its chance in between. Knows nothing of what is done.
 */
import { type Clock, systemClock } from './clock.ts';

export interface TurnShareOptions {
  readonly clock?: Clock;
  /** What all of them together may take of one turn. */
  readonly turnMs: number;
  /** Calls back in a later turn of the event loop, after what has arrived meanwhile; `setImmediate` unless a test says otherwise. */
  readonly later?: (call: () => void) => void;
}

export class TurnShare {
  readonly #clock: Clock;
  readonly #turnMs: number;
  readonly #later: (call: () => void) => void;
  /** Null before anybody asked in this turn. */
  #endsMs: number | null = null;
  #waiting: (() => void)[] = [];

  constructor({ clock = systemClock, turnMs, later = setImmediate }: TurnShareOptions) {
    this.#clock = clock;
    this.#turnMs = turnMs;
    this.#later = later;
  }

  /** The share of this turn is used up. The first to ask begins it. */
  get isSpent(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (this.#endsMs === null) {
      this.#endsMs = nowMs + this.#turnMs;
      this.#later(() => this.#next());
    }
    return nowMs >= this.#endsMs;
  }

  /** Goes on in a later turn; who waits longest comes first. */
  goOnLater(call: () => void): void {
    this.#waiting.push(call);
    // Somebody may wait without having asked.
    void this.isSpent;
  }

  #next(): void {
    this.#endsMs = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) call();
  }
}
