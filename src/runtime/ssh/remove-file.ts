/** An approved removal of one file: it is still what was approved, or nothing is removed. It knows nothing of why. */
import type { RemoveFileAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import type { PerformOutcome } from '../../core/ports.ts';
import { toTemporaryPath } from '../../core/unfinished-writes.ts';
import { toCancelledError } from './abort.ts';
import type { Connection } from './connection.ts';
import { checkExpected, lstatOrNull } from './current-file.ts';
import { beforeChange, toFileError } from './file-error.ts';
import { realPathOf } from './real-path.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';
import { deleteMoved, makeRoom, moveInto, removeFolder, unlink } from './take-away.ts';
import type { ChangeHooks } from './write-file.ts';

/**
 * `redeem` is called once, before anything is removed. Between the look at the content and the removal there is one message to the
 * server. Throws CONFLICT or PERMISSION_DENIED; with `outcomeUnknown` when the file may be gone.
 */
export async function performRemoveFile(
  connection: Connection,
  action: RemoveFileAction,
  signal: AbortSignal,
  hooks: ChangeHooks,
): Promise<PerformOutcome & { kind: 'remove-file' }> {
  const sftp = await connection.sftp();
  if (signal.aborted) throw toCancelledError();
  hooks.redeem();
  const { path } = action;
  hooks.attempts += 1;
  const room = toTemporaryPath(path, hooks.auditId, hooks.attempts);
  try {
    await remove({ connection, sftp, action, hooks, room });
  } catch (error) {
    // Without an answer, nobody knows what is in it.
    if (error instanceof OperationError && error.code !== 'CONFLICT') hooks.onLeftover(room);
    throw await toFileError(error, { connection, sftp, path, verb: 'deleted', neededBytes: 0 });
  }
  if ((await lstatOrNull(sftp, path)) !== null)
    throw new OperationError('CONFLICT', `${path} was deleted, but exists again: something else writes it.`, {
      outcomeUnknown: true,
    });
  return { kind: 'remove-file', removedFolders: await removeEmptyFolders(sftp, action.removeFolders) };
}

interface Removal {
  readonly connection: Connection;
  readonly sftp: SftpChannel;
  readonly action: RemoveFileAction;
  readonly hooks: ChangeHooks;
  /** The folder of this attempt. */
  readonly room: string;
}

async function remove({ connection, sftp, action, hooks, room }: Removal): Promise<void> {
  const { path, expectedSha256 } = action;
  const look = checkExpected(connection, sftp, path, expectedSha256);
  const [looked, made] = await Promise.allSettled([beforeChange(look), beforeChange(makeRoom(sftp, room))]);
  const hasRoom = made.status === 'fulfilled' && made.value;
  if (looked.status === 'rejected') {
    if (hasRoom) await beforeChange(removeFolder(sftp, room));
    throw looked.reason;
  }
  if (made.status === 'rejected') throw made.reason;
  // A full disk has no place for a folder, and some servers move nothing into another one.
  if (!hasRoom || !(await moveUnlessRefused(sftp, room, path))) {
    await unlink(sftp, path);
    hooks.isMade = true;
    return;
  }
  hooks.isMade = true;
  await deleteMoved(connection, sftp, room, action);
}

/** False: it is where it was. */
async function moveUnlessRefused(sftp: SftpChannel, room: string, path: string): Promise<boolean> {
  try {
    await moveInto(sftp, room, path);
    return true;
  } catch (error) {
    if (!(error instanceof SftpStatusError)) throw error;
    await beforeChange(removeFolder(sftp, room));
    return false;
  }
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
