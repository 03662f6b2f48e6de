/**
 * Replacing a file in one step: the new content is made whole and durable beside it, then takes its name. Readers see the old file or
 * the new one, never half of one. It knows nothing of files that cannot be replaced.
 */
import { posix } from 'node:path';
import { OperationError } from '../../core/codes.ts';
import { toTemporaryPath } from '../../core/unfinished-writes.ts';
import { checkExpected, lstatOrNull } from './current-file.ts';
import { toFileError, toUntouched } from './file-error.ts';
import { guessSha256 } from './read-ahead.ts';
import { realPathOf } from './real-path.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';
import { writeAndClose } from './write-bytes.ts';
import type { Seen, WriteContext } from './write-file.ts';

/**
 * Mode and owner of a replaced file are kept. On any failure before the rename the file is untouched and nothing is left beside it. Resolves
 * with what was seen of it under its name, null where that is still to be looked at.
 */
export async function writeStaged(context: WriteContext): Promise<Seen | null> {
  const { connection, sftp, action } = context;
  context.hooks.attempts += 1;
  const temporary = toTemporaryPath(action.path, context.auditId, context.hooks.attempts);
  try {
    await stageAndCheck(context, temporary);
  } catch (error) {
    const told = await toFileError(error, {
      connection: context.connection,
      sftp,
      path: action.path,
      verb: 'written',
      neededBytes: action.content.length,
    });
    await removeTemporary(context, temporary);
    throw toUntouched(told);
  }
  try {
    const renaming = rename(sftp, temporary, action.path, action.expectedSha256 === null ? 'create' : 'replace');
    // Asked for in the same flight. The file service has the rename before it; the command tells nothing unless it found the temporary file gone.
    const looking = connection.isFar ? lookAfter(context, temporary) : null;
    await renaming;
    context.hooks.isMade = true;
    return await looking;
  } catch (error) {
    // No answer to the rename: it may have happened. An answer means it has not.
    await removeTemporary(context, temporary);
    if (action.expectedSha256 === null && !(error instanceof OperationError) && (await lstatOrNull(sftp, action.path)))
      throw new OperationError('CONFLICT', `${action.path} was created by somebody else meanwhile; read it first.`);
    // The new file was there a moment ago, in the folder that had this name.
    if (error instanceof SftpStatusError && error.status === 2)
      throw new OperationError(
        'CONFLICT',
        `${action.path} was not written: its folder was moved or replaced meanwhile. ${posix.basename(temporary)} may be left where it went.`,
      );
    throw error;
  }
}

/**
 * The file is looked at as late as it can be: once the new one is whole, so that between the look and the rename there is one message to
 * the server. Far away, where that look is a round trip of its own, it is in flight with the end of the new file; one so large that the look would
 * overtake it is waited for.
 */
async function stageAndCheck(context: WriteContext, temporary: string): Promise<void> {
  const { connection, sftp, action } = context;
  const write = await openTemporary(context, temporary);
  const check = (): Promise<unknown> => checkExpected(connection, sftp, action.path, action.expectedSha256);
  if (connection.isFar && action.content.length <= inFlightBytesMax) {
    const both = await Promise.allSettled([write(), check()]);
    for (const one of both) if (one.status === 'rejected') throw one.reason;
    return;
  }
  await write();
  await check();
}

/** Resolves with what writes it; `before` and the temporary file are asked for together. */
async function openTemporary({ sftp, action, hooks }: WriteContext, temporary: string): Promise<() => Promise<void>> {
  // Nobody else may read it before it has its final mode; a new file without a wished mode gets what the account's umask gives.
  const openMode = action.expectedSha256 === null ? (action.mode ?? 0o666) : 0o600;
  const [before, handle] = await Promise.all([
    lstatOrNull(sftp, action.path),
    sftp.request<Buffer>((wrapper, done) => wrapper.open(temporary, 'wx', { mode: openMode }, done)),
  ]);
  hooks.staged = temporary;
  return () =>
    writeAndClose(sftp, handle, action.content, {
      owner: before === null ? null : { uid: before.uid, gid: before.gid },
      mode: action.mode ?? (before === null ? null : before.mode & 0o7777),
      length: 'keep',
    });
}

async function lookAfter({ connection, sftp, action }: WriteContext, temporary: string): Promise<Seen | null> {
  const [realPath, sha256] = await Promise.allSettled([
    realPathOf(sftp, action.path),
    guessSha256(connection, action.path, temporary),
  ]);
  if (realPath.status === 'rejected' || sha256.status === 'rejected') return null;
  return { realPath: realPath.value, sha256: sha256.value };
}

/** The plain rename of SFTP refuses to replace, which is what a new file needs; the POSIX one replaces. */
function rename(sftp: SftpChannel, from: string, to: string, kind: 'create' | 'replace'): Promise<void> {
  return sftp.request((wrapper, done) => {
    const answer = (error: Error | null | undefined): void => done(error, undefined);
    if (kind === 'replace') wrapper.ext_openssh_rename(from, to, answer);
    else wrapper.rename(from, to, answer);
  });
}

async function removeTemporary({ connection, onLeftover, hooks }: WriteContext, temporary: string): Promise<void> {
  try {
    // Asked for anew: the channel of the write may be the one that got stuck.
    const sftp = await connection.sftp();
    if ((await lstatOrNull(sftp, temporary)) === null) {
      hooks.isMade ||= hooks.staged === temporary;
      return;
    }
    // From here on, that it is gone can be our own doing.
    hooks.staged = null;
    await sftp.request((wrapper, done) => wrapper.unlink(temporary, (error) => done(error, undefined)));
  } catch {
    onLeftover(temporary);
  }
}

/** Half of what OpenSSH lets a client send before it has read any of it: what follows on another channel is not carried out before it arrived. */
const inFlightBytesMax = 1024 * 1024;
