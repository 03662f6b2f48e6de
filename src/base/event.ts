/** Typed events. State changes first, the event fires second; a listener that throws does not silence the next one. */
import { type Disposable, toDisposable } from './lifecycle.ts';

export type Event<T> = (listener: (value: T) => void) => Disposable;

export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    // A wrapper gives each subscription its own identity, so the same function may subscribe twice.
    const entry = (value: T): void => listener(value);
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  get listenerCount(): number {
    return this.#listeners.size;
  }

  fire(value: T): void {
    const errors: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0)
      queueMicrotask(() => {
        throw errors[0];
      });
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
