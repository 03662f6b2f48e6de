/** The closed set of failures. Three kinds are never mixed: an outcome is a value, an operating error is this, a bug is an assertion. */

export const codes = [
  'INVALID_ARGUMENT',
  'CONFIG_INVALID',
  'SERVER_NOT_FOUND',
  'SERVER_OUT_OF_SCOPE',
  'CREDENTIALS_UNAVAILABLE',
  'HOST_KEY_UNKNOWN',
  'HOST_KEY_CHANGED',
  'UNREACHABLE',
  'AUTH_FAILED',
  'CONNECTION_LOST',
  'TIMEOUT',
  'POLICY_REJECTED',
  'APPROVAL_DENIED',
  'APPROVAL_EXPIRED',
  'CANCELLED',
  'FILE_NOT_FOUND',
  'PERMISSION_DENIED',
  'NO_SPACE',
  'NOT_A_FILE',
  'TOO_LARGE',
  'OUTSIDE_ROOTS',
  'CONFLICT',
  'PATCH_FAILED',
  'NON_ZERO_EXIT',
  'AUDIT_UNAVAILABLE',
  'SNAPSHOT_UNAVAILABLE',
  'SNAPSHOT_FAILED',
  'UNSUPPORTED',
  'INTERNAL',
] as const;

export type Code = (typeof codes)[number];

/** What an operating error may carry beside its sentence; all of it is safe to show (no secrets). */
export interface ErrorDetails {
  /** Data of the failed operation so far: output of a command that timed out, the fingerprint of an unknown host key, … */
  readonly data?: Readonly<Record<string, unknown>>;
  /** True when something may have happened on the server all the same. */
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
}

/** An operating error: a code of the closed set and one clear sentence that says what to do next. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly code: Code;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly outcomeUnknown: boolean;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.data = details.data;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
  }
}
