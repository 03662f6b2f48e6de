/** Counts what the gate has begun and not ended, so that a shutdown can wait for it. */
import type { Disposable } from '../base/lifecycle.ts';
import type { Gate } from '../core/gate.ts';

export class RunningOperations implements Disposable {
  readonly #ids = new Set<string>();
  readonly #subscription: Disposable;
  #waiters: (() => void)[] = [];

  constructor(gate: Gate) {
    this.#subscription = gate.onActivity((activity) => {
      if (activity.kind === 'started') this.#ids.add(activity.id);
      if (activity.kind !== 'ended') return;
      this.#ids.delete(activity.id);
      if (this.#ids.size > 0) return;
      const waiters = this.#waiters;
      this.#waiters = [];
      for (const waiter of waiters) waiter();
    });
  }

  get count(): number {
    return this.#ids.size;
  }

  /** Resolves once nothing runs. */
  idle(): Promise<void> {
    if (this.#ids.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
