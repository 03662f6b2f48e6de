/** What a file holds right before it is written, and whether that is still what was approved. It changes nothing. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Stats } from 'ssh2';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Connection } from './connection.ts';
import { guessSha256 } from './read-ahead.ts';
import { closeQuietly, type FileRange, readHandle, readOpened } from './read-file.ts';
import { realPathOf } from './real-path.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';

export interface CurrentFile {
  readonly content: Buffer;
  readonly stats: Stats;
}

/**
 * What the file is now, null when absent. `path` is a real path: a link there, or on the way to it, is a change. Throws CONFLICT when it is not
 * what `expectedSha256` says (null: absent).
 */
export async function checkExpected(
  connection: Connection,
  sftp: SftpChannel,
  path: string,
  expectedSha256: string | null,
): Promise<Stats | null> {
  const guessed = expectedSha256 === null ? null : guessSha256(connection, path);
  const stats = await lookAt(sftp, path);
  if (expectedSha256 === null) {
    if (stats !== null) throw conflict(path, 'it exists now');
    return null;
  }
  const file = checkFile(stats, path);
  if ((await guessed) === expectedSha256) return file;
  const { content } = await readOpened(sftp, path, file.size, all);
  if (toSha256(content) !== expectedSha256) throw conflict(path, 'its content is another one');
  return file;
}

/**
 * The same of a file that is to be written in place, through the handle that it is written through: whatever takes its name meanwhile, only what
 * holds the approved content is written over. The caller closes the handle.
 */
export function openExpected(
  sftp: SftpChannel,
  path: string,
  expectedSha256: string,
): Promise<CurrentFile & { readonly handle: Buffer }> {
  return openWhere(sftp, path, (content) => toSha256(content) === expectedSha256);
}

/** Of a regular file whose content is as it should be. Throws CONFLICT. */
export async function openWhere(
  sftp: SftpChannel,
  path: string,
  isExpected: (content: Uint8Array) => boolean,
): Promise<CurrentFile & { readonly handle: Buffer }> {
  const opening = sftp.request<Buffer>((wrapper, done) => wrapper.open(path, 'r+', done));
  const [looked, opened] = await Promise.allSettled([lookAt(sftp, path), opening]);
  try {
    if (looked.status === 'rejected') throw looked.reason;
    const stats = checkFile(looked.value, path);
    const handle = await opening;
    const { content } = await readHandle(sftp, handle, path, stats.size, all);
    if (!isExpected(content)) throw conflict(path, 'its content is another one');
    return { content, stats, handle };
  } catch (error) {
    if (opened.status === 'fulfilled') closeQuietly(sftp, opened.value);
    throw error;
  }
}

const all: FileRange = { offset: 0, length: null, bytesMax: limits.writeBytesMax };

async function lookAt(sftp: SftpChannel, path: string): Promise<Stats | null> {
  const folder = posix.dirname(path);
  const [stats, realFolder] = await Promise.all([lstatOrNull(sftp, path), realPathOf(sftp, folder)]);
  if (realFolder !== folder) throw conflict(path, `its folder now leads to ${realFolder}`);
  return stats;
}

function checkFile(stats: Stats | null, path: string): Stats {
  if (stats === null) throw conflict(path, 'it no longer exists');
  if (!stats.isFile()) throw conflict(path, 'it is no longer a regular file');
  if (stats.size > limits.writeBytesMax) throw conflict(path, 'it has grown');
  return stats;
}

export function lstatOrNull(sftp: SftpChannel, path: string): Promise<Stats | null> {
  return sftp
    .request<Stats>((wrapper, done) => wrapper.lstat(path, done))
    .catch((error: unknown) => {
      if (error instanceof SftpStatusError && error.status === 2) return null;
      throw error;
    });
}

function conflict(path: string, change: string): OperationError {
  return new OperationError(
    'CONFLICT',
    `${path} has changed since the change was prepared: ${change}. Nothing was written; read it again and repeat the change.`,
  );
}

function toSha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
