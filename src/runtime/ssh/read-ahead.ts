/**
 * A small file read, or a file hashed, by a command, in one round trip, while the file service is still asked what is at the path: far away
 * that is the whole time of a look. Only a guess: a content is believed when it is exactly as long as the file service says, a hash when it is
 * the one that is looked for.
 */
import { createHash, randomBytes } from 'node:crypto';
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

/**
 * Prints the word first, so that an account that runs nothing is known by its absence. A server without sha256sum sends what it would have
 * hashed. `$3` is a file that must be gone before the look, or empty.
 */
export const hashScript = `echo "$2"; test ! -e "$3" && test -f "$1" || exit 1
if command -v sha256sum >/dev/null 2>&1; then echo hash; exec sha256sum <"$1"
else test -n "$(find -H "$1" -prune -size -${bytesMax / 512 + 1} 2>/dev/null)" && echo content && exec head -c ${bytesMax} "$1"; fi`;

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

/**
 * The SHA-256 of a file, in hexadecimal; null when it is not told, and at once where no command is worth its while. With `once`, the file was
 * looked at when nothing was at that path any more: what is asked for in the same turn, and takes that away, has then been done before.
 */
export async function guessSha256(connection: Connection, path: string, once = ''): Promise<string | null> {
  if (!connection.isFar || !connection.channels.isFree || unsuited.has(connection)) return null;
  const printed = await runAhead(connection, hashScript, [path, once]);
  if (printed === null) unsuited.add(connection);
  if (!printed?.isWhole) return null;
  const [kind] = printed.bytes.toString('latin1', 0, 'content\n'.length).split('\n');
  const rest = printed.bytes.subarray((kind?.length ?? 0) + 1);
  if (kind === 'content') return createHash('sha256').update(rest).digest('hex');
  return /^[0-9a-f]{64}(?= )/.exec(rest.toString('latin1'))?.[0] ?? null;
}

/** Null when it cannot be told, for any reason; nothing has changed then. */
async function readByCommand(connection: Connection, path: string): Promise<Buffer | null> {
  const beganMs = connection.clock.monotonicMs();
  const printed = await runAhead(connection, script, [path]);
  const tookMs = connection.clock.monotonicMs() - beganMs;
  const isLate = tookMs > roundTripsOtherwise * connection.roundTripMs + startMsMax;
  if (isLate && (printed?.bytes.length ?? 0) <= smallBytesMax) unsuited.add(connection);
  return printed?.isWhole ? printed.bytes : null;
}

interface Printed {
  readonly bytes: Buffer;
  /** The command ended well. */
  readonly isWhole: boolean;
}

/** `$1` is the path, `$2` a word that must come first, then the rest of `words`. Null when it did not, for any reason. */
async function runAhead(
  connection: Connection,
  text: string,
  [path = '', ...words]: readonly string[],
): Promise<Printed | null> {
  const word = randomBytes(8).toString('hex');
  try {
    const outcome = await runCommand(
      connection,
      {
        command: { form: 'argv', argv: ['sh', '-c', text, 'sh', path, word, ...words] },
        ...{ cwd: null, stdin: null, timeoutMs: limits.sftpDeadlineMs },
        outputBytesMax: bytesMax + smallBytesMax,
      },
      new AbortController().signal,
    );
    const head = Buffer.from(`${word}\n`);
    const stdout = Buffer.from(outcome.stdout);
    if (!stdout.subarray(0, head.length).equals(head)) return null;
    return { bytes: stdout.subarray(head.length), isWhole: outcome.exitCode === 0 };
  } catch {
    return null;
  }
}
