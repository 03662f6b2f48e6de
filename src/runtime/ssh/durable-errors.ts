/** What is said of durable commands that were not started, or of which nothing is left on their server. */
import { OperationError } from '../../core/codes.ts';
import type { DurableNote } from '../../core/durable.ts';
import type { ExecOutcome } from '../../core/ports.ts';
import { durableExit } from './durable-scripts.ts';

export function toStartError(server: string, { exitCode, stderr }: ExecOutcome): OperationError {
  const said = new TextDecoder().decode(stderr).trim().split('\n').at(-1) ?? '';
  if (exitCode === durableExit.noPlace)
    return new OperationError(
      'PERMISSION_DENIED',
      `The account on ${server} has no folder of its own to keep a durable command in (~/.cache), so nothing was run; it said: ${said || 'nothing'}. Give it a home, or ask without "durable".`,
    );
  return new OperationError(
    'UNSUPPORTED',
    `The /bin/sh of ${server} could not start it in the background, so nothing was run: ${said}.`,
  );
}

type Named = Pick<DurableNote, 'id' | 'server'>;

/** For good: another try would not find it either. */
export class NeverStartedError extends OperationError {}

export function toNeverStartedError({ id, server }: Named): NeverStartedError {
  return new NeverStartedError(
    'CONNECTION_LOST',
    `The connection to ${server} was lost before ${id} was started; nothing was run.`,
  );
}

export function toGoneError({ id, server }: Named): OperationError {
  return new OperationError(
    'FILE_NOT_FOUND',
    `The folder of ${id} is not on ${server} any more: it was removed there, or after it had ended a week ago.`,
  );
}

/** What was run there to look after it did not say what it was asked; it changed nothing, and the command itself may go on. It is asked again, as after a lost line. */
export function toUnansweredError({ id, server }: Named): OperationError {
  return new OperationError(
    'CONNECTION_LOST',
    `${server} did not say how ${id} stands: what looked there was ended, or could not look. Try \`signalbox commands follow ${id}\` again.`,
  );
}

export function toUnremovedError(
  { id, server, folder }: Pick<DurableNote, 'id' | 'server' | 'folder'>,
  { ended, stderr }: ExecOutcome,
): OperationError {
  const said = new TextDecoder().decode(stderr).trim().split('\n').at(-1) ?? '';
  return new OperationError(
    ended === 'exit' ? 'PERMISSION_DENIED' : 'TIMEOUT',
    `${folder ?? `The folder of ${id}`} on ${server} could not be removed, or only a part of it${said === '' ? '' : `; it said: ${said}`}. Remove it there, or try again.`,
  );
}
