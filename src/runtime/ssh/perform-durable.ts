/**
 * A command that goes on without us: started, then followed from where its output was read to, over as many connections as it takes. Who
 * asked may leave at any time. It knows nothing of who approved it.
 */
import type { Clock } from '../../base/clock.ts';
import type { DurableAction, ExecAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { toCommandEnvironment } from '../../core/command-environment.ts';
import { type DurableNote, type DurableNotes, toUnfollowed } from '../../core/durable.ts';
import { limits } from '../../core/limits.ts';
import type { ExecOutcome, PerformSink } from '../../core/ports.ts';
import type { Connection } from './connection.ts';
import { NeverStartedError, toGoneError, toNeverStartedError, toStartError } from './durable-errors.ts';
import {
  durableExit,
  toDurableClaim,
  toDurableFollow,
  toDurableLook,
  toDurableRemove,
  toDurableStart,
  toDurableStatus,
  toDurableStop,
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

/** Starts one, or looks after one that was started before. */
export function performDurable(action: ExecAction | DurableAction, parts: DurableParts): Promise<ExecOutcome> {
  return action.kind === 'durable' ? lookAfter(action, parts) : startDurable(action, parts);
}

/** Throws PERMISSION_DENIED when the server has no place for it, and what a command throws before it was sent. */
async function startDurable(action: ExecAction, parts: DurableParts): Promise<ExecOutcome> {
  const { id, server, address, clock } = parts;
  const startedAt = new Date(clock.nowMs()).toISOString();
  let note: DurableNote = {
    ...{ id, server, address, title: action.durable?.title ?? '', startedAt, folder: null },
    ...{ state: 'running', exitCode: null, stdoutBytes: 0, stderrBytes: 0, doneAt: null },
  };
  await parts.notes.keep(note);
  let isSure = true;
  try {
    const started = await parts.use((connection) =>
      runCommand(
        connection,
        {
          ...{ command: toDurableStart(id, action.command), cwd: action.cwd, stdin: null },
          env: toCommandEnvironment(connection.made.environment),
          ...{ timeoutMs: limits.commandTimeoutMsDefault, outputBytesMax: wordsBytesMax, onStart: parts.redeem },
        },
        parts.signal,
      ),
    );
    if (started.ended === 'exit' && started.exitCode !== 0) throw toStartError(server, started);
    note = { ...note, folder: new TextDecoder().decode(started.stdout).trim() || null };
  } catch (error) {
    // Sent, but not answered: following it tells whether it was started.
    isSure = false;
    if (!isLost(error) || !error.outcomeUnknown) {
      await parts.notes.forget(id);
      throw error;
    }
  }
  return await new Following(note, action, parts).run(isSure ? 'started' : 'maybe started').catch((error: unknown) => {
    throw error instanceof OperationError && !(error instanceof NeverStartedError) ? toUnfollowed(error, note) : error;
  });
}

/** Throws INVALID_ARGUMENT when nothing is known of it here, CONFLICT when another machine has this name now. */
async function lookAfter(action: DurableAction, parts: DurableParts): Promise<ExecOutcome> {
  const note = await parts.notes.find(action.command);
  if (note === null || note.server !== parts.server)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `No durable command ${action.command} of ${parts.server} is known here; \`signalbox commands\` lists them.`,
    );
  if (note.address !== parts.address)
    throw new OperationError(
      'CONFLICT',
      `${note.id} was started on ${note.address}, and ${parts.server} is ${parts.address} now; look there for its output.`,
    );
  parts.redeem();
  const following = new Following(note, action, parts);
  if (note.doneAt !== null) {
    if (action.act === 'remove') await parts.notes.forget(note.id);
    return following.toDone(action.act);
  }
  if (action.act === 'look') return await following.look();
  if (action.act === 'follow') return await following.run('started');
  if (action.act === 'stop') {
    await following.once(toDurableStop(note.id));
    return await following.run('started');
  }
  await following.once(toDurableRemove(note.id));
  await parts.notes.forget(note.id);
  return following.toOutcome({ ended: 'exit', exitCode: 0 });
}

class Following {
  #note: DurableNote;
  readonly #parts: DurableParts;
  readonly #stdout: CappedOutput;
  readonly #stderr: CappedOutput;
  readonly #deadlineMs: number;
  #keptAtMs = 0;

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
        if (followed.exitCode === durableExit.gone) {
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
          if (claimed.exitCode !== durableExit.begun) throw await this.#forgotten(toNeverStartedError(this.#note));
          isSure = true;
          continue;
        }
        return followed.exitCode === durableExit.lost ? await this.#endLost() : await this.#end();
      } catch (error) {
        if (this.#parts.signal.aborted) return await this.#leave('cancelled');
        if (!isLost(error) || error instanceof NeverStartedError) throw error;
        failures += 1;
        if (this.#remainingMs <= 0) return await this.#leave('timeout');
        const delayMs = Math.min(limits.durableRetryMs * 2 ** (failures - 1), limits.durableRetryMsMax);
        await retry.pause(delayMs, this.#parts.signal);
      }
    }
  }

  once(command: ExecAction['command']): Promise<ExecOutcome> {
    return this.#run(command, () => undefined);
  }

  /** How it stands, in words as output; what it printed is not read. */
  async look(): Promise<ExecOutcome> {
    const { id } = this.#note;
    const looked = await this.once(toDurableLook(id));
    if (looked.ended !== 'exit') return await this.#leave(looked.ended);
    if (looked.exitCode === durableExit.gone) throw await this.#forgotten(toGoneError(this.#note));
    if (looked.exitCode === durableExit.lost) return await this.#endLost();
    const said = new TextDecoder().decode(looked.stdout).trim();
    const hasEnded = /^\d+$/.test(said);
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
    this.#stdout.add(new TextEncoder().encode(words));
  }

  get #remainingMs(): number {
    return this.#deadlineMs - this.#parts.clock.monotonicMs();
  }

  #run(
    command: ExecAction['command'],
    onOutput: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void,
  ): Promise<ExecOutcome> {
    const { sink, signal } = this.#parts;
    return this.#parts.use((connection) =>
      runCommand(
        connection,
        {
          ...{ command, cwd: null, stdin: null, timeoutMs: Math.max(this.#remainingMs, 1) },
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

  /** Everything was read: how it ended is kept here before its folder goes. */
  async #end(): Promise<ExecOutcome> {
    const { id } = this.#note;
    const told = await this.once(toDurableStatus(id));
    const exitCode = Number.parseInt(new TextDecoder().decode(told.stdout), 10);
    this.#note = { ...this.#note, state: 'ended', exitCode };
    await this.#parts.notes.keep(this.#note);
    await this.once(toDurableRemove(id));
    const outcome = this.toOutcome({ ended: 'exit', exitCode });
    const nowMs = this.#parts.clock.nowMs();
    await this.#parts.notes.keep({ ...this.#note, doneAt: new Date(nowMs).toISOString() });
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

/** What our own scripts print: a folder, a status. */
const wordsBytesMax = 4096;

function isLost(error: unknown): error is OperationError {
  return error instanceof OperationError && (error.code === 'CONNECTION_LOST' || error.code === 'UNREACHABLE');
}
