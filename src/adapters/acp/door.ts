/** The way from an agent's client methods into the gate: whose session it is, and what happens to everything that runs for it. */
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import type { Caller } from '../../core/caller.ts';
import type { Envelope } from '../../core/envelope.ts';
import type { Activity, Gate, GateRequest } from '../../core/gate.ts';
import { refusal } from './refusal.ts';

/** An operation of the gate. */
export interface Started {
  readonly id: string;
  readonly server: string | null;
}

export interface PerformHooks {
  readonly onOutput?: NonNullable<GateRequest['onOutput']>;
  /** Once, when the operation was permitted and runs now. */
  onRunning?(operation: Started): void;
}

export class Door implements Disposable {
  readonly workFolder: string;
  readonly servers: readonly string[];
  readonly #gate: Gate;
  readonly #caller: Caller;
  readonly #running = new Set<AbortController>();
  /** The turn that the agent still works on is over for everybody else. */
  #isCancelled = false;

  constructor(gate: Gate, caller: Caller, workFolder: string, servers: readonly string[]) {
    this.#gate = gate;
    this.#caller = caller;
    this.workFolder = workFolder;
    this.servers = servers;
  }

  /** A prompt was sent: what the agent asks for from here on is done for it. */
  beginTurn(): void {
    this.#isCancelled = false;
  }

  /**
   * Throws RequestError CANCELLED from the moment a turn was cancelled until the next one begins: what the agent sent before it
   * knew, and what it sends because it does not care.
   */
  checkTurn(): void {
    if (this.#isCancelled) throw refusal('CANCELLED', 'The turn was cancelled; nothing more is done for it.');
  }

  /** `signal` is the agent's request; `cancelAll` ends it too. */
  async perform(operation: string, input: unknown, signal: AbortSignal, hooks: PerformHooks = {}): Promise<Envelope> {
    const abort = new AbortController();
    this.#running.add(abort);
    // A caller object of its own tells this operation's events from those of others.
    const caller: Caller = { ...this.#caller };
    const watch = hooks.onRunning
      ? this.#gate.onActivity(toRunningListener(caller, hooks.onRunning))
      : toDisposable(() => {});
    try {
      return await this.#gate.perform({
        operation,
        input,
        caller,
        signal: AbortSignal.any([signal, abort.signal]),
        ...(hooks.onOutput ? { onOutput: hooks.onOutput } : {}),
      });
    } finally {
      watch.dispose();
      this.#running.delete(abort);
    }
  }

  /** Withdraws what waits and ends what runs. */
  cancelAll(): void {
    this.#isCancelled = true;
    for (const abort of this.#running) abort.abort();
  }

  dispose(): void {
    this.cancelAll();
  }
}

function toRunningListener(caller: Caller, onRunning: (operation: Started) => void): (activity: Activity) => void {
  let started: Started | null = null;
  return (activity) => {
    if (activity.kind === 'started' && activity.caller === caller) started = activity;
    if (activity.kind === 'running' && activity.id === started?.id)
      onRunning({ id: started.id, server: started.server });
  };
}
