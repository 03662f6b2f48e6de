/** Reading a regular file, or part of it. It knows nothing of permits, and never opens anything that is not a regular file. */
import type { Stats } from 'ssh2';
import type { ReadFileAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import type { ReadOutcome } from '../../core/read-outcome.ts';
import type { Connection } from './connection.ts';
import { toFileError } from './file-error.ts';
import { guessContent } from './read-ahead.ts';
import { readBytes } from './read-bytes.ts';
import { readMemory } from './read-memory.ts';
import { realPathOf } from './real-path.ts';
import type { SftpChannel } from './sftp-channel.ts';

export interface FileRange {
  readonly offset: number;
  readonly length: number | null;
  readonly bytesMax: number;
}

/** Throws FILE_NOT_FOUND, PERMISSION_DENIED or NOT_A_FILE. `size` is that of the whole file. */
export async function performReadFile(connection: Connection, action: ReadFileAction): Promise<ReadOutcome> {
  const sftp = await connection.sftp();
  try {
    // Opening a named pipe would block the one file channel for good, so the type is known before anything is opened.
    const isWhole = action.offset === 0 && action.length === null;
    const guessed = isWhole ? guessContent(connection, action.path) : null;
    const looks = sftp.together(
      () =>
        [
          sftp.request<Stats>((wrapper, done) => wrapper.stat(action.path, done)),
          realPathOf(sftp, action.path),
        ] as const,
    );
    const [stats, realPath] = await Promise.all(looks);
    checkRegular(stats, action.path, connection.target.id);
    const guess = stats.size <= action.bytesMax ? await guessed?.(stats.size) : null;
    if (guess) return { kind: 'read-file', content: guess, size: stats.size, realPath };
    const { content, size } = await readOpened(sftp, action.path, stats.size, action);
    return { kind: 'read-file', content, size, realPath, release: () => readMemory.giveBack(content) };
  } catch (error) {
    throw await toFileError(error, { connection, sftp, path: action.path, verb: 'read' });
  }
}

export interface FileRead {
  readonly content: Buffer;
  /** Of the whole file. */
  readonly size: number;
  readonly stats: Stats;
}

/** Reads a file that is known to be regular; `sizeBefore` is its size as just seen. Throws NOT_A_FILE and CONFLICT as `readHandle`. */
export async function readOpened(
  sftp: SftpChannel,
  path: string,
  sizeBefore: number,
  range: FileRange,
): Promise<FileRead> {
  const handle = await sftp.request<Buffer>((wrapper, done) => wrapper.open(path, 'r', done));
  try {
    return await readHandle(sftp, handle, path, sizeBefore, range);
  } finally {
    closeQuietly(sftp, handle);
  }
}

/**
 * Reads an open file. One that became shorter meanwhile is read once more, until what is there agrees with its size or twice with itself (files
 * of /sys have fewer bytes than they say). Throws CONFLICT for one that does not come to rest, and NOT_A_FILE.
 */
export async function readHandle(
  sftp: SftpChannel,
  handle: Buffer,
  path: string,
  sizeBefore: number,
  { offset, length, bytesMax }: FileRange,
): Promise<FileRead> {
  const wanted = Math.min(length ?? Number.POSITIVE_INFINITY, bytesMax);
  let [size, lengthBefore] = [sizeBefore, -1];
  for (let tries = 0; tries < readTriesMax; tries += 1) {
    const expected = size === 0 ? 0 : Math.min(wanted, Math.max(0, size - offset));
    const isPastEnd = size > 0 && expected === 0;
    const asked = sftp.together(
      () =>
        [
          sftp.request<Stats>((wrapper, done) => wrapper.fstat(handle, done)),
          isPastEnd ? Buffer.alloc(0) : readBytes(sftp, handle, offset, expected, wanted),
        ] as const,
    );
    const [stats, content] = await Promise.all(asked);
    if (!stats.isFile())
      throw new OperationError('NOT_A_FILE', `${path} became a ${toTypeName(stats)} while it was looked at.`);
    const isShort = content.length < Math.min(expected, Math.max(0, stats.size - offset));
    if (isShort && content.length === lengthBefore) return { content, size: offset + content.length, stats };
    if (!isShort)
      return { content, size: Math.max(stats.size, content.length === 0 ? 0 : offset + content.length), stats };
    [size, lengthBefore] = [stats.size, content.length];
  }
  throw new OperationError(
    'CONFLICT',
    `${path} became shorter each time it was read; read it again when it is at rest.`,
  );
}

const readTriesMax = 4;

/** Nobody waits for the close; if it fails the server has dropped the handle with the channel. */
export function closeQuietly(sftp: SftpChannel, handle: Buffer): void {
  sftp.request((wrapper, done) => wrapper.close(handle, (error) => done(error, undefined))).catch(() => undefined);
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
