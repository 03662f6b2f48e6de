/** What a file holds right before it is written, and whether that is still what was approved. It changes nothing. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Stats } from 'ssh2';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Connection } from './connection.ts';
import { guessContent } from './read-ahead.ts';
import { readOpened } from './read-file.ts';
import { realPathOf } from './real-path.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';

export interface CurrentFile {
  readonly content: Buffer;
  readonly stats: Stats;
}

/**
 * The file as it is now, null when absent. `path` is a real path: a link there, or on the way to it, is a change.
 * Throws CONFLICT when it is not what `expectedSha256` says (null: absent).
 */
export async function readExpected(
  connection: Connection,
  sftp: SftpChannel,
  path: string,
  expectedSha256: string | null,
): Promise<CurrentFile | null> {
  const folder = posix.dirname(path);
  const guessed = expectedSha256 === null ? null : guessContent(connection, path);
  const [stats, realFolder] = await Promise.all([lstatOrNull(sftp, path), realPathOf(sftp, folder)]);
  if (realFolder !== folder) throw conflict(path, `its folder now leads to ${realFolder}`);
  if (stats === null) {
    if (expectedSha256 !== null) throw conflict(path, 'it no longer exists');
    return null;
  }
  if (expectedSha256 === null) throw conflict(path, 'it exists now');
  if (!stats.isFile()) throw conflict(path, 'it is no longer a regular file');
  if (stats.size > limits.writeBytesMax) throw conflict(path, 'it has grown');
  const all = { offset: 0, length: null, bytesMax: limits.writeBytesMax } as const;
  const content = (await guessed?.(stats.size)) ?? (await readOpened(sftp, path, stats.size, all)).content;
  if (createHash('sha256').update(content).digest('hex') !== expectedSha256)
    throw conflict(path, 'its content is another one');
  return { content, stats };
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
