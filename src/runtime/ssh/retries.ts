/**
 * Pauses before a lost connection is tried again: told to whoever shows servers, and over at once when a person wants it tried now or the
 * server is connected again. It knows nothing of what is tried.
 */
import { afterAlsoAsleep } from '../../base/after-also-asleep.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';

/** One that goes on trying, until it is disposed. */
export interface Retry extends Disposable {
  /** Resolves when it is to be tried, or when the signal aborts. */
  pause(delayMs: number, signal: AbortSignal): Promise<void>;
}

export class Retries {
  readonly #clock: Clock;
  readonly #handleChange: (server: string, retryAtMs: number | null) => void;
  readonly #trying = new Map<string, Set<Trying>>();

  /** @param handleChange hears when the next try of a server is, as the clock tells: past while one is under way, null for none any more. */
  constructor(clock: Clock, handleChange: (server: string, retryAtMs: number | null) => void) {
    this.#clock = clock;
    this.#handleChange = handleChange;
  }

  begin(server: string): Retry {
    const all = this.#trying.get(server) ?? new Set();
    this.#trying.set(server, all);
    const trying: Trying = { atMs: null, end: () => undefined };
    all.add(trying);
    return {
      pause: (delayMs, signal) => this.#pause(server, trying, { delayMs, signal }),
      dispose: () => {
        all.delete(trying);
        if (all.size === 0 && this.#trying.get(server) === all) this.#trying.delete(server);
        if (trying.atMs !== null) this.#tell(server);
      },
    };
  }

  /** What waits for this server is tried at once. */
  tryNow(server: string): void {
    for (const { end } of this.#trying.get(server) ?? []) end();
  }

  /** It is connected: nothing of it is lost any more. */
  handleConnected(server: string): void {
    for (const trying of this.#trying.get(server) ?? []) {
      trying.atMs = null;
      trying.end();
    }
  }

  #pause(
    server: string,
    trying: Trying,
    { delayMs, signal }: { readonly delayMs: number; readonly signal: AbortSignal },
  ): Promise<void> {
    trying.atMs = this.#clock.nowMs() + delayMs;
    this.#tell(server);
    return new Promise((resolve) => {
      const end = (): void => {
        timer.dispose();
        signal.removeEventListener('abort', end);
        trying.end = () => undefined;
        if (trying.atMs !== null) {
          trying.atMs = Math.min(trying.atMs, this.#clock.nowMs());
          this.#tell(server);
        }
        resolve();
      };
      // After a sleep the network is another one: it is tried at once.
      const timer = afterAlsoAsleep(this.#clock, delayMs, end);
      trying.end = end;
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
  }

  #tell(server: string): void {
    const times = [...(this.#trying.get(server) ?? [])].flatMap(({ atMs }) => atMs ?? []);
    this.#handleChange(server, times.length === 0 ? null : Math.min(...times));
  }
}

interface Trying {
  /** Null while its connection is not lost. */
  atMs: number | null;
  /** Ends the pause it is in. */
  end: () => void;
}
