/** Listing one folder. It knows nothing of permits; recursion is a command, not a listing. */
import { posix } from 'node:path';
import type { FileEntryWithStats, Stats } from 'ssh2';
import type { ListDirAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { PerformOutcome } from '../../core/ports.ts';
import type { Connection } from './connection.ts';
import { toFileError } from './file-error.ts';
import { learnNames } from './owner-names.ts';
import { closeQuietly } from './read-file.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';
import { toEntry } from './stat-entry.ts';

/**
 * Entries sorted by name, without `.` and `..`, `limit` at most. The sorting is over what was read: of a folder with more than
 * `limits.entriesMax` entries, the first ones the server gave. Throws FILE_NOT_FOUND, PERMISSION_DENIED or INVALID_ARGUMENT (no folder).
 */
export async function listDirectory(
  connection: Connection,
  { path, limit }: ListDirAction,
): Promise<PerformOutcome & { kind: 'list-dir' }> {
  const sftp = await connection.sftp();
  try {
    const { found, isMore } = await readEntries(sftp, path);
    found.sort((left, right) => (left.filename < right.filename ? -1 : 1));
    const listed = found.slice(0, limit);
    const [links] = await Promise.all([
      Promise.all(listed.map((entry) => linkTargetOf(sftp, posix.join(path, entry.filename), toStats(entry)))),
      learnNames(
        connection,
        listed.map((entry) => entry.attrs.uid),
        listed.map((entry) => entry.attrs.gid),
      ),
    ]);
    return {
      kind: 'list-dir',
      entries: listed.map((entry, index) => toEntry(connection, entry.filename, toStats(entry), links[index] ?? null)),
      truncated: isMore || found.length > limit,
      ...(isMore ? { unsorted: true } : {}),
    };
  } catch (error) {
    throw await toListError(error, connection, sftp, path);
  }
}

async function readEntries(sftp: SftpChannel, path: string): Promise<{ found: FileEntryWithStats[]; isMore: boolean }> {
  const handle = await sftp.request<Buffer>((wrapper, done) => wrapper.opendir(path, done));
  const found: FileEntryWithStats[] = [];
  try {
    while (found.length <= limits.entriesMax) {
      // A server answers them in their order, so what the last of them say is what comes last, or that there is no more.
      const parts = await Promise.all(Array.from({ length: readsAtOnce }, () => readPart(sftp, handle)));
      for (const part of parts)
        found.push(...(part ?? []).filter(({ filename }) => filename !== '.' && filename !== '..'));
      if (parts.includes(null)) break;
    }
    return { found: found.slice(0, limits.entriesMax), isMore: found.length > limits.entriesMax };
  } finally {
    closeQuietly(sftp, handle);
  }
}

/** Of a hundred entries each, with OpenSSH: a large folder far away takes an eighth of the round trips, a small one none for its end. */
const readsAtOnce = 8;

/** Null at the end of the folder, which is status 1. */
function readPart(sftp: SftpChannel, handle: Buffer): Promise<FileEntryWithStats[] | null> {
  return sftp
    .request<FileEntryWithStats[]>((wrapper, done) => wrapper.readdir(handle, done))
    .catch((error: unknown) => {
      if (error instanceof SftpStatusError && error.status === 1) return null;
      throw error;
    });
}

function linkTargetOf(sftp: SftpChannel, path: string, stats: Stats): Promise<string | null> {
  if (!stats.isSymbolicLink()) return Promise.resolve(null);
  // A link that was removed since is listed without its target.
  return sftp.request<string>((wrapper, done) => wrapper.readlink(path, done)).catch(() => null);
}

/** The library gives full stats; its types leave the methods out. */
function toStats(entry: FileEntryWithStats): Stats {
  return entry.attrs as Stats;
}

async function toListError(error: unknown, connection: Connection, sftp: SftpChannel, path: string): Promise<unknown> {
  if (!(error instanceof SftpStatusError)) return error;
  // OpenSSH says "no such file" of a file that is no folder.
  const stats = await sftp.request<Stats>((wrapper, done) => wrapper.stat(path, done)).catch(() => null);
  if (stats && !stats.isDirectory())
    return new OperationError(
      'INVALID_ARGUMENT',
      `${path} on ${connection.target.id} is not a folder; read it as a file.`,
    );
  return toFileError(error, { connection, sftp, path, verb: 'listed' });
}
