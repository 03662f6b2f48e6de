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
      `The login shell of ${username} on ${id} did not start /bin/sh, so nothing was run; it said ${words === '' ? 'nothing' : `"${words}"`}. ` +
        'Use an account that may run commands.',
    );
  }
}

/** It was begun, and what tells a command that ran from one that did not was taken away: an account may filter what it prints. */
export function toUnmarkedError({ id, username }: Target): OperationError {
  return new OperationError(
    'UNSUPPORTED',
    `The line that output begins with did not come back from ${id}: something takes away what ${username} prints there. Whether the command ran is unknown; look there before you run it again, and use an account whose output is left as it is.`,
    { outcomeUnknown: true },
  );
}
