/** An approved removal of one file: it is still what was approved, or nothing is removed. It knows nothing of why. */
import type { RemoveFileAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import type { PerformOutcome } from '../../core/ports.ts';
import { toCancelledError } from './abort.ts';
import type { Connection } from './connection.ts';
import { lstatOrNull, readExpected } from './current-file.ts';
import { beforeChange, toFileError } from './file-error.ts';
import { realPathOf } from './real-path.ts';
import type { SftpChannel } from './sftp-channel.ts';

/**
 * `redeem` is called once, before anything is removed. Between the look at the content and the removal there is one message to the
 * server. Throws CONFLICT or PERMISSION_DENIED; with `outcomeUnknown` when the file may be gone.
 */
export async function performRemoveFile(
  connection: Connection,
  action: RemoveFileAction,
  signal: AbortSignal,
  redeem: () => void,
): Promise<PerformOutcome & { kind: 'remove-file' }> {
  const sftp = await connection.sftp();
  if (signal.aborted) throw toCancelledError();
  redeem();
  const { path } = action;
  try {
    await beforeChange(readExpected(connection, sftp, path, action.expectedSha256));
    await sftp.request((wrapper, done) => wrapper.unlink(path, (error) => done(error, undefined)));
  } catch (error) {
    throw await toFileError(error, { connection, sftp, path, verb: 'deleted', neededBytes: 0 });
  }
  if ((await lstatOrNull(sftp, path)) !== null)
    throw new OperationError('CONFLICT', `${path} was deleted, but exists again: something else writes it.`, {
      outcomeUnknown: true,
    });
  return { kind: 'remove-file', removedFolders: await removeEmptyFolders(sftp, action.removeFolders) };
}

/**
 * Innermost first, up to the first that stays. rmdir(2) removes nothing but an empty folder and follows no link, so what somebody put there
 * meanwhile is never touched. That a folder stays is no failure: the file is gone, and what went is told.
 */
async function removeEmptyFolders(sftp: SftpChannel, folders: readonly string[]): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const folder of [...folders].reverse()) {
    try {
      // A folder on the way that is a link by now leads to somebody else's.
      if ((await realPathOf(sftp, folder)) !== folder) return removed;
      await sftp.request((wrapper, done) => wrapper.rmdir(folder, (error) => done(error, undefined)));
    } catch {
      return removed;
    }
    removed.push(folder);
  }
  return removed;
}
