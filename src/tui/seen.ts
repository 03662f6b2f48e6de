/**
 * Tells the host up to where a conversation was looked at, so that no screen calls it unread. Knows no widget; a glance in passing does not count.
 */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { HostPort } from './host-port.ts';

export interface SeenPorts {
  /** Id of the last item that the host knows to be seen; 0 before any. */
  seenItem(session: string): number;
  tell(session: string, item: number): void;
}

/** Who goes through the sessions with a key has not read each of them. */
const lookMs = 600;

export class Seen implements Disposable {
  readonly #clock: Clock;
  readonly #ports: SeenPorts;
  #isTerminalFocused = true;
  #shown: { readonly session: string; readonly item: number } | null = null;
  #timer: Disposable | null = null;

  constructor(clock: Clock, ports: SeenPorts) {
    this.#clock = clock;
    this.#ports = ports;
  }

  /** This conversation is on the screen, up to this item; 0 while its end is not. Cheap to call with each painting. */
  handleShown(session: string, item: number): void {
    if (this.#shown !== null && this.#shown.session !== session) this.#stop();
    this.#shown = null;
    if (item <= this.#ports.seenItem(session)) return;
    this.#shown = { session, item };
    this.#timer ??= this.#clock.after(lookMs, () => this.#tell());
  }

  handleTerminalFocus(isFocused: boolean): void {
    this.#isTerminalFocused = isFocused;
    if (isFocused) this.#tell();
  }

  dispose(): void {
    this.#stop();
  }

  #tell(): void {
    this.#stop();
    const shown = this.#shown;
    // Nobody looks at a window that is behind another; what it showed counts when it is looked at again.
    if (!shown || !this.#isTerminalFocused) return;
    this.#shown = null;
    if (shown.item > this.#ports.seenItem(shown.session)) this.#ports.tell(shown.session, shown.item);
  }

  #stop(): void {
    this.#timer?.dispose();
    this.#timer = null;
  }
}

export function createSeen(clock: Clock, host: HostPort): Seen {
  return new Seen(clock, {
    seenItem: (session) => host.view.sessions[session]?.seenItem ?? 0,
    // An older host does not know it; nothing depends on it but the count of what is unread.
    tell: (session, item) => void host.call('session.seen', { session, item }).catch(() => undefined),
  });
}
