/** The terminal itself: raw mode, full-screen modes, writes that never block, and its restoration however the process ends. */
import { writeSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { Disposables, toDisposable } from '../../base/lifecycle.ts';
import { enterSequence, leaveSequence, type MouseMoves, movesSequence } from './terminal-modes.ts';

/** The part of `process.stdin` that is used. */
export interface TerminalInput {
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  off(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  off(event: 'end', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** The part of `process.stdout` that is used. */
export interface TerminalOutput {
  readonly columns: number;
  readonly rows: number;
  readonly writableNeedDrain: boolean;
  readonly writableLength: number;
  readonly fd?: number;
  write(text: string): boolean;
  on(event: 'drain' | 'resize', listener: () => void): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  off(event: 'drain' | 'resize', listener: () => void): unknown;
}

export type TerminalSignal = 'SIGHUP' | 'SIGTERM' | 'SIGINT' | 'SIGTSTP' | 'SIGCONT';

/** The part of `process` that is used. */
export interface TerminalProcess {
  readonly pid: number;
  on(event: TerminalSignal | 'exit' | 'uncaughtExceptionMonitor', listener: () => void): unknown;
  off(event: TerminalSignal | 'exit' | 'uncaughtExceptionMonitor', listener: () => void): unknown;
  kill(pid: number, signal: TerminalSignal): unknown;
}

export interface DeviceOptions {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  readonly process: TerminalProcess;
  readonly mouse: 'mouse' | 'no-mouse';
  readonly clock: Clock;
  /** What is to be undone beside the modes that are always switched on. */
  undo(): string;
}

/** Still running this long after Ctrl-Z means that nothing could stop us, so nothing would continue us. */
const notStoppedMs = 100;
/** Any long time does; the timer only has to exist. */
const keepAliveEveryMs = 3_600_000;

export interface DeviceListener {
  handleData(chunk: Buffer | string): void;
  handleResize(): void;
  /** The terminal takes bytes again. */
  handleDrain(): void;
  /** The screen was given to something else meanwhile; everything must be written again. */
  handleResume(): void;
  /** SIGHUP, SIGTERM, SIGINT: the terminal is restored already. True when the application ends the process itself. */
  handleEnd(signal: TerminalSignal): boolean;
}

export class TerminalDevice implements Disposable {
  readonly #options: DeviceOptions;
  readonly #listener: DeviceListener;
  readonly #registrations = new Disposables();
  #active = false;
  #broken = false;
  #moves: MouseMoves = 'no-moves';
  /** Who is meant to have the terminal while it is not active: we, stopped, or another program it was given to. */
  #owner: 'us' | 'another program' = 'us';
  #stopListener: Disposable | null = null;
  /** Without input nothing else keeps the process alive, and it would end as soon as it is continued. */
  #keepAlive: NodeJS.Timeout | null = null;

  constructor(options: DeviceOptions, listener: DeviceListener) {
    this.#options = options;
    this.#listener = listener;
    const { input, output } = options;
    const onResize = (): void => listener.handleResize();
    const onDrain = (): void => listener.handleDrain();
    const onInputEnd = (): void => this.#handleGone();
    output.on('resize', onResize);
    output.on('drain', onDrain);
    output.on('error', (error) => this.#handleOutputError(error));
    input.on('end', onInputEnd);
    input.on('error', (error) => this.#handleInputError(error));
    this.#registrations.add(
      toDisposable(() => {
        output.off('resize', onResize);
        output.off('drain', onDrain);
        input.off('end', onInputEnd);
        // The error listeners stay: what fails after the end must not become an uncaught exception.
      }),
    );
    for (const signal of ['SIGHUP', 'SIGTERM', 'SIGINT'] as const) this.#listen(signal, () => this.#handleEnd(signal));
    this.#listenForStop();
    this.#listen('SIGCONT', () => {
      if (this.#owner === 'us') this.#take();
    });
    this.#listen('exit', () => this.dispose());
    this.#listen('uncaughtExceptionMonitor', () => this.dispose());
    this.#take();
  }

  /** Whether a frame may be written now: the terminal is ours and has taken everything so far. */
  get isReady(): boolean {
    return this.#active && !this.#broken && !this.#options.output.writableNeedDrain;
  }

  get isActive(): boolean {
    return this.#active;
  }

  write(text: string): void {
    if (this.#active && !this.#broken) this.#options.output.write(text);
  }

  /** Nothing without the mouse, and nothing when it is so already; kept while another program has the terminal. */
  setMoves(moves: MouseMoves): void {
    if (this.#options.mouse === 'no-mouse' || moves === this.#moves) return;
    this.#moves = moves;
    this.write(movesSequence(moves));
  }

  /** Gives the terminal to another program until `resume`. */
  suspend(): void {
    this.#owner = 'another program';
    this.#giveBack();
  }

  resume(): void {
    this.#owner = 'us';
    this.#take();
  }

  /** Stops us and everything started with us (Ctrl-Z), so that the shell notices; comes back with SIGCONT. */
  stop(): void {
    this.#stop(0);
  }

  dispose(): void {
    this.#giveBack();
    this.#endKeepAlive();
    this.#stopListener?.dispose();
    this.#registrations.dispose();
  }

  readonly #handleData = (chunk: Buffer | string): void => this.#listener.handleData(chunk);

  #giveBack(): void {
    if (!this.#active) return;
    this.#active = false;
    const { input, output } = this.#options;
    input.off('data', this.#handleData);
    input.pause();
    this.#writeAtOnce(
      (this.#moves === 'moves' ? movesSequence('no-moves') : '') + leaveSequence + this.#options.undo(),
    );
    setBlocking(output, 'blocking');
    input.setRawMode?.(false);
    this.#keepAlive = setInterval(() => {}, keepAliveEveryMs);
  }

  /** Takes the terminal; when it is ours already everything is written anew, which is right after SIGSTOP from outside. */
  #take(): void {
    if (this.#registrations.isDisposed) return;
    const { input, output } = this.#options;
    if (!this.#active) input.on('data', this.#handleData);
    this.#active = true;
    this.#endKeepAlive();
    input.setRawMode?.(true);
    input.resume();
    setBlocking(output, 'not-blocking');
    this.write(enterSequence(this.#options.mouse) + (this.#moves === 'moves' ? movesSequence('moves') : ''));
    this.#listener.handleResume();
  }

  #endKeepAlive(): void {
    if (this.#keepAlive) clearInterval(this.#keepAlive);
    this.#keepAlive = null;
  }

  /**
   * Takes the default action of SIGTSTP: without a listener, and not as SIGSTOP, because the kernel ignores it where no shell could
   * ever continue us.
   * @param target a process id; 0 is our whole process group
   */
  #stop(target: number): void {
    this.#giveBack();
    this.#stopListener?.dispose();
    this.#options.process.kill(target, 'SIGTSTP');
    this.#options.clock.after(notStoppedMs, () => {
      if (this.#registrations.isDisposed) return;
      this.#listenForStop();
      if (!this.#active && this.#owner === 'us') this.#take();
    });
  }

  #listenForStop(): void {
    const host = this.#options.process;
    const handle = (): void => this.#stop(host.pid);
    host.on('SIGTSTP', handle);
    this.#stopListener?.dispose();
    this.#stopListener = toDisposable(() => host.off('SIGTSTP', handle));
  }

  #listen(event: TerminalSignal | 'exit' | 'uncaughtExceptionMonitor', handle: () => void): void {
    const host = this.#options.process;
    host.on(event, handle);
    this.#registrations.add(toDisposable(() => host.off(event, handle)));
  }

  #handleEnd(signal: TerminalSignal): void {
    // Ctrl-C reaches the whole foreground group; while another program has the terminal it is meant for that one.
    if (signal === 'SIGINT' && this.#owner === 'another program') return;
    this.dispose();
    const host = this.#options.process;
    if (!this.#listener.handleEnd(signal)) return void host.kill(host.pid, signal);
    // A shell passes the SIGHUP on that it got itself: this one is the same, and the application is at its end already.
    if (signal === 'SIGHUP') host.on(signal, () => {});
  }

  /** Writing more would only fail again. */
  #handleOutputError(error: NodeJS.ErrnoException): void {
    this.#broken = true;
    if (error.code === 'EIO') this.#handleGone();
  }

  /** Also from switching raw mode off. */
  #handleInputError(error: NodeJS.ErrnoException): void {
    if (error.code !== 'EIO') throw error;
    this.#handleGone();
  }

  /** The terminal is gone (its window was closed). The kernel tells it by SIGHUP only to the shell above us, which may ignore it. */
  #handleGone(): void {
    this.#broken = true;
    if (!this.#registrations.isDisposed) this.#handleEnd('SIGHUP');
  }

  /** Past a backlog, a write would wait behind frames that nobody reads any more: it goes straight to the descriptor. */
  #writeAtOnce(text: string): void {
    const { output } = this.#options;
    if (this.#broken) return;
    if (output.fd === undefined || output.writableLength === 0) {
      setBlocking(output, 'blocking');
      output.write(text);
      return;
    }
    try {
      writeSync(output.fd, text);
    } catch {
      // A terminal that takes nothing cannot be restored; whoever resumes it sees the stream's own remainder.
      output.write(text);
    }
  }
}

/** Node writes to a terminal synchronously: one that stalls would stop the whole program. The handle is Node's own, hence optional. */
function setBlocking(output: TerminalOutput, mode: 'blocking' | 'not-blocking'): void {
  const handle = (output as { _handle?: { setBlocking?: (blocking: boolean) => unknown } })._handle;
  handle?.setBlocking?.(mode === 'blocking');
}
