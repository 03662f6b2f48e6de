/**
 * A small file read by a command, in one round trip, while the file service is still asked what is at the path: far away that is the whole
 * time of a read. Only a guess: whoever reads believes it when it is exactly as long as the file service says.
 */
import { randomBytes } from 'node:crypto';
import { limits } from '../../core/limits.ts';
import type { Connection } from './connection.ts';
import { runCommand } from './run-command.ts';

/** Larger ones are left to the file service: what would have been sent in vain is not worth a round trip. */
export const readAheadBytesMax = 1024 * 1024;

/**
 * A pipe or a device is never opened: `test -f` looks first. `find` counts in blocks of 512 bytes, rounded up. The word in front tells the
 * content from what an account's own forced command prints.
 */
const script = `test -f "$1" && test -n "$(find -H "$1" -prune -size -${readAheadBytesMax / 512 + 1} 2>/dev/null)" && echo "$2" && exec head -c ${readAheadBytesMax} "$1"`;

/** Connections whose account did not run what it was asked to. */
const refusing = new WeakSet<Connection>();

/** Far away, with a place for a command, and an account that has not refused one. */
export function canReadAhead(connection: Connection): boolean {
  return connection.isFar && connection.channels.isFree && !refusing.has(connection);
}

/** A file that could have been read was not: this account is not asked again. */
export function noteRefused(connection: Connection): void {
  refusing.add(connection);
}

/** Null when it cannot be told, for any reason; nothing has changed then. */
export async function readAhead(connection: Connection, path: string): Promise<Buffer | null> {
  const word = randomBytes(8).toString('hex');
  try {
    const outcome = await runCommand(
      connection,
      {
        command: { form: 'argv', argv: ['sh', '-c', script, 'sh', path, word] },
        ...{
          cwd: null,
          stdin: null,
          timeoutMs: limits.sftpDeadlineMs,
          outputBytesMax: readAheadBytesMax + word.length + 1,
        },
      },
      new AbortController().signal,
    );
    const head = Buffer.from(`${word}\n`);
    const stdout = Buffer.from(outcome.stdout);
    if (outcome.exitCode !== 0 || !stdout.subarray(0, head.length).equals(head)) return null;
    return stdout.subarray(head.length);
  } catch {
    return null;
  }
}
