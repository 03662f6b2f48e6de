/** The answer of an account that runs no commands: no shell, another program in its place, or a shell that may not start /bin/sh. */
import { OperationError } from '../../core/codes.ts';
import type { Target } from '../../core/server.ts';

/** Nothing has run. `said` is what came instead; a shell that repeats what it was asked for is not quoted with that. */
export class NoShellError extends OperationError {
  constructor({ id, username }: Target, said: string) {
    const words = said
      .replace(/['"]?exec \/bin\/sh [^]*$/, '')
      .replace(/\s+/g, ' ')
      .trim();
    super(
      'UNSUPPORTED',
      `The login shell of ${username} on ${id} did not start /bin/sh, so nothing was run; it said ${words === '' ? 'no more than what it was asked for' : `"${words}"`}. ` +
        'Use an account that may run commands.',
    );
  }
}

/** What tells a command that ran from one that did not is missing: an account may take away what it prints, in part (`begun`) or all of it. */
export function toUnmarkedError({ id, username }: Target, seen: 'begun' | 'nothing'): OperationError {
  const why =
    seen === 'begun'
      ? `The line that output begins with did not come back from ${id}: something takes away what ${username} prints there.`
      : `Nothing came back from ${id}: the login shell of ${username} did not start /bin/sh, or something takes away what it prints.`;
  return new OperationError(
    'UNSUPPORTED',
    `${why} Whether the command ran is unknown; look there before you run it again, and use an account that may run commands and whose output is left as it is.`,
    { outcomeUnknown: true },
  );
}
