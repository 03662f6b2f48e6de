/**
 * The password that a person types for one account while one logs in: kept in memory once the server took it, for the next login, and forgotten
 * when it is refused. It knows nothing of how a server asks.
 */
import type { KeptPassphrases } from '../secrets/kept-passphrases.ts';

export class TypedPassword {
  readonly #key: string;
  readonly #kept: KeptPassphrases;
  #isTaken = false;
  #typed: string | null = null;

  /** `key` names the account and where it is, so that nobody else's server is ever given it. */
  constructor(key: string, kept: KeptPassphrases) {
    this.#key = key;
    this.#kept = kept;
  }

  /** What was typed at an earlier login. */
  peek(): string | null {
    return this.#isTaken ? null : (this.#kept.find(this.#key)?.toString() ?? null);
  }

  /** The same, once: a server is not given it a second time. */
  take(): string | null {
    const kept = this.peek();
    this.#isTaken = true;
    return kept;
  }

  note(typed: string): void {
    this.#typed = typed;
  }

  handleRefused(which: 'kept' | 'typed'): void {
    this.#typed = null;
    if (which === 'typed') return;
    this.#isTaken = true;
    this.#kept.refuse(this.#key);
  }

  handleTaken(): void {
    if (this.#typed !== null) this.#kept.keep(this.#key, this.#typed);
    this.#typed = null;
  }
}
