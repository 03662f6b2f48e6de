/**
 * One session channel that is opened before there is a command for it, so that the command finds it open. It carries nothing until it is
 * taken, and a server runs nothing for it. It knows nothing of what will run.
 */
import type { Client, ClientChannel } from 'ssh2';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { isOpen, openSession } from './ssh2-internals.ts';

export class SessionAhead {
  readonly #client: Client;
  #waiting: Promise<ClientChannel | null> | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  get isWaiting(): boolean {
    return this.#waiting !== null;
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
      () => null,
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
    return waiting === null ? null : waiting.then((channel) => (channel !== null && isOpen(channel) ? channel : null));
  }
}
