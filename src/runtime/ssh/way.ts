/** What leads to a server, before any SSH is spoken on it: a socket, a channel of a jump host, a command of this machine. */
import type { Duplex } from 'node:stream';
import type { Event } from '../../base/event.ts';

/** As many lines as are opened, until it is released. */
export interface Way {
  open(): Promise<Duplex>;
  release(): void;
  /** The error as it is once the way itself was asked why it failed; only after it was released. */
  explain?(error: unknown): Promise<unknown>;
  /** A person has to see to something before the line is through. */
  readonly onAwaited?: Event<void>;
  /** The line that was opened last is not through yet, for a reason that a person sees to: its silence is not the server's. */
  isAwaited?(): boolean;
}
