/** An event whose values are kept until somebody listens: an agent may speak before its session is announced. */
import { Emitter, type Event } from '../../base/event.ts';

export class ReplayingEvent<T> {
  readonly #emitter = new Emitter<T>();
  readonly #heldMax: number;
  #held: T[] | null = [];

  /** @param heldMax further values are dropped while nobody listens. */
  constructor(heldMax: number) {
    this.#heldMax = heldMax;
  }

  /** The first listener gets what was kept, in order, right after it subscribed. */
  readonly event: Event<T> = (listener) => {
    const subscription = this.#emitter.event(listener);
    if (this.#held !== null) queueMicrotask(() => this.#release());
    return subscription;
  };

  fire(value: T): void {
    if (this.#held === null) this.#emitter.fire(value);
    else if (this.#held.length < this.#heldMax) this.#held.push(value);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const value of held) this.#emitter.fire(value);
  }
}
