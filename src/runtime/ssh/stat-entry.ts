/** One entry of a folder, described: type, size, mode, owner, link target. It knows nothing of permits. */
import { posix } from 'node:path';
import type { Stats } from 'ssh2';
import type { StatAction } from '../../core/action.ts';
import type { DirEntry } from '../../core/dir-entry.ts';
import type { PerformOutcome } from '../../core/ports.ts';
import type { Connection } from './connection.ts';
import { toFileError } from './file-error.ts';
import { learnNames, nameOf } from './owner-names.ts';

/** Describes the path itself: of a link, the link. Throws FILE_NOT_FOUND or PERMISSION_DENIED. */
export async function statEntry(
  connection: Connection,
  { path }: StatAction,
): Promise<PerformOutcome & { kind: 'stat' }> {
  const sftp = await connection.sftp();
  try {
    const [stats, link] = await Promise.all([
      sftp.request<Stats>((wrapper, done) => wrapper.lstat(path, done)),
      // Refused for what is no link; asking at once saves a round trip where it is one.
      sftp.request<string>((wrapper, done) => wrapper.readlink(path, done)).catch(() => null),
    ]);
    await learnNames(connection, [stats.uid], [stats.gid]);
    const entry = toEntry(connection, posix.basename(path) || '/', stats, stats.isSymbolicLink() ? link : null);
    return { kind: 'stat', entry };
  } catch (error) {
    throw await toFileError(error, { connection, sftp, path, verb: 'looked at' });
  }
}

export function toEntry(connection: Connection, name: string, stats: Stats, linkTarget: string | null): DirEntry {
  return {
    name,
    type: toType(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    owner: nameOf(connection, 'uid', stats.uid),
    group: nameOf(connection, 'gid', stats.gid),
    mtimeSeconds: stats.mtime,
    linkTarget,
  };
}

function toType(stats: Stats): DirEntry['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
