/**
 * A command of this machine whose standard input and output are the line to a server, as ProxyCommand has it. It asks nobody whether the
 * command may run, and knows nothing of SSH.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { noteProcess } from '../../base/process-ledger.ts';
import { limits } from '../../core/limits.ts';
import { toLocalEnvironment } from './local-environment.ts';
import { signalGroup, watchGroup } from './process-group.ts';

export interface CommandStreamOptions {
  /** For a shell; every token is replaced. */
  readonly text: string;
  /** Of the operator; what is ours in it is not handed on. */
  readonly env: NodeJS.ProcessEnv;
  /** Names of variables that hold secrets of servers. */
  readonly secretVariables: readonly string[];
  readonly clock: Clock;
  /** Where is noted that it runs, in case that this process cannot end it any more; null: nowhere. */
  readonly ledgerFolder: string | null;
}

export interface CommandEnd {
  /** `ended with status 1`; null when it ended well, or only with the line. */
  readonly failed: string | null;
  /** The last line on its standard error: foreign text. */
  readonly said: string | null;
}

export class CommandStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #clock: Clock;
  readonly #ended: Promise<void>;
  readonly #startedMs: number;
  readonly #words = new LastWords();
  readonly #spoke = new Emitter<void>();
  readonly #through = new Emitter<void>();
  #isThrough = false;
  #status: string | null = null;
  #startProblem: string | null = null;
  #isSilent = false;
  #isEndedByUs = false;
  #grace: Disposable = toDisposable(() => undefined);

  /** It has printed something on its standard error. */
  readonly onSpoke = this.#spoke.event;

  /** The first bytes have come through it. */
  readonly onThrough = this.#through.event;

  constructor({ text, env, secretVariables, clock, ledgerFolder }: CommandStreamOptions) {
    // An end on one side is the end: SSH has no use for half a line.
    super({ allowHalfOpen: false });
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
    // As ssh runs it: the user's shell, which the command replaces; but in the home folder, since where a host was started means nothing.
    const shell = env.SHELL || '/bin/sh';
    this.#child = spawn(shell, ['-c', /^exec\s/.test(text) ? text : `exec ${text}`], {
      env: toLocalEnvironment(env, secretVariables),
      cwd: userInfo().homedir || homedir(),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    watchGroup(this.#child);
    const { pid } = this.#child;
    if (pid !== undefined && ledgerFolder !== null) this.#child.once('exit', noteProcess(ledgerFolder, pid));
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        this.#startProblem = `could not be started (${error.code ?? error.message})`;
        this.destroy();
        resolve();
      });
      this.#child.once('exit', (code, signal) => {
        this.#status = code === null ? `was ended by ${signal}` : `ended with status ${code}`;
        this.#grace.dispose();
        // Something it left in the background may hold its output for ever, as the master of an ssh that shares connections does.
        clock.after(lastWordsMs, resolve);
      });
      this.#child.once('close', () => resolve());
    });
    const { stdin, stdout, stderr } = this.#child;
    // A command that is gone has closed its end; what becomes of the line is told by its output.
    stdin.on('error', () => undefined);
    stdout.on('data', (chunk: Buffer) => {
      if (!this.#isThrough) {
        this.#isThrough = true;
        this.#through.fire();
      }
      if (!this.push(chunk)) stdout.pause();
    });
    stdout.on('end', () => {
      this.#isSilent = true;
      this.push(null);
    });
    stdout.on('error', () => undefined);
    stderr.on('data', (chunk: Buffer) => {
      this.#words.add(chunk);
      this.#spoke.fire();
    });
    stderr.on('error', () => undefined);
  }

  /** Of the shell, and so of what it was replaced by; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The last lines that it printed on its standard error: foreign text; null when there are none. */
  get said(): string | null {
    return this.#words.text || null;
  }

  /** It runs, nothing has come through it yet, and it has said something: perhaps what a person is to do. Not for ever. */
  get isAwaited(): boolean {
    if (this.#isThrough || this.destroyed || this.#status !== null || this.said === null) return false;
    return this.#clock.monotonicMs() - this.#startedMs < limits.loginQuestionMs;
  }

  /** Ends the command, and says how it had ended by itself and what it said last. */
  async explain(): Promise<CommandEnd> {
    this.destroy();
    await this.#ended;
    if (this.#startProblem !== null) return { failed: this.#startProblem, said: null };
    const isGood = this.#isEndedByUs || this.#status === 'ended with status 0';
    return { failed: isGood ? null : this.#status, said: this.#words.lastLine || null };
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // One that reads no more tells by its output whether it has ended, and by its status why.
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end();
    // What goes on although nobody writes any more is told to end.
    this.#grace = this.#clock.after(endGraceMs, () => this.destroy());
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#grace.dispose();
    this.#child.stdin.destroy();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      // What has closed its output is about to end by itself, and its status says why. ssh hangs up on the rest, too; what does not listen is killed.
      if (!this.#isSilent) this.#signal('SIGHUP');
      this.#grace = this.#clock.after(endGraceMs, () => this.#signal('SIGKILL'));
    }
    // What waits until somebody reads could not end.
    this.#child.stdout.resume();
    void this.#ended.then(() => {
      this.#child.stdout.destroy();
      this.#child.stderr.destroy();
    });
    done(error);
  }

  #signal(signal: NodeJS.Signals): void {
    this.#isEndedByUs = true;
    signalGroup(this.#child.pid, signal);
  }
}

const endGraceMs = 1_000;
const lastWordsMs = 500;

/** The end of what was printed, as far as a person reads it. */
class LastWords {
  readonly #decoder = new StringDecoder('utf8');
  #text = '';

  add(chunk: Buffer): void {
    this.#text = `${this.#text}${this.#decoder.write(chunk)}`.slice(-charactersMax);
  }

  get text(): string {
    const lines = this.#text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
    return lines.slice(-linesMax).join('\n');
  }

  /** As far as a sentence can hold it, without its end. */
  get lastLine(): string {
    const line = this.text.split('\n').at(-1) ?? '';
    return line
      .trim()
      .slice(0, lineCharactersMax)
      .replace(/[.!]+$/, '');
  }
}

const charactersMax = 4_096;
const linesMax = 8;
const lineCharactersMax = 400;
