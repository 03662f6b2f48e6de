/**
 * Writing into the file itself, where replacing it would lose something: not in one step, so a failure puts the old content back where
 * it can. It knows nothing of why the file is not replaced.
 */
import { OperationError } from '../../core/codes.ts';
import { type CurrentFile, readExpected } from './current-file.ts';
import { toFileError } from './file-error.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';
import { writeAndClose } from './write-bytes.ts';
import type { WriteContext } from './write-file.ts';

/** Throws with `outcomeUnknown` when the file may hold parts of both contents. */
export async function writeInPlace(context: WriteContext): Promise<void> {
  const { sftp, action } = context;
  const before = await readExpected(context.connection, sftp, action.path, action.expectedSha256);
  if (before === null) return create(context);
  const handle = await open(sftp, action.path);
  try {
    await writeAndClose(sftp, handle, action.content, { owner: null, mode: action.mode, length: 'cut' });
  } catch (error) {
    const told = await toFileError(error, {
      connection: context.connection,
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
    const handle = await open(sftp, action.path);
    await writeAndClose(sftp, handle, before.content, { owner: null, mode: before.stats.mode & 0o7777, length: 'cut' });
    return true;
  } catch {
    return false;
  }
}

function open(sftp: SftpChannel, path: string): Promise<Buffer> {
  return sftp.request<Buffer>((wrapper, done) => wrapper.open(path, 'r+', done));
}
