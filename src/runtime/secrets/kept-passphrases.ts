/** Passphrases and passwords that a person typed, kept in memory for a while so that they are typed once. Never on disk; overwritten when their time is over. */
import { afterAlsoAsleep } from '../../base/after-also-asleep.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';

interface Kept {
  readonly bytes: Buffer;
  readonly end: Disposable;
}

export class KeptPassphrases implements Disposable {
  readonly #clock: Clock;
  readonly #keptMs: number;
  readonly #kept = new Map<string, Kept>();
  readonly #refused = new Set<string>();

  /** @param keptMs after the last use; 0: nothing is kept. */
  constructor(clock: Clock, keptMs: number) {
    this.#clock = clock;
    this.#keptMs = keptMs;
  }

  /** The same memory that is overwritten later: use it at once. Using it counts: the time begins anew. */
  find(path: string): Buffer | null {
    const kept = this.#kept.get(path);
    if (!kept) return null;
    kept.end.dispose();
    this.#kept.set(path, { bytes: kept.bytes, end: this.#endLater(path) });
    return kept.bytes;
  }

  keep(path: string, passphrase: string): void {
    this.forget(path);
    if (this.#keptMs === 0 || this.#refused.has(path)) return;
    this.#kept.set(path, { bytes: Buffer.from(passphrase, 'utf8'), end: this.#endLater(path) });
  }

  forget(path: string): void {
    const kept = this.#kept.get(path);
    if (!kept) return;
    this.#kept.delete(path);
    kept.end.dispose();
    kept.bytes.fill(0);
  }

  /** It was good once and is not any more, as a code is: nothing is kept under this name again, so that no server counts wrong tries of ours. */
  refuse(path: string): void {
    this.forget(path);
    this.#refused.add(path);
  }

  dispose(): void {
    for (const path of [...this.#kept.keys()]) this.forget(path);
  }

  #endLater(path: string): Disposable {
    return afterAlsoAsleep(this.#clock, this.#keptMs, () => this.forget(path));
  }
}
