/**
 * One client's view of a shell: first all of the screen, then what is printed. A client that is too slow is spared the rest and gets
 * the screen anew once it has caught up; the recording has everything.
 */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { TerminalSize } from '../../core/terminal.ts';
import { bounds } from '../../protocol/bounds.ts';
import type { ShellFrame } from '../../protocol/shells.ts';
import type { ShellScreen } from './shell-screen.ts';

export interface WatcherPort {
  send(frame: ShellFrame): void;
  /** Bytes that wait to be sent to this client, of whatever kind. */
  waitingBytes(): number;
}

/** How often a client that was too slow is looked at. */
const catchUpEveryMs = 50;

export class ShellWatcher implements Disposable {
  readonly #port: WatcherPort;
  readonly #screen: ShellScreen;
  readonly #clock: Clock;
  /** Set while the screen is on its way to it: what comes after the moment of the screen. */
  #held: Uint8Array[] | null = null;
  #catchUp: Disposable | null = null;
  #isDisposed = false;

  constructor(port: WatcherPort, screen: ShellScreen, clock: Clock) {
    this.#port = port;
    this.#screen = screen;
    this.#clock = clock;
    this.#restore();
  }

  handleOutput(chunk: Uint8Array): void {
    if (this.#catchUp !== null) return;
    if (this.#held !== null) {
      this.#held.push(chunk);
      return;
    }
    if (this.#port.waitingBytes() > bounds.screenLagBytes) this.#waitForIt();
    else this.#send(chunk);
  }

  handleSize({ columns, rows }: TerminalSize): void {
    // What is restored later has its size.
    if (this.#catchUp === null && this.#held === null) this.#port.send({ kind: 'size', columns, rows });
    else if (this.#held !== null) this.#restore();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#catchUp?.dispose();
  }

  #restore(): void {
    const held: Uint8Array[] = [];
    this.#held = held;
    this.#screen.whenSettled((text) => {
      // A later restore took over.
      if (this.#isDisposed || this.#held !== held) return;
      this.#held = null;
      this.#port.send({ kind: 'restore', ...this.#screen.size, text });
      for (const chunk of held) this.#send(chunk);
    });
  }

  #waitForIt(): void {
    this.#catchUp = this.#clock.after(catchUpEveryMs, () => {
      this.#catchUp = null;
      if (this.#port.waitingBytes() > bounds.screenLagBytes / 4) this.#waitForIt();
      else this.#restore();
    });
  }

  #send(chunk: Uint8Array): void {
    this.#port.send({ kind: 'output', bytes: Buffer.from(chunk).toString('base64') });
  }
}
