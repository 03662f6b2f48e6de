/**
 * What the host is asked for and has not answered yet: in words, since when, and ended on demand where the host can. Draws nothing.
 */
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/event.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { MethodName } from '../protocol/methods.ts';
import { toCallWords } from './call-words.ts';

/** What is shown of the calls that take long. */
export interface CallInFlight {
  /** Foreign names are in it; it is escaped where it is shown. */
  readonly words: string;
  readonly startedMs: number;
  /** Calls that take long beside it. */
  readonly others: number;
  /** Esc ends it; false also when it was ended and the answer is on its way. */
  readonly canCancel: boolean;
  readonly isCancelled: boolean;
}

interface Running {
  readonly words: string;
  readonly startedMs: number;
  readonly abort: AbortController | null;
}

/** Faster than this nobody waits; slower than this everybody wonders. */
const longMs = 500;
/** The seconds go on, and a sign of life moves. */
const tickMs = 250;

/** Methods that the host ends when it is asked to. */
const cancellable: readonly MethodName[] = [
  'operation.perform',
  'rollback.preview',
  'session.changes',
  'server.test',
  'server.facts',
  'vault.unlock',
];

export class CallsInFlight implements Disposable {
  readonly #clock: Clock;
  readonly #changes = new Emitter<'shown' | 'tick'>();
  /** Those of them that take long, oldest first. */
  readonly #long = new Set<Running>();
  readonly #timers = new Set<Disposable>();
  /** Servers that calls are about, one entry a call. */
  readonly #servers: string[] = [];
  /** One entry a call. */
  readonly #methods: MethodName[] = [];
  #tick: Disposable | null = null;

  /** `shown`: what is shown came, went or changed; `tick`: only its time did. */
  readonly onChange = this.#changes.event;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The newest that takes long; null while none does. */
  get shown(): CallInFlight | null {
    const newest = [...this.#long].at(-1);
    if (!newest) return null;
    const { words, startedMs, abort } = newest;
    const isCancelled = abort?.signal.aborted === true;
    return { words, startedMs, others: this.#long.size - 1, canCancel: abort !== null && !isCancelled, isCancelled };
  }

  /** Whether somebody at this screen waits for a server. */
  isAbout(server: string): boolean {
    return this.#servers.includes(server);
  }

  /** Whether somebody at this screen waits for this to be done. */
  isOf(method: MethodName): boolean {
    return this.#methods.includes(method);
  }

  /** Watches a call until it is answered. `start` gets the signal that ends it. */
  async watch<T>(
    method: MethodName,
    params: unknown,
    start: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    const server = toServer(params);
    if (server !== null) this.#servers.push(server);
    this.#methods.push(method);
    try {
      return await this.#watchNamed(method, params, start);
    } finally {
      if (server !== null) this.#servers.splice(this.#servers.indexOf(server), 1);
      this.#methods.splice(this.#methods.indexOf(method), 1);
    }
  }

  async #watchNamed<T>(
    method: MethodName,
    params: unknown,
    start: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    const words = toCallWords(method, params);
    if (words === null) return await start(undefined);
    const abort = cancellable.includes(method) ? new AbortController() : null;
    const running: Running = { words, startedMs: this.#clock.monotonicMs(), abort };
    const timer = this.#clock.after(longMs, () => {
      this.#timers.delete(timer);
      this.#long.add(running);
      this.#changes.fire('shown');
      this.#startTicking();
    });
    this.#timers.add(timer);
    try {
      return await start(abort?.signal);
    } finally {
      timer.dispose();
      this.#timers.delete(timer);
      if (this.#long.delete(running)) this.#changes.fire('shown');
    }
  }

  /** Ends the call that is shown; its words, or null when none can be ended. */
  cancel(): string | null {
    const last = [...this.#long].at(-1);
    if (!last?.abort || last.abort.signal.aborted) return null;
    last.abort.abort();
    this.#changes.fire('shown');
    return last.words;
  }

  dispose(): void {
    for (const timer of this.#timers) timer.dispose();
    this.#timers.clear();
    this.#tick?.dispose();
    this.#changes.dispose();
  }

  #startTicking(): void {
    this.#tick ??= this.#clock.after(tickMs, () => {
      this.#tick = null;
      if (this.shown === null) return;
      this.#changes.fire('tick');
      this.#startTicking();
    });
  }
}

/** `{server}`, or `{input: {server}}` of an operation. */
function toServer(params: unknown): string | null {
  const { server, input } = params as { readonly server?: unknown; readonly input?: { readonly server?: unknown } };
  const named = server ?? input?.server;
  return typeof named === 'string' ? named : null;
}
