/** The exit status of every code, as product promises scripts. */
import { describe, expect, it } from 'vitest';
import { toExecExitCode, toExitCode } from '../../src/cli/exit-codes.ts';
import { codes } from '../../src/core/codes.ts';

describe('toExitCode', () => {
  it('is the documented one for every code', () => {
    expect(Object.fromEntries(codes.map((code) => [code, toExitCode(code)]))).toEqual({
      INVALID_ARGUMENT: 2,
      CONFIG_INVALID: 2,
      SERVER_NOT_FOUND: 2,
      SERVER_OUT_OF_SCOPE: 2,
      CREDENTIALS_UNAVAILABLE: 6,
      HOST_KEY_UNKNOWN: 7,
      HOST_KEY_CHANGED: 7,
      UNREACHABLE: 6,
      AUTH_FAILED: 6,
      CONNECTION_LOST: 10,
      TIMEOUT: 124,
      POLICY_REJECTED: 3,
      APPROVAL_DENIED: 4,
      APPROVAL_EXPIRED: 5,
      CANCELLED: 130,
      FILE_NOT_FOUND: 9,
      PERMISSION_DENIED: 9,
      NO_SPACE: 9,
      NOT_A_FILE: 9,
      TOO_LARGE: 9,
      OUTSIDE_ROOTS: 3,
      CONFLICT: 9,
      PATCH_FAILED: 9,
      NON_ZERO_EXIT: 9,
      AUDIT_UNAVAILABLE: 8,
      SNAPSHOT_UNAVAILABLE: 8,
      SNAPSHOT_FAILED: 8,
      UNSUPPORTED: 2,
      INTERNAL: 1,
    });
  });

  it('says that the outcome is unknown rather than why', () => {
    expect(toExitCode('SNAPSHOT_FAILED', { outcomeUnknown: true })).toBe(10);
    expect(toExitCode('CONNECTION_LOST', { outcomeUnknown: true })).toBe(10);
    expect(toExitCode('CONNECTION_LOST', { outcomeUnknown: false })).toBe(6);
    expect(toExitCode('TIMEOUT', { outcomeUnknown: true })).toBe(124);
    expect(toExitCode('CANCELLED', { outcomeUnknown: true })).toBe(130);
  });

  it('never meets the status of a remote command in exec, but for 124 and 130', () => {
    for (const code of codes) {
      const exitCode = toExecExitCode(code);
      expect(exitCode === 124 || exitCode === 130 || (exitCode > 240 && exitCode <= 250)).toBe(true);
    }
    expect(toExecExitCode('POLICY_REJECTED')).toBe(243);
  });
});
