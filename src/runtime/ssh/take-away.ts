/**
 * Taking a file away: it is moved into a folder of the operation's own beside it, looked at there, and only then deleted. A lost connection that
 * still holds the move finds no such folder any more once the next one has removed it, so nothing that comes late can hit a newer file of that name.
 */
import { posix } from 'node:path';
import { OperationError } from '../../core/codes.ts';
import type { Connection } from './connection.ts';
import { checkExpected } from './current-file.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';

/** What the file that is taken away is to be. */
export interface Wanted {
  readonly path: string;
  readonly expectedSha256: string;
}

/** False: this server or folder does not let it be done this way, and nothing has changed. */
export async function makeRoom(sftp: SftpChannel, folder: string): Promise<boolean> {
  try {
    await sftp.request((wrapper, done) => wrapper.mkdir(folder, { mode: 0o700 }, (error) => done(error, undefined)));
    return true;
  } catch (error) {
    if (error instanceof SftpStatusError) return false;
    throw error;
  }
}

/** Throws SftpStatusError where it cannot be moved: nothing has changed then. */
export function moveInto(sftp: SftpChannel, folder: string, path: string): Promise<void> {
  return rename(sftp, path, posix.join(folder, movedName));
}

/**
 * Deletes what was moved there, where it holds what was wanted: time and size would not tell an edit of the same second. Anything else gets its
 * name back. The folder goes with it. Throws CONFLICT.
 */
export async function deleteMoved(
  connection: Connection,
  sftp: SftpChannel,
  folder: string,
  wanted: Wanted,
): Promise<void> {
  const from = posix.join(folder, movedName);
  if (!(await isWanted(connection, sftp, from, wanted))) {
    await putBack(sftp, from, wanted.path);
    await removeFolder(sftp, folder);
    throw new OperationError(
      'CONFLICT',
      `${wanted.path} was not deleted: it was changed by something else at the last moment, and is as that left it.`,
    );
  }
  const [gone, cleared] = await Promise.allSettled([unlink(sftp, from), removeFolder(sftp, folder)]);
  if (gone.status === 'rejected' && gone.reason instanceof SftpStatusError) {
    await putBack(sftp, from, wanted.path);
    await removeFolder(sftp, folder);
  }
  for (const one of [gone, cleared]) if (one.status === 'rejected') throw one.reason;
}

/**
 * Of a connection that was lost: the folder is removed, and a move can come no more. What had been moved there is deleted where it is `wanted`, else
 * it gets its name back, unless that is taken, which is a CONFLICT. True: it was deleted.
 */
export async function clearRoom(
  connection: Connection,
  sftp: SftpChannel,
  folder: string,
  wanted: Wanted | null,
): Promise<boolean> {
  if ((await removeFolder(sftp, folder)) || wanted === null) return false;
  await deleteMoved(connection, sftp, folder, wanted);
  return true;
}

/** False: it is not there, or not empty. */
export async function removeFolder(sftp: SftpChannel, folder: string): Promise<boolean> {
  try {
    await sftp.request((wrapper, done) => wrapper.rmdir(folder, (error) => done(error, undefined)));
    return true;
  } catch (error) {
    if (error instanceof SftpStatusError) return false;
    throw error;
  }
}

export function unlink(sftp: SftpChannel, path: string): Promise<void> {
  return sftp.request((wrapper, done) => wrapper.unlink(path, (error) => done(error, undefined)));
}

/** Under the folder's name nobody else has put anything, so the form that replaces does not: the other makes a hard link, which not everybody may. */
function rename(sftp: SftpChannel, from: string, to: string): Promise<void> {
  return sftp.request((wrapper, done) => {
    const answer = (error: Error | null | undefined): void => done(error, undefined);
    if (sftp.hasPosixRename) wrapper.ext_openssh_rename(from, to, answer);
    else wrapper.rename(from, to, answer);
  });
}

/** The plain rename of SFTP replaces nothing. */
async function putBack(sftp: SftpChannel, from: string, path: string): Promise<void> {
  try {
    await sftp.request((wrapper, done) => wrapper.rename(from, path, (error) => done(error, undefined)));
  } catch (error) {
    throw new OperationError(
      'CONFLICT',
      `${path} was not deleted, and is at ${from} now: something else changes it, and it could not get its name back. Look at both.`,
      { outcomeUnknown: true, cause: error },
    );
  }
}

async function isWanted(
  connection: Connection,
  sftp: SftpChannel,
  path: string,
  { expectedSha256 }: Wanted,
): Promise<boolean> {
  try {
    await checkExpected(connection, sftp, path, expectedSha256);
    return true;
  } catch (error) {
    if (error instanceof OperationError && error.code === 'CONFLICT') return false;
    throw error;
  }
}

const movedName = 'file';
