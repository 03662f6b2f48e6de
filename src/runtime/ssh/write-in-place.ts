/**
 * Writing into the file itself, where replacing it would lose something: not in one step, so a failure puts the old content back where
 * it can. It knows nothing of why the file is not replaced.
 */
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { type CurrentFile, openExpected, readExpected } from './current-file.ts';
import { toFileError } from './file-error.ts';
import { readOpened } from './read-file.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';
import { writeAndClose } from './write-bytes.ts';
import type { WriteContext } from './write-file.ts';

/** Throws with `outcomeUnknown` when the file may hold parts of both contents. */
export async function writeInPlace(context: WriteContext): Promise<void> {
  const { connection, sftp, action } = context;
  if (action.expectedSha256 === null) {
    await readExpected(connection, sftp, action.path, null);
    return create(context);
  }
  const before = await openExpected(sftp, action.path, action.expectedSha256);
  try {
    await writeAndClose(sftp, before.handle, action.content, { owner: null, mode: action.mode, length: 'cut' });
  } catch (error) {
    const told = await toFileError(error, {
      connection,
      sftp,
      path: action.path,
      verb: 'written',
      neededBytes: action.content.length,
    });
    if (await isRestored(context, before, error)) throw told;
    throw new OperationError(
      told instanceof OperationError ? told.code : 'INTERNAL',
      `${told instanceof Error ? told.message : String(told)} The file may hold parts of the old and the new content.`,
      { outcomeUnknown: true, cause: error },
    );
  }
}

/** A new file is made under its own name, never over another; on failure it is removed again. */
async function create({ sftp, action }: WriteContext): Promise<void> {
  const handle = await sftp.request<Buffer>((wrapper, done) =>
    wrapper.open(action.path, 'wx', { mode: action.mode ?? 0o666 }, done),
  );
  try {
    await writeAndClose(sftp, handle, action.content, { owner: null, mode: action.mode, length: 'keep' });
  } catch (error) {
    await sftp.request((wrapper, done) => wrapper.unlink(action.path, (failure) => done(failure, undefined)));
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
