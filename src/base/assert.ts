/** Bugs are assertions: a failed one is our mistake, never the user's. */

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Returns the value, or fails when it is null or undefined. */
export function present<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message);
  return value;
}

/** Closes a switch over a union: the compiler refuses a missing case, and at run time an unknown value fails. */
export function unreachable(value: never): never {
  throw new AssertionError(`Unexpected value: ${JSON.stringify(value)}`);
}
