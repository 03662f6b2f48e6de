/**
 * What a failed file request means. SFTP has few statuses, and "failure" covers a full disk, a folder and an existing file alike, so
 * this looks at the path to tell them apart. It changes nothing on the server.
 */
import { posix } from 'node:path';
import type { Stats } from 'ssh2';
import { OperationError } from '../../core/codes.ts';
import type { Connection } from './connection.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';

export interface FileAttempt {
  readonly connection: Connection;
  readonly sftp: SftpChannel;
  readonly path: string;
  /** As in "cannot be …": read, written, listed. */
  readonly verb: string;
  /** For changes: how much room was needed; 0 for a removal. */
  readonly neededBytes?: number;
}

/** The operating error for a failed attempt; errors that are no status of the server pass through. */
export async function toFileError(error: unknown, attempt: FileAttempt): Promise<unknown> {
  if (!(error instanceof SftpStatusError)) return error;
  const { connection, path, verb } = attempt;
  const { id, username } = connection.target;
  switch (error.status) {
    case 2:
      return new OperationError('FILE_NOT_FOUND', `${path} does not exist on ${id}; check the path.`);
    case 3:
      return new OperationError(
        'PERMISSION_DENIED',
        username === 'root'
          ? `${path} on ${id} cannot be ${verb}: permission denied, even to root. It or its folder may be immutable (lsattr tells), or its file system forbid it.`
          : `${path} on ${id} cannot be ${verb} by ${username}: permission denied. Use an account that may, or another path.`,
      );
    case 8:
      return new OperationError('UNSUPPORTED', `${id} does not support what is needed: ${path} cannot be ${verb}.`);
    default:
      return (await explainFailure(attempt)) ?? toPlainError(error, attempt);
  }
}

function toPlainError(error: SftpStatusError, { connection, path, verb, neededBytes }: FileAttempt): OperationError {
  // What is left when there is room: EDQUOT, ETXTBSY, ENAMETOOLONG and their like are all one status.
  const advice =
    neededBytes === undefined || neededBytes === 0
      ? 'Look at the path there.'
      : 'There is room on its disk; see whether a quota is used up, the program runs, or the name is too long.';
  return new OperationError(
    'UNSUPPORTED',
    `${path} on ${connection.target.id} cannot be ${verb}; the server says only "${error.message}". ${advice}`,
    { cause: error },
  );
}

async function explainFailure(attempt: FileAttempt): Promise<OperationError | null> {
  const { connection, sftp, path, verb, neededBytes } = attempt;
  const { id } = connection.target;
  const stats = await sftp.request<Stats>((wrapper, done) => wrapper.stat(path, done)).catch(() => null);
  if (stats?.isDirectory()) return new OperationError('NOT_A_FILE', `${path} on ${id} is a folder; name a file in it.`);
  if (stats !== null && !stats.isFile())
    return new OperationError('NOT_A_FILE', `${path} on ${id} is no regular file, and cannot be ${verb}.`);
  if (neededBytes === undefined || !sftp.hasStatvfs) return null;
  const folder = posix.dirname(path);
  const space = await sftp
    .request<unknown>((wrapper, done) => wrapper.ext_openssh_statvfs(folder, done))
    .then(toSpace, () => null);
  if (space === null) return null;
  if (space.isReadOnly)
    return new OperationError('PERMISSION_DENIED', `${path} cannot be ${verb}: its file system on ${id} is read-only.`);
  if (neededBytes > 0 && (space.freeBytes < neededBytes || space.freeFiles === 0))
    return new OperationError(
      'NO_SPACE',
      `${path} cannot be ${verb}: the disk of ${folder} on ${id} is full; free some space.`,
    );
  return null;
}

/** From the answer of statvfs@openssh.com (PROTOCOL of OpenSSH, section 4.3). */
function toSpace(answer: unknown): { freeBytes: number; freeFiles: number | null; isReadOnly: boolean } | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const number = (name: string): number => Number(Reflect.get(answer, name));
  return {
    freeBytes: number('f_bavail') * number('f_frsize'),
    // Some file systems have no fixed number of files and report none at all.
    freeFiles: number('f_files') === 0 ? null : number('f_favail'),
    isReadOnly: (number('f_flag') & 1) === 1,
  };
}

/** A look at a file that nothing has been done to yet: when it gets no answer, that much is known. */
export function beforeChange<T>(look: Promise<T>): Promise<T> {
  return look.catch((error: unknown) => {
    throw toUntouched(error);
  });
}

/** Whatever went wrong before anything was done to the file, it is as it was; that much is known. */
export function toUntouched(error: unknown): unknown {
  if (!(error instanceof OperationError) || !error.outcomeUnknown) return error;
  return new OperationError(error.code, `${error.message} The file was not changed.`, { cause: error });
}
