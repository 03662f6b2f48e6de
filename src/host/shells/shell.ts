/** One interactive shell: opened through the gate, its screen kept here, its clients told. It goes on when nobody watches. */
import type { Clock } from '../../base/clock.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import type { Caller } from '../../core/caller.ts';
import type { Envelope } from '../../core/envelope.ts';
import type { Gate } from '../../core/gate.ts';
import type { OperationInput } from '../../core/operations/table.ts';
import type { TerminalInput, TerminalSize } from '../../core/terminal.ts';
import { bounds } from '../../protocol/bounds.ts';
import type { ShellView } from '../../protocol/shells.ts';
import { ShellScreen } from './shell-screen.ts';
import { ShellWatcher, type WatcherPort } from './shell-watcher.ts';

export interface ShellOptions {
  readonly id: string;
  readonly input: OperationInput<'shell_open'>;
  readonly caller: Caller;
  readonly gate: Gate;
  readonly clock: Clock;
  onChange(change: Partial<Omit<ShellView, 'id'>>): void;
  /** It is over and nobody needs to read why. */
  onGone(): void;
}

/** The server is asked to wait while more than the first is unparsed, and to go on below the second. */
const highWaterBytes = 64 * 1024;
const lowWaterBytes = 16 * 1024;

export class Shell implements Disposable {
  readonly #options: ShellOptions;
  readonly #screen: ShellScreen;
  readonly #stop = new AbortController();
  readonly #watchers = new Set<ShellWatcher>();
  /** Typed before the shell was there. */
  #ahead: Uint8Array[] = [];
  #aheadBytes = 0;
  #terminal: TerminalInput | null = null;
  #isPaused = false;
  /** Resolves when it has ended; never rejects. */
  readonly ended: Promise<void>;

  constructor(options: ShellOptions) {
    this.#options = options;
    const { columns, rows } = options.input;
    this.#screen = new ShellScreen({
      size: { columns, rows },
      onReply: (bytes) => this.#terminal?.write(bytes),
      onTitle: (title) => options.onChange({ title }),
    });
    this.ended = this.#run();
  }

  /** Frames go to `port` until this is disposed. */
  attach(port: WatcherPort): Disposable {
    const watcher = new ShellWatcher(port, this.#screen, this.#options.clock);
    this.#watchers.add(watcher);
    this.#options.onChange({ watchers: this.#watchers.size });
    return toDisposable(() => {
      watcher.dispose();
      this.#watchers.delete(watcher);
      this.#options.onChange({ watchers: this.#watchers.size });
    });
  }

  type(bytes: Uint8Array): void {
    if (this.#terminal) this.#terminal.write(bytes);
    else if (this.#aheadBytes + bytes.byteLength <= bounds.shellTypedCharactersMax) {
      this.#ahead.push(bytes);
      this.#aheadBytes += bytes.byteLength;
    }
  }

  resize(size: TerminalSize): void {
    const { columns, rows } = this.#screen.size;
    if (columns === size.columns && rows === size.rows) return;
    this.#screen.resize(size);
    this.#terminal?.resize(size);
    for (const watcher of this.#watchers) watcher.handleSize(size);
    this.#options.onChange(size);
  }

  /** Hangs it up. */
  dispose(): void {
    this.#stop.abort();
  }

  /** Nobody shows it any more. */
  forget(): void {
    this.#screen.dispose();
  }

  async #run(): Promise<void> {
    const { gate, input, caller } = this.#options;
    const envelope = await gate.perform({
      ...{ operation: 'shell_open', input, caller, signal: this.#stop.signal },
      onOutput: (_stream, chunk) => this.#handleOutput(chunk),
      onTerminal: (terminal) => this.#handleTerminal(terminal),
    });
    this.#terminal = null;
    await new Promise<void>((resolve) => this.#screen.whenSettled(() => resolve()));
    this.#handleEnded(envelope);
  }

  #handleTerminal(terminal: TerminalInput): void {
    this.#terminal = terminal;
    const { input } = this.#options;
    const { size } = this.#screen;
    if (size.columns !== input.columns || size.rows !== input.rows) terminal.resize(size);
    for (const bytes of this.#ahead) terminal.write(bytes);
    this.#ahead = [];
    this.#options.onChange({ state: 'open' });
  }

  #handleOutput(chunk: Uint8Array): void {
    this.#screen.write(chunk, () => this.#keepPace());
    this.#keepPace();
    for (const watcher of this.#watchers) watcher.handleOutput(chunk);
  }

  /** A flood waits on the server, not in the memory of the host. */
  #keepPace(): void {
    const { waitingBytes } = this.#screen;
    if (!this.#isPaused && waitingBytes > highWaterBytes) {
      this.#isPaused = true;
      this.#terminal?.pause();
    } else if (this.#isPaused && waitingBytes < lowWaterBytes) {
      this.#isPaused = false;
      this.#terminal?.resume();
    }
  }

  #handleEnded({ status, message, code }: Envelope): void {
    if (status === 'ok' || code === 'CANCELLED') this.#options.onGone();
    else this.#options.onChange({ state: 'ended', problem: message ?? 'The shell could not be opened.' });
  }
}
