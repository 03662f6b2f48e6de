/** Reading a regular file, or part of it. It knows nothing of permits, and never opens anything that is not a regular file. */
import type { Stats } from 'ssh2';
import type { ReadFileAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import type { PerformOutcome } from '../../core/ports.ts';
import type { Connection } from './connection.ts';
import { toFileError } from './file-error.ts';
import { guessContent } from './read-ahead.ts';
import { readBytes } from './read-bytes.ts';
import { realPathOf } from './real-path.ts';
import type { SftpChannel } from './sftp-channel.ts';

export interface FileRange {
  readonly offset: number;
  readonly length: number | null;
  readonly bytesMax: number;
}

/** Throws FILE_NOT_FOUND, PERMISSION_DENIED or NOT_A_FILE. `size` is that of the whole file. */
export async function performReadFile(
  connection: Connection,
  action: ReadFileAction,
): Promise<PerformOutcome & { kind: 'read-file' }> {
  const sftp = await connection.sftp();
  try {
    // Opening a named pipe would block the one file channel for good, so the type is known before anything is opened.
    const isWhole = action.offset === 0 && action.length === null;
    const guessed = isWhole ? guessContent(connection, action.path) : null;
    const [stats, realPath] = await Promise.all([
      sftp.request<Stats>((wrapper, done) => wrapper.stat(action.path, done)),
      realPathOf(sftp, action.path),
    ]);
    checkRegular(stats, action.path, connection.target.id);
    const guess = stats.size <= action.bytesMax ? await guessed?.(stats.size) : null;
    if (guess) return { kind: 'read-file', content: guess, size: stats.size, realPath };
    const { content, size } = await readOpened(sftp, action.path, stats.size, action);
    return { kind: 'read-file', content, size, realPath };
  } catch (error) {
    throw await toFileError(error, { connection, sftp, path: action.path, verb: 'read' });
  }
}

/** Reads a file that is known to be regular; `sizeBefore` is its size as just seen. */
export async function readOpened(
  sftp: SftpChannel,
  path: string,
  sizeBefore: number,
  { offset, length, bytesMax }: FileRange,
): Promise<{ content: Buffer; size: number; stats: Stats }> {
  const handle = await sftp.request<Buffer>((wrapper, done) => wrapper.open(path, 'r', done));
  try {
    const wanted = Math.min(length ?? Number.POSITIVE_INFINITY, bytesMax);
    const expected = sizeBefore === 0 ? 0 : Math.min(wanted, Math.max(0, sizeBefore - offset));
    const isPastEnd = sizeBefore > 0 && expected === 0;
    const [stats, content] = await Promise.all([
      sftp.request<Stats>((wrapper, done) => wrapper.fstat(handle, done)),
      isPastEnd ? Buffer.alloc(0) : readBytes(sftp, handle, offset, expected, wanted),
    ]);
    return { content, size: Math.max(stats.size, content.length === 0 ? 0 : offset + content.length), stats };
  } finally {
    // Nobody waits for the close; if it fails the server has dropped the handle with the channel.
    sftp.request((wrapper, done) => wrapper.close(handle, (error) => done(error, undefined))).catch(() => undefined);
  }
}

/** Throws NOT_A_FILE for everything but a regular file. */
export function checkRegular(stats: Stats, path: string, id: string): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new OperationError('NOT_A_FILE', `${path} on ${id} is a folder; list it instead.`);
  throw new OperationError(
    'NOT_A_FILE',
    `${path} on ${id} is a ${toTypeName(stats)}, not a regular file; it was not opened.`,
  );
}

/** What a path is, in words. */
export function toTypeName(stats: Stats): string {
  if (stats.isFIFO()) return 'named pipe';
  if (stats.isSocket()) return 'socket';
  if (stats.isBlockDevice()) return 'block device';
  if (stats.isCharacterDevice()) return 'character device';
  if (stats.isSymbolicLink()) return 'symbolic link';
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'regular file' : 'special file';
}
