/**
 * A command that goes on without us: started, then followed (`follow-durable.ts`), or looked after later. Who asked may leave at any time. It knows
 * nothing of who approved it.
 */
import type { DurableAction, ExecAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { toCommandEnvironment } from '../../core/command-environment.ts';
import { type DurableNote, toUnfollowed } from '../../core/durable.ts';
import { limits } from '../../core/limits.ts';
import type { ExecOutcome } from '../../core/ports.ts';
import { NeverStartedError, toStartError } from './durable-errors.ts';
import { toDurableStart, toDurableStop } from './durable-scripts.ts';
import { type DurableParts, Following, isLost, wordsBytesMax } from './follow-durable.ts';
import { runCommand } from './run-command.ts';

export type { DurableParts } from './follow-durable.ts';

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
  return await following.remove();
}
