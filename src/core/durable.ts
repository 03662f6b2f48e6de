/** Commands that go on without us on their server: what is remembered of each here, so that it is found again. It knows no SSH. */

import type { Event } from '../base/event.ts';
import { type Code, OperationError } from './codes.ts';
import type { ExecOutcome } from './ports.ts';

/** As far as is known here: only a look at the server tells more. `lost`: neither runs nor ended by itself, so the machine stopped. */
export type DurableState = 'running' | 'ended' | 'lost';

export interface DurableNote {
  /** Of the operation that started it, and of its folder on the server. */
  readonly id: string;
  readonly server: string;
  readonly address: string;
  /** The command in one line, its secrets redacted. */
  readonly title: string;
  /** On the server: `output`, `errors`, and `status` once it has ended. Null when the server did not get to say it. */
  readonly folder: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly state: DurableState;
  readonly exitCode: number | null;
  /** Bytes of each stream that have been read: it is followed again from there. */
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  /** ISO 8601: since then it is read to its end, and nothing of it is left on the server. Null before. */
  readonly doneAt: string | null;
}

/** A full disk loses what is remembered, never the command. */
export interface DurableNotes {
  find(id: string): Promise<DurableNote | null>;
  /** Oldest first. */
  list(): Promise<readonly DurableNote[]>;
  keep(note: DurableNote): Promise<void>;
  forget(id: string): Promise<void>;
  /** Of those that are read to their end, what is too old or one too many is forgotten. */
  forgetOldDone(nowMs: number): Promise<void>;
  /** One came, went, or is in another state than before; not for what was read of it. */
  readonly onChanged: Event<void>;
}

/** What there is to say while it has not ended by itself; null when it has, and its status is told like any other. */
export function toDurableEnding(
  { id, state, folder }: Pick<DurableNote, 'id' | 'state' | 'folder'>,
  ended: 'exit' | 'timeout' | 'cancelled',
  server: string,
): { readonly code: Code; readonly message: string } | null {
  const where =
    folder === null
      ? ''
      : ` All of it is in ${folder}/output and errors, and its status, once it has ended, in status there.`;
  const next = `\`signalbox commands follow ${id}\` shows the rest, \`signalbox commands stop ${id}\` ends it`;
  if (state === 'lost')
    return {
      code: 'CONNECTION_LOST',
      message: `The command on ${server} is not there any more and left no status: the machine was restarted, or somebody ended it; what it had done by then stays done. This is its output.`,
    };
  if (ended === 'timeout')
    return {
      code: 'TIMEOUT',
      message: `The command on ${server} goes on; this is its output so far. It is ${id}: ${next}.${where}`,
    };
  if (ended === 'cancelled')
    return {
      code: 'CANCELLED',
      message: `The command on ${server} is not followed any more and goes on. It is ${id}: ${next}.`,
    };
  return null;
}

/** Whoever followed it has left, and it goes on: how it ends is not known yet. */
export function goesOn({ durable, ended }: Pick<ExecOutcome, 'durable' | 'ended'>): boolean {
  return durable?.state === 'running' && ended !== 'exit';
}

/** A login that is refused by now, say, tells nothing of a command that was sent before. */
export function toUnfollowed(
  error: OperationError,
  { id, server }: Pick<DurableNote, 'id' | 'server'>,
): OperationError {
  // Without its folder nothing of it is known here any more.
  const next =
    error.code === 'FILE_NOT_FOUND'
      ? 'look there for its processes'
      : `\`signalbox commands follow ${id}\` shows how it stands`;
  const message = `${error.message} ${id} was sent to ${server} before and may go on there; ${next}.`;
  return new OperationError(error.code, message, { outcomeUnknown: true, cause: error });
}
