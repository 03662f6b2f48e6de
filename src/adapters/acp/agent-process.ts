/** One agent process with everything it started: its own process group, its last words, and an end that always comes. It knows no protocol. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { SpawnSpec } from '../../core/ports.ts';
import type { StderrLine } from '../../core/stderr-line.ts';
import { StderrTail } from './stderr-tail.ts';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class AgentProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when the process is gone and its stderr was read; never rejects. */
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #clock: Clock;
  readonly #redactor: Redactor;
  readonly #words = new Emitter<string>();
  /** A line that it wrote to stderr, redacted, without its end; a line that is too long comes in pieces. */
  readonly onWords = this.#words.event;
  readonly #stderr: StderrTail;
  readonly #stderrGrown = new Emitter<void>();
  /** There is more in `stderr`. */
  readonly onStderr = this.#stderrGrown.event;
  #line = '';
  #ending: Promise<void> | null = null;

  /** Starts the program, without a shell. Rejects with OperationError CONFIG_INVALID when the system refuses to. */
  static async start(spec: SpawnSpec, redactor: Redactor, clock: Clock): Promise<AgentProcess> {
    const [program, ...args] = spec.argv;
    const child = spawn(program ?? '', args, { cwd: spec.cwd, env: { ...spec.env }, detached: true, stdio: 'pipe' });
    const process = new AgentProcess(child, redactor, clock);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) =>
        reject(
          new OperationError('CONFIG_INVALID', `${program} cannot be started: ${error.message}`, { cause: error }),
        ),
      );
    });
    return process;
  }

  private constructor(child: ChildProcessWithoutNullStreams, redactor: Redactor, clock: Clock) {
    this.#child = child;
    this.#redactor = redactor;
    this.#clock = clock;
    this.#stderr = new StderrTail(redactor);
    this.stdin = child.stdin;
    this.stdout = child.stdout;
    // A process that dies breaks its pipes; its exit tells the reason.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
    const decoder = new TextDecoder('utf-8');
    child.stderr.on('data', (chunk: Buffer) => {
      const text = decoder.decode(chunk, { stream: true });
      this.#tellLines(text);
      this.#stderr.push(text, clock.nowMs());
      this.#stderrGrown.fire();
    });
    this.exited = this.#watch();
  }

  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** The end of what it wrote to stderr, redacted; empty when it wrote nothing. */
  get lastWords(): string {
    return this.#stderr.text;
  }

  get stderr(): readonly StderrLine[] {
    return this.#stderr.lines;
  }

  /** End of input, TERM to the group, KILL to the group. Resolves when it is gone. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  #tellLines(text: string): void {
    if (this.#words.listenerCount === 0) return;
    const lines = (this.#line + text).split(/\r?\n/);
    const last = lines.pop() ?? '';
    this.#line = last.length > limits.agentStderrBytesMax ? '' : last;
    if (last !== this.#line) lines.push(last);
    for (const line of lines) if (line.trim() !== '') this.#words.fire(this.#redactor.redact(line).text);
  }

  async #watch(): Promise<ProcessExit> {
    const child = this.#child;
    const closed = new Promise<void>((resolve) => child.stderr.once('close', () => resolve()));
    const exit = await new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', () => {
        if (child.pid === undefined) resolve({ code: null, signal: null });
      });
    });
    // Whatever it left behind in its group ends with it.
    this.#signalGroup('SIGKILL');
    // A child that left the group may keep the pipe open: its last words are not worth waiting for longer.
    await Promise.race([closed, this.#pause()]);
    return exit;
  }

  async #end(): Promise<void> {
    this.#child.stdin.end();
    if (await this.#isGoneInTime()) return;
    this.#signalGroup('SIGTERM');
    if (await this.#isGoneInTime()) return;
    this.#signalGroup('SIGKILL');
    await this.exited;
  }

  async #isGoneInTime(): Promise<boolean> {
    return await Promise.race([this.exited.then(() => true), this.#pause().then(() => false)]);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#clock.after(limits.agentEndGraceMs, resolve));
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // ESRCH: nobody is left. On macOS a group of zombies answers EPERM.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    }
  }
}
