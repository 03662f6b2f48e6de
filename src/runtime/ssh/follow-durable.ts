/**
 * Following one durable command from where its output was read to, over as many connections as it takes, to its end or until whoever asked has
 * left. It knows nothing of how it was started.
 */
import type { Clock } from '../../base/clock.ts';
import type { DurableAction, ExecAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import type { DurableNote, DurableNotes } from '../../core/durable.ts';
import { limits } from '../../core/limits.ts';
import type { ExecOutcome, PerformSink } from '../../core/ports.ts';
import type { Connection } from './connection.ts';
import {
  NeverStartedError,
  toGoneError,
  toNeverStartedError,
  toUnansweredError,
  toUnremovedError,
} from './durable-errors.ts';
import {
  durableExit,
  toDurableClaim,
  toDurableFollow,
  toDurableLook,
  toDurableRemove,
  toDurableStatus,
} from './durable-scripts.ts';
import { CappedOutput } from './exec-output.ts';
import type { Retry } from './retries.ts';
import { runCommand } from './run-command.ts';

export interface DurableParts {
  readonly id: string;
  readonly server: string;
  readonly address: string;
  readonly notes: DurableNotes;
  readonly clock: Clock;
  /** Called once it is followed. */
  readonly beginRetry: () => Retry;
  readonly sink: PerformSink;
  readonly signal: AbortSignal;
  readonly redeem: () => void;
  /** Runs a task on a connection to the server as it was approved, a new one when the last is lost. */
  use<T>(task: (connection: Connection) => Promise<T>): Promise<T>;
}

export class Following {
  #note: DurableNote;
  readonly #parts: DurableParts;
  readonly #stdout: CappedOutput;
  readonly #stderr: CappedOutput;
  readonly #deadlineMs: number;
  #keptAtMs = 0;
  /** All of it was read; its folder may still have to go. */
  #read: ExecOutcome | null = null;

  constructor(note: DurableNote, action: Pick<ExecAction, 'timeoutMs' | 'outputBytesMax'>, parts: DurableParts) {
    this.#note = note;
    this.#parts = parts;
    this.#stdout = new CappedOutput(action.outputBytesMax);
    this.#stderr = new CappedOutput(action.outputBytesMax);
    this.#deadlineMs = parts.clock.monotonicMs() + action.timeoutMs;
  }

  /** Until the command has ended, our time is over, or whoever asked has left: only the first ends the command's folder. */
  async run(how: 'started' | 'maybe started'): Promise<ExecOutcome> {
    const retry = this.#parts.beginRetry();
    try {
      return await this.#follow(how, retry);
    } finally {
      retry.dispose();
    }
  }

  async #follow(how: 'started' | 'maybe started', retry: Retry): Promise<ExecOutcome> {
    let isSure = how === 'started';
    for (let failures = 0; ; ) {
      try {
        const { stdoutBytes, stderrBytes, id } = this.#note;
        const followed = await this.#run(toDurableFollow(id, stdoutBytes, stderrBytes), (stream, chunk) => {
          failures = 0;
          this.#take(stream, chunk);
        });
        if (followed.ended !== 'exit') return await this.#leave(followed.ended);
        if (followed.exitCode === durableExit.lost) return await this.#endLost();
        if (followed.exitCode === durableExit.gone) {
          if (this.#read !== null) return this.#read;
          // Who followed it beside us was faster.
          const known = await this.#parts.notes.find(id);
          if (known !== null && known.doneAt !== null) {
            this.#note = known;
            return this.toDone('follow');
          }
          if (isSure) throw await this.#forgotten(toGoneError(this.#note));
          // The start may still be on its way: whoever is first there has the folder.
          const claimed = await this.once(toDurableClaim(id));
          if (claimed.ended !== 'exit') return await this.#leave(claimed.ended);
          if (claimed.exitCode === 0 || claimed.exitCode === durableExit.noPlace)
            throw await this.#forgotten(toNeverStartedError(this.#note));
          if (claimed.exitCode !== durableExit.begun) throw toUnansweredError(this.#note);
          isSure = true;
          continue;
        }
        // Somebody ended what followed it, and not the command.
        if (followed.exitCode !== 0) throw toUnansweredError(this.#note);
        return await this.#end();
      } catch (error) {
        if (this.#read !== null && (this.#parts.signal.aborted || this.#remainingMs <= 0)) return this.#read;
        if (this.#parts.signal.aborted) return await this.#leave('cancelled');
        if (!isLost(error) || error instanceof NeverStartedError) throw error;
        failures += 1;
        if (this.#remainingMs <= 0) return await this.#leave('timeout');
        const delayMs = Math.min(limits.durableRetryMs * 2 ** (failures - 1), limits.durableRetryMsMax);
        await retry.pause(delayMs, this.#parts.signal);
      }
    }
  }

  once(command: ExecAction['command'], timeoutMs?: number): Promise<ExecOutcome> {
    return this.#run(command, () => undefined, timeoutMs);
  }

  /** Throws PERMISSION_DENIED or TIMEOUT where its folder may still be there; it is remembered then. */
  async remove(): Promise<ExecOutcome> {
    const removed = await this.once(toDurableRemove(this.#note.id), limits.sftpDeadlineMs);
    if (removed.exitCode !== 0) throw toUnremovedError(this.#note, removed);
    const { id, server, state } = this.#note;
    await this.#parts.notes.forget(id);
    this.#say(
      `forgotten here, and its output removed from ${server}${state === 'running' ? '; it was not ended' : ''}\n`,
    );
    return this.toOutcome({ ended: 'exit', exitCode: 0 });
  }

  /** How it stands, in words as output; what it printed is not read. */
  async look(): Promise<ExecOutcome> {
    const { id } = this.#note;
    const looked = await this.once(toDurableLook(id));
    if (looked.ended !== 'exit') return await this.#leave(looked.ended);
    if (looked.exitCode === durableExit.gone) throw await this.#forgotten(toGoneError(this.#note));
    if (looked.exitCode === durableExit.lost) return await this.#endLost();
    const said = new TextDecoder().decode(looked.stdout).trim();
    const hasEnded = isStatus(said);
    if (!hasEnded && said !== 'running') throw toUnansweredError(this.#note);
    this.#note = { ...this.#note, state: hasEnded ? 'ended' : 'running', exitCode: hasEnded ? Number(said) : null };
    await this.#parts.notes.keep(this.#note);
    this.#say(hasEnded ? `ended with status ${said}\n` : 'running\n');
    return this.toOutcome({ ended: 'exit', exitCode: 0 });
  }

  /** Of one that was read to its end before: what is remembered of it here, without a look at the server. */
  toDone(act: DurableAction['act']): ExecOutcome {
    const { exitCode } = this.#note;
    if (act === 'look') this.#say(`ended with status ${exitCode}\n`);
    return this.toOutcome({ ended: 'exit', exitCode: act === 'look' || act === 'remove' ? 0 : exitCode });
  }

  toOutcome(end: Pick<ExecOutcome, 'ended' | 'exitCode'>): ExecOutcome {
    const { id, state, exitCode, folder, doneAt } = this.#note;
    return {
      ...{ kind: 'exec', signal: null, ...end, durable: { id, state, exitCode, folder, doneAt } },
      ...{ stdout: this.#stdout.toBytes(), stderr: this.#stderr.toBytes() },
      ...{ stdoutBytes: this.#stdout.bytes, stderrBytes: this.#stderr.bytes },
    };
  }

  #say(words: string): void {
    const bytes = new TextEncoder().encode(words);
    this.#stdout.add(bytes);
    this.#parts.sink.onOutput?.('stdout', bytes);
  }

  get #remainingMs(): number {
    return this.#deadlineMs - this.#parts.clock.monotonicMs();
  }

  #run(
    command: ExecAction['command'],
    onOutput: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void,
    timeoutMs = Math.max(this.#remainingMs, 1),
  ): Promise<ExecOutcome> {
    const { sink, signal } = this.#parts;
    return this.#parts.use((connection) =>
      runCommand(
        connection,
        {
          ...{ command, cwd: null, stdin: null, timeoutMs },
          ...{ outputBytesMax: wordsBytesMax, onOutput, isBehind: () => sink.isBehind?.() === true },
        },
        signal,
      ),
    );
  }

  #take(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    const { stdoutBytes, stderrBytes } = this.#note;
    (stream === 'stdout' ? this.#stdout : this.#stderr).add(chunk);
    this.#note =
      stream === 'stdout'
        ? { ...this.#note, stdoutBytes: stdoutBytes + chunk.length }
        : { ...this.#note, stderrBytes: stderrBytes + chunk.length };
    this.#parts.sink.onOutput?.(stream, chunk);
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#keptAtMs < limits.durableKeepMs) return;
    this.#keptAtMs = nowMs;
    void this.#parts.notes.keep(this.#note);
  }

  async #leave(ended: 'timeout' | 'cancelled'): Promise<ExecOutcome> {
    await this.#parts.notes.keep(this.#note);
    return this.toOutcome({ ended, exitCode: null });
  }

  /** Everything was read: how it ended is kept here before its folder goes, so that whoever follows it beside us finds one or the other. */
  async #end(): Promise<ExecOutcome> {
    const { id } = this.#note;
    // Our time may be over in this moment; what is only half asked for would be a status that nobody knows.
    const told = await this.once(toDurableStatus(id), limits.sftpDeadlineMs);
    const said = new TextDecoder().decode(told.stdout).trim();
    if (!isStatus(said)) throw toUnansweredError(this.#note);
    const exitCode = Number(said);
    this.#note = { ...this.#note, state: 'ended', exitCode };
    const outcome = this.toOutcome({ ended: 'exit', exitCode });
    this.#read = outcome;
    const nowMs = this.#parts.clock.nowMs();
    await this.#parts.notes.keep({ ...this.#note, doneAt: new Date(nowMs).toISOString() });
    await this.once(toDurableRemove(id), limits.sftpDeadlineMs);
    await this.#parts.notes.forgetOldDone(nowMs);
    return outcome;
  }

  async #endLost(): Promise<ExecOutcome> {
    this.#note = { ...this.#note, state: 'lost' };
    await this.#parts.notes.keep(this.#note);
    return this.toOutcome({ ended: 'exit', exitCode: null });
  }

  /** There is nothing of it to look after. */
  async #forgotten<T>(error: T): Promise<T> {
    await this.#parts.notes.forget(this.#note.id);
    return error;
  }
}

function isStatus(said: string): boolean {
  return /^\d+$/.test(said);
}

/** What our own scripts print: a folder, a status. */
export const wordsBytesMax = 4096;

export function isLost(error: unknown): error is OperationError {
  return error instanceof OperationError && (error.code === 'CONNECTION_LOST' || error.code === 'UNREACHABLE');
}
