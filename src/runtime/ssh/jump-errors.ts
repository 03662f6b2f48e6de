/** What goes wrong at a jump host, told to whoever asked for the server behind it. Pure. */
import { OperationError } from '../../core/codes.ts';
import type { Target } from '../../core/server.ts';
import { toLeaveRefusalBehind } from '../local-commands/ask-leave.ts';
import { toAdviceBehind } from './host-keys.ts';

/** What failed at a jump host says so in its data, for `server test` and for trusting its key. */
export function toErrorOnTheWay(error: OperationError, target: Target, jump: Target): OperationError {
  const { message, outcomeUnknown } = error;
  const data = { ...error.data, jump: error.data?.jump ?? jump.id };
  const sentence =
    error.code === 'HOST_KEY_UNKNOWN' ? toAdviceBehind(message, target.id) : toLeaveRefusalBehind(message, target.id);
  return new OperationError(error.code, sentence, { data, outcomeUnknown, cause: error });
}

/** A jump host showed exactly this key, and nobody has trusted it yet. */
export function isUnknownOnTheWay(error: unknown, fingerprint: string): boolean {
  if (!(error instanceof OperationError) || error.code !== 'HOST_KEY_UNKNOWN') return false;
  return error.data?.jump !== undefined && error.data.fingerprint === fingerprint;
}
