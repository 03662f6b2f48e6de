/** How many channels may live on one connection at once, and who is next. It knows nothing of what a channel carries. */
import { assert } from '../../base/assert.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { toCancelledError } from './abort.ts';

/** First come, first served; a waiting caller that aborts leaves the queue. */
export class ChannelQueue {
  readonly #maxAtFirst: number;
  #max: number;
  #live = 0;
  #lasting = 0;
  #beside = 0;
  #ended = 0;
  readonly #waiting = new Set<() => void>();

  constructor(max: number) {
    assert(max > 0, 'A queue without slots would never move.');
    this.#maxAtFirst = max;
    this.#max = max;
  }

  get live(): number {
    return this.#live;
  }

  /** How many have ended so far. */
  get ended(): number {
    return this.#ended;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether the next one would enter without waiting. */
  get isFree(): boolean {
    return this.#live < this.#room && this.#waiting.size === 0;
  }

  /** Resolves with a slot; disposing it lets the next one in. Rejects with CANCELLED when aborted before. Null: never aborted. */
  acquire(signal: AbortSignal | null): Promise<Disposable> {
    if (signal?.aborted) return Promise.reject(toCancelledError());
    if (this.isFree) return Promise.resolve(this.#take());
    return new Promise((resolve, reject) => {
      const handleAbort = (): void => {
        this.#waiting.delete(enter);
        reject(toCancelledError());
      };
      const enter = (): void => {
        signal?.removeEventListener('abort', handleAbort);
        resolve(this.#take());
      };
      signal?.addEventListener('abort', handleAbort, { once: true });
      this.#waiting.add(enter);
    });
  }

  /**
   * A slot for as long as a person likes, without waiting for it. One is always left to the others: nobody is told when to ask again by a wait
   * that never ends, but by the server's refusal.
   */
  occupy(): Disposable {
    this.#lasting += 1;
    return toDisposable(() => {
      this.#lasting -= 1;
      this.#admit();
    });
  }

  /** What lives beside all slots, where there are as many as at first: it takes one where the server allows few. */
  standBeside(): Disposable {
    this.#beside += 1;
    return toDisposable(() => {
      this.#beside -= 1;
      this.#admit();
    });
  }

  /** What lives on the connection now without having waited for a slot. */
  get others(): number {
    return this.#lasting + this.#beside;
  }

  /** The server takes fewer than we thought: from now on at most this many (at least one), of whatever kind. */
  reduceTo(max: number): void {
    this.#max = Math.max(1, Math.min(this.#max, max));
  }

  /** As many as at first. */
  restore(): void {
    this.#max = this.#maxAtFirst;
    this.#admit();
  }

  get #room(): number {
    const isFew = this.#max < this.#maxAtFirst;
    return Math.max(1, this.#max - this.#lasting - (isFew ? this.#beside : 0));
  }

  #take(): Disposable {
    this.#live += 1;
    return toDisposable(() => {
      this.#live -= 1;
      this.#ended += 1;
      this.#admit();
    });
  }

  #admit(): void {
    for (const enter of this.#waiting) {
      if (this.#live >= this.#room) return;
      this.#waiting.delete(enter);
      enter();
    }
  }
}
