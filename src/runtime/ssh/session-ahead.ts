/**
 * One session channel that is opened before there is a command for it, so that the command finds it open. It carries nothing until it is
 * taken, and a server runs nothing for it. It knows nothing of what will run.
 */
import type { Client, ClientChannel } from 'ssh2';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { isOpen, openSession } from './ssh2-internals.ts';

export class SessionAhead {
  readonly #client: Client;
  #waiting: Promise<ClientChannel | null> | null = null;
  readonly #clock: Clock;
  #kept: Disposable | null = null;
  #mayKeep = true;

  constructor(client: Client, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  /** Opens one for whenever a command comes, where the server has ever had a place for it. */
  keep(): void {
    if (this.#mayKeep && this.#waiting === null) this.#kept = this.open();
  }

  /** Opens something else; when that is refused while one is kept, there is too little room for both, and it is tried again without. */
  async makeRoomFor<T>(open: () => Promise<T>): Promise<T> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await open();
      } catch (error) {
        // Silence and a lost connection are no refusal: asking again would only take as long once more.
        const isRefused = error instanceof OperationError && error.code === 'UNSUPPORTED';
        const wasKept = this.#kept !== null && this.#waiting !== null;
        const mayRetry = wasKept || (!this.#mayKeep && retries > 0 && retries <= limits.sessionRetriesMax);
        if (!isRefused || !mayRetry) throw error;
        this.#mayKeep = false;
        this.#kept?.dispose();
        this.#kept = null;
        // sshd frees a session a moment after it has ended.
        await new Promise<void>((resolve) => this.#clock.after(retries * limits.sessionRetryMs, resolve));
      }
    }
  }

  /** Opens one unless one waits already. When disposed, the channel is closed if nobody has taken it. */
  open(): Disposable {
    const none = toDisposable(() => undefined);
    if (this.#waiting !== null) return none;
    const opening = openSession(this.#client);
    if (opening === null) return none;
    // A refusal is no matter: whoever runs a command then asks for a channel itself, and learns of it.
    const waiting = opening.then(
      (channel) => channel.on('error', () => undefined),
      () => {
        this.#mayKeep = false;
        return null;
      },
    );
    this.#waiting = waiting;
    return toDisposable(() => {
      if (this.#waiting !== waiting) return;
      this.#waiting = null;
      void waiting.then((channel) => channel?.close());
    });
  }

  /** The channel, once; it belongs to the caller. Null when there is none, or none that is open. */
  take(): Promise<ClientChannel | null> | null {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#kept = null;
    return waiting === null ? null : waiting.then((channel) => (channel !== null && isOpen(channel) ? channel : null));
  }

  /** The same, or a new one: what is sent on it can leave together. Null where only ssh2 itself can open one; rejects as it does when refused. */
  async takeOrOpen(): Promise<ClientChannel | null> {
    return (await this.take()) ?? (await openSession(this.#client));
  }
}
