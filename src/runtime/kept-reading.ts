/**
 * What some files say, read again only once they may have changed. Those who ask while they are read get that reading where nothing has changed
 * since it began, and else share one that begins after they asked. It knows nothing of what is read.
 */
import { fileStamp } from './config-file.ts';

export class KeptReading<T> {
  readonly #files: readonly string[];
  readonly #read: () => Promise<T>;
  #kept: { readonly stamp: string; readonly value: T } | null = null;
  #running: { readonly stamp: string | null; readonly reading: Promise<T> } | null = null;
  #next: Promise<T> | null = null;

  /** @param files whatever `read` reads: what it resolves with is kept for as long as none of them changes. */
  constructor(files: readonly string[], read: () => Promise<T>) {
    this.#files = files;
    this.#read = read;
  }

  /** Rejects as `read` does, which is then asked again. */
  current(): Promise<T> {
    const stamp = this.#stampNow();
    if (stamp !== null && this.#kept?.stamp === stamp) return Promise.resolve(this.#kept.value);
    if (this.#running === null) return this.#begin(stamp);
    if (stamp !== null && this.#running.stamp === stamp) return this.#running.reading;
    const begin = (): Promise<T> => {
      this.#next = null;
      return this.current();
    };
    this.#next ??= this.#running.reading.then(begin, begin);
    return this.#next;
  }

  #begin(stamp: string | null): Promise<T> {
    const reading = this.#read().then(
      (value) => {
        this.#running = null;
        // Stamped before it was read: a change meanwhile has another stamp, and is read the next time.
        this.#kept = stamp === null ? null : { stamp, value };
        return value;
      },
      (error: unknown) => {
        this.#running = null;
        throw error;
      },
    );
    this.#running = { stamp, reading };
    return reading;
  }

  /** Null when one of them cannot be vouched for. */
  #stampNow(): string | null {
    const stamps = this.#files.map(fileStamp);
    return stamps.includes(null) ? null : stamps.join('\n');
  }
}
