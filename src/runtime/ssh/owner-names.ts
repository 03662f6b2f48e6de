/** Names of users and groups on a server, which SFTP gives as numbers only; learned once a connection. It knows nothing of files. */
import { limits } from '../../core/limits.ts';
import type { Connection } from './connection.ts';
import { runCommand } from './run-command.ts';

/** The name, or the number as text when the server has no name for it. */
export function nameOf(connection: Connection, kind: 'uid' | 'gid', id: number): string {
  return connection.names.get(`${kind}:${id}`) ?? String(id);
}

/**
 * Asks for the names not known yet, in one command. A server that cannot tell (no getent) leaves them numbers: names are for reading,
 * nothing is decided by them.
 */
export async function learnNames(
  connection: Connection,
  uids: readonly number[],
  gids: readonly number[],
): Promise<void> {
  const unknownUids = unknownOf(connection, 'uid', uids);
  const unknownGids = unknownOf(connection, 'gid', gids);
  if (unknownUids.length + unknownGids.length === 0) return;
  const script =
    'echo users; for id in $1; do getent passwd "$id"; done; echo groups; for id in $2; do getent group "$id"; done';
  const argv = ['/bin/sh', '-c', script, 'sh', unknownUids.join(' '), unknownGids.join(' ')];
  const output = await runCommand(
    connection,
    {
      command: { form: 'argv', argv },
      cwd: null,
      timeoutMs: limits.sftpDeadlineMs,
      stdin: null,
      outputBytesMax: limits.outputBytesMax,
    },
    new AbortController().signal,
  ).catch(() => null);
  // What was not answered counts as known to have no name, so that it is not asked for again.
  for (const id of unknownUids) connection.names.set(`uid:${id}`, String(id));
  for (const id of unknownGids) connection.names.set(`gid:${id}`, String(id));
  let kind: 'uid' | 'gid' = 'uid';
  for (const line of new TextDecoder().decode(output?.stdout).split('\n')) {
    if (line === 'groups') kind = 'gid';
    const [name, , id] = line.split(':');
    if (name && id && /^\d+$/.test(id)) connection.names.set(`${kind}:${id}`, name);
  }
}

function unknownOf(connection: Connection, kind: 'uid' | 'gid', ids: readonly number[]): readonly number[] {
  return [...new Set(ids)].filter((id) => !connection.names.has(`${kind}:${id}`)).slice(0, namesAtOnceMax);
}

/** A folder rarely has files of more owners; the rest stay numbers. */
const namesAtOnceMax = 200;
