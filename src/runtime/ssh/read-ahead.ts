/**
 * A small file read by a command, in one round trip, while the file service is still asked what is at the path: far away that is the whole
 * time of a read. Only a guess: whoever reads believes it when it is exactly as long as the file service says.
 */
import { randomBytes } from 'node:crypto';
import { limits } from '../../core/limits.ts';
import type { Connection } from './connection.ts';
import { runCommand } from './run-command.ts';

/** Larger ones are left to the file service: what would have been sent in vain is not worth a round trip. */
const bytesMax = 1024 * 1024;

/**
 * A pipe or a device is never opened: `test -f` looks first. `find` counts in blocks of 512 bytes, rounded up. The word in front tells the
 * content from what an account's own forced command prints.
 */
const script = `test -f "$1" && test -n "$(find -H "$1" -prune -size -${bytesMax / 512 + 1} 2>/dev/null)" && echo "$2" && exec head -c ${bytesMax} "$1"`;

/** What reading through the file service takes, and what a command takes to start where nothing holds it up. */
const roundTripsOtherwise = 3;
const startMsMax = 50;
/** Of so little, the time is not that of the line. */
const smallBytesMax = 64 * 1024;

/** Connections on which it is not worth it: the account does not run what it is asked to, or its shell takes longer to start than a read. */
const unsuited = new WeakSet<Connection>();

/**
 * Begins to guess the whole of a file, in the same turn in which the file service is asked about it. Call the result once it has
 * answered: null when there is no guess of that length.
 */
export function guessContent(connection: Connection, path: string): (size: number) => Promise<Buffer | null> {
  if (!connection.isFar || !connection.channels.isFree || unsuited.has(connection)) return async () => null;
  const reading = readByCommand(connection, path);
  return async (size) => {
    const content = await reading;
    // No guess where there could have been one: this account does not run what it is asked to, and is not asked again.
    if (content === null && size > 0 && size <= bytesMax) unsuited.add(connection);
    return content?.length === size ? content : null;
  };
}

/** Null when it cannot be told, for any reason; nothing has changed then. */
async function readByCommand(connection: Connection, path: string): Promise<Buffer | null> {
  const beganMs = connection.clock.monotonicMs();
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
          outputBytesMax: bytesMax + word.length + 1,
        },
      },
      new AbortController().signal,
    );
    const tookMs = connection.clock.monotonicMs() - beganMs;
    const isLate = tookMs > roundTripsOtherwise * connection.roundTripMs + startMsMax;
    if (isLate && outcome.stdoutBytes <= smallBytesMax) unsuited.add(connection);
    const head = Buffer.from(`${word}\n`);
    const stdout = Buffer.from(outcome.stdout);
    if (outcome.exitCode !== 0 || !stdout.subarray(0, head.length).equals(head)) return null;
    return stdout.subarray(head.length);
  } catch {
    return null;
  }
}
