/** Who creates a thing disposes it: the one interface for everything with a lifetime, and a bag that ends many at once. */

export interface Disposable {
  /** Ends the lifetime. A second call does nothing. */
  dispose(): void;
}

/** Collects lifetimes and ends them in reverse order; one that throws does not keep the others alive. */
export class Disposables implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  /** Adds an item and returns it. An item added after `dispose` is disposed at once. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  get isDisposed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    this.#disposed = true;
    const errors: unknown[] = [];
    for (let item = this.#items.pop(); item; item = this.#items.pop()) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Some parts could not be disposed.');
  }
}

/** Makes a lifetime from a function; the function runs once at most. */
export function toDisposable(end: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      end();
    },
  };
}
