/**
 * Writing into the file itself, where replacing it would lose something: not in one step, so a failure puts the old content back where
 * it can. It knows nothing of why the file is not replaced.
 */
import type { WriteFileAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Connection } from './connection.ts';
import { type CurrentFile, checkExpected, openExpected, openWhere } from './current-file.ts';
import { beforeChange, toFileError } from './file-error.ts';
import { readOpened } from './read-file.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';
import { writeAndClose } from './write-bytes.ts';
import type { WriteContext } from './write-file.ts';

/** Throws with `outcomeUnknown` when the file may hold parts of both contents. */
export async function writeInPlace(context: WriteContext): Promise<void> {
  const { connection, sftp, action, hooks } = context;
  if (action.expectedSha256 === null) {
    await beforeChange(checkExpected(connection, sftp, action.path, null));
    hooks.beforeInPlace = new Uint8Array();
    return create(context);
  }
  const before = await beforeChange(openExpected(sftp, action.path, action.expectedSha256));
  hooks.beforeInPlace = before.content;
  try {
    await writeAndClose(sftp, before.handle, action.content, { owner: null, mode: action.mode, length: 'cut' });
    hooks.isMade = true;
  } catch (error) {
    const told = await toFileError(error, {
      connection,
      sftp,
      path: action.path,
      verb: 'written',
      neededBytes: action.content.length,
    });
    if (await isRestored(context, before, error)) throw told;
    throw toMixed(told);
  }
}

function toMixed(error: unknown): OperationError {
  return new OperationError(
    error instanceof OperationError ? error.code : 'INTERNAL',
    `${error instanceof Error ? error.message : String(error)} The file may hold parts of the old and the new content.`,
    { outcomeUnknown: true, cause: error },
  );
}

/**
 * Over a new connection, where a lost one has left what `isOurs` says: all of the approved content once more, and what comes after it.
 * Throws CONFLICT when something else is there by then; whatever it throws, with `outcomeUnknown`.
 */
export async function finishInPlace(
  connection: Connection,
  action: WriteFileAction,
  isOurs: (content: Uint8Array) => boolean,
): Promise<void> {
  const { path, content, mode } = action;
  let sftp: SftpChannel | null = null;
  try {
    sftp = await connection.sftp();
    const { handle } = await openWhere(sftp, path, isOurs);
    await writeAndClose(sftp, handle, content, { owner: null, mode, length: 'cut' });
  } catch (error) {
    const attempt = { connection, path, verb: 'written to its end', neededBytes: content.length };
    throw toMixed(sftp === null ? error : await toFileError(error, { ...attempt, sftp }));
  }
}

/**
 * Whether `found` is what our own write leaves when it is cut off: it goes from the first byte to the last, so the new content up to some
 * place, and from there what was there before.
 */
export function isPartOfBoth(found: Uint8Array, before: Uint8Array | null, wanted: Uint8Array): boolean {
  if (before === null) return false;
  let same = 0;
  while (same < found.length && same < wanted.length && found[same] === wanted[same]) same += 1;
  const rest = Buffer.from(found).subarray(same);
  // It gets shorter only at the very end: one that is shorter before that was cut off by somebody else.
  const isWhole = same === wanted.length && found.length === same;
  const isLength = isWhole || found.length === Math.max(before.length, same);
  return isLength && rest.equals(Buffer.from(before).subarray(same, found.length));
}

/** A new file is made under its own name, never over another; on failure it is removed again. */
async function create({ sftp, action, hooks }: WriteContext): Promise<void> {
  const handle = await sftp.request<Buffer>((wrapper, done) =>
    wrapper.open(action.path, 'wx', { mode: action.mode ?? 0o666 }, done),
  );
  hooks.isMade = true;
  try {
    await writeAndClose(sftp, handle, action.content, { owner: null, mode: action.mode, length: 'keep' });
  } catch (error) {
    await sftp.request((wrapper, done) => wrapper.unlink(action.path, (failure) => done(failure, undefined)));
    hooks.isMade = false;
    throw error;
  }
}

/** The old bytes have their place on the disk already, so this works also when it is full. */
async function isRestored({ sftp, action }: WriteContext, before: CurrentFile, error: unknown): Promise<boolean> {
  if (!(error instanceof SftpStatusError)) return false;
  try {
    if (await isUntouched(sftp, action.path, before)) return true;
    const handle = await sftp.request<Buffer>((wrapper, done) => wrapper.open(action.path, 'r+', done));
    await writeAndClose(sftp, handle, before.content, { owner: null, mode: before.stats.mode & 0o7777, length: 'cut' });
    return true;
  } catch {
    return false;
  }
}

/** Of a file that was made immutable in between, not a byte was written, and none can be. */
async function isUntouched(sftp: SftpChannel, path: string, { content, stats }: CurrentFile): Promise<boolean> {
  const all = { offset: 0, length: null, bytesMax: limits.writeBytesMax };
  const now = await readOpened(sftp, path, stats.size, all);
  return now.content.equals(content) && now.stats.mode === stats.mode;
}
