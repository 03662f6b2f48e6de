/** The exit status of every way a command can end: what scripts rely on. */
import { unreachable } from '../base/assert.ts';
import type { Code } from '../core/codes.ts';

export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  rejected: 3,
  denied: 4,
  expired: 5,
  unreachable: 6,
  hostKey: 7,
  recordsUnwritable: 8,
  refusedByServer: 9,
  outcomeUnknown: 10,
  timedOut: 124,
  cancelled: 130,
} as const;

/** Added to the status of a failure of ours by `exec`, so that it is not taken for the status of the remote command. */
export const execOffset = 240;

/** @param outcomeUnknown something may have happened on the server all the same; that outweighs why it failed. */
export function toExitCode(code: Code, options: { readonly outcomeUnknown?: boolean } = {}): number {
  if (options.outcomeUnknown === true && code !== 'TIMEOUT' && code !== 'CANCELLED') return exitCodes.outcomeUnknown;
  switch (code) {
    case 'INVALID_ARGUMENT':
    case 'CONFIG_INVALID':
    case 'SERVER_NOT_FOUND':
    case 'SERVER_OUT_OF_SCOPE':
    case 'UNSUPPORTED':
      return exitCodes.usage;
    case 'POLICY_REJECTED':
    case 'OUTSIDE_ROOTS':
      return exitCodes.rejected;
    case 'APPROVAL_DENIED':
      return exitCodes.denied;
    case 'APPROVAL_EXPIRED':
      return exitCodes.expired;
    case 'CREDENTIALS_UNAVAILABLE':
    case 'UNREACHABLE':
    case 'AUTH_FAILED':
      return exitCodes.unreachable;
    case 'HOST_KEY_UNKNOWN':
    case 'HOST_KEY_CHANGED':
      return exitCodes.hostKey;
    case 'AUDIT_UNAVAILABLE':
    case 'SNAPSHOT_UNAVAILABLE':
    case 'SNAPSHOT_FAILED':
      return exitCodes.recordsUnwritable;
    case 'FILE_NOT_FOUND':
    case 'PERMISSION_DENIED':
    case 'NO_SPACE':
    case 'NOT_A_FILE':
    case 'TOO_LARGE':
    case 'CONFLICT':
    case 'PATCH_FAILED':
    case 'NON_ZERO_EXIT':
      return exitCodes.refusedByServer;
    case 'CONNECTION_LOST':
      return options.outcomeUnknown === false ? exitCodes.unreachable : exitCodes.outcomeUnknown;
    case 'TIMEOUT':
      return exitCodes.timedOut;
    case 'CANCELLED':
      return exitCodes.cancelled;
    case 'INTERNAL':
      return exitCodes.bug;
    default:
      return unreachable(code);
  }
}

/** The same for `exec`: 241 to 250, except for 124 and 130, which keep the meaning they have everywhere. */
export function toExecExitCode(code: Code, options: { readonly outcomeUnknown?: boolean } = {}): number {
  const exitCode = toExitCode(code, options);
  return exitCode === exitCodes.timedOut || exitCode === exitCodes.cancelled ? exitCode : execOffset + exitCode;
}
