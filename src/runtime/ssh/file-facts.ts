/**
 * What SFTP does not show of a file and a replacement would lose: hard links, access lists, labels, whose it is, whether its folder
 * takes a new file. One command tells all. It knows nothing of the write itself.
 */

import { posix } from 'node:path';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Connection } from './connection.ts';
import { runCommand } from './run-command.ts';

/** Why a file must be written in place rather than replaced, as a clause; null when it can be replaced. */
export async function inPlaceReasonOf(connection: Connection, realPath: string): Promise<string | null> {
  // The folder first, the `ls` last: its output is the only line that a file name can make longer.
  const script =
    'id -u; id -G; if [ -w "$2" ]; then echo writable; else echo closed; fi; LC_ALL=C ls -ldn -- "$1" 2>/dev/null';
  const argv = ['/bin/sh', '-c', script, 'sh', realPath, posix.dirname(realPath)];
  try {
    const outcome = await runCommand(
      connection,
      {
        command: { form: 'argv', argv },
        cwd: null,
        timeoutMs: limits.sftpDeadlineMs,
        stdin: null,
        outputBytesMax: 64 * 1024,
      },
      new AbortController().signal,
    );
    return toReason(new TextDecoder().decode(outcome.stdout));
  } catch (error) {
    // An account for files alone runs nothing, but may write.
    if (error instanceof OperationError && error.code === 'UNSUPPORTED') return untold;
    throw error;
  }
}

const untold = 'the server does not tell whether the file has hard links or access lists';

/** Pure: from the four lines the command prints. */
export function toReason(output: string): string | null {
  const [uidText = '', groupsText = '', folder = '', listing = ''] = output.split('\n');
  const facts = /^\S{10}([+.@]?)\s+(\d+)\s+(\d+)\s+(\d+)\s/.exec(listing);
  if (!/^\d+$/.test(uidText) || facts === null) return untold;
  const [, mark, links, owner, group] = facts;
  if (Number(links) > 1) return `the file has ${links} hard links, which a replacement would part`;
  if (mark === '+') return 'the file has an access control list, which a replacement would lose';
  if (mark === '.') return 'the file has a security label, which a replacement could lose';
  if (mark === '@') return 'the file has extended attributes, which a replacement would lose';
  if (folder !== 'writable') return 'its folder does not take a new file';
  if (uidText === '0') return null;
  if (owner !== uidText) return 'the file belongs to another user, and a replacement would belong to this one';
  if (group === undefined || !groupsText.split(' ').includes(group))
    return 'the file belongs to a group this user is not in, which a replacement would lose';
  return null;
}
