/**
 * An approved write: folders, the file, and a look at what is there afterwards. The file is still what was approved, or nothing is
 * written. It knows nothing of approvals or snapshots.
 */
import { createHash } from 'node:crypto';
import type { WriteFileAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { PerformOutcome } from '../../core/ports.ts';
import { toCancelledError } from './abort.ts';
import type { Connection } from './connection.ts';
import { lstatOrNull } from './current-file.ts';
import { toFileError } from './file-error.ts';
import { guessSha256 } from './read-ahead.ts';
import { readOpened } from './read-file.ts';
import { realPathOf } from './real-path.ts';
import type { SftpChannel } from './sftp-channel.ts';
import { writeInPlace } from './write-in-place.ts';
import { writeStaged } from './write-staged.ts';

export interface WriteContext {
  readonly connection: Connection;
  readonly sftp: SftpChannel;
  readonly action: WriteFileAction;
  /** Of the operation: temporary files are named after it. */
  readonly auditId: string;
  /** A temporary file that could not be removed, because the connection was lost; to be removed on the next one. */
  readonly onLeftover: (path: string) => void;
  readonly hooks: ChangeHooks;
}

/** Of a file after it was written. */
export interface Seen {
  readonly realPath: string;
  /** Null: not told. */
  readonly sha256: string | null;
}

/** Of one approved change of a file, over as many connections as it takes. */
export interface ChangeHooks extends Pick<WriteContext, 'auditId' | 'onLeftover'> {
  /** Called before the first change on each connection. */
  readonly redeem: () => void;
  /** Folders that were made for it so far. */
  readonly made: string[];
  /** How many temporary files or folders were begun. */
  attempts: number;
  /** The last temporary file that is there for certain: once it is gone, it has taken the file's name. */
  staged: string | null;
  /** The change was made for certain: what is found as it was before was put there by somebody else. */
  isMade: boolean;
  /** Somebody else's file was taken away with it and did not get its name back: says where it is. */
  kept: OperationError | null;
  /** What a file that is written in place held before, once that has begun; empty for a new one. */
  beforeInPlace: Uint8Array | null;
}

/**
 * `redeem` is called once, before the first change. A cancel after that is too late: a write is short, and half of one helps nobody.
 * Throws CONFLICT, PERMISSION_DENIED, NO_SPACE, FILE_NOT_FOUND, NOT_A_FILE; with `outcomeUnknown` when the file may have changed.
 */
export async function performWriteFile(
  connection: Connection,
  action: WriteFileAction,
  signal: AbortSignal,
  hooks: ChangeHooks,
): Promise<PerformOutcome & { kind: 'write-file' }> {
  const sftp = await connection.sftp();
  if (signal.aborted) throw toCancelledError();
  hooks.redeem();
  const { auditId, onLeftover, made } = hooks;
  const context: WriteContext = { connection, sftp, action, auditId, onLeftover, hooks };
  let seen: Seen | null = null;
  try {
    await makeFolders(context, made);
    if (action.replace === 'atomic') seen = await writeStaged(context);
    else await writeInPlace(context);
  } catch (error) {
    const told = await toFileError(error, toAttempt(context));
    if (!(told instanceof OperationError && told.outcomeUnknown)) await removeFolders(sftp, made);
    throw told;
  }
  return await verifyWritten(connection, action, made, seen);
}

function toAttempt({ connection, sftp, action }: WriteContext): Parameters<typeof toFileError>[1] {
  return { connection, sftp, path: action.path, verb: 'written', neededBytes: action.content.length };
}

/** Exactly the folders that were shown. One that exists by now is fine when it is a folder. */
async function makeFolders({ sftp, action }: WriteContext, made: string[]): Promise<void> {
  for (const folder of action.createFolders) {
    try {
      await sftp.request((wrapper, done) => wrapper.mkdir(folder, (error) => done(error, undefined)));
      made.push(folder);
    } catch (error) {
      const stats = await lstatOrNull(sftp, folder);
      if (!stats?.isDirectory()) throw error;
    }
  }
}

async function removeFolders(sftp: SftpChannel, made: readonly string[]): Promise<void> {
  for (const folder of [...made].reverse()) {
    // Not empty by now, or the connection is gone: then it stays, empty folders do no harm.
    await sftp
      .request((wrapper, done) => wrapper.rmdir(folder, (error) => done(error, undefined)))
      .catch(() => undefined);
  }
}

/** All there is, and not only as much as was written: something may have been added. */
async function readBack(sftp: SftpChannel, path: string, writtenBytes: number): Promise<Buffer> {
  const all = { offset: 0, length: null, bytesMax: limits.writeBytesMax } as const;
  const { content, size } = await readOpened(sftp, path, writtenBytes + 1, all);
  return size === content.length ? content : (await readOpened(sftp, path, size, all)).content;
}

/** Looks at what was written, unless that was `seen` already. Whatever it throws, the file may have changed. */
export async function verifyWritten(
  connection: Connection,
  action: WriteFileAction,
  createdFolders: readonly string[],
  seen: Seen | null = null,
): Promise<PerformOutcome & { kind: 'write-file' }> {
  const { path } = action;
  let sftp: SftpChannel | null = null;
  try {
    sftp = await connection.sftp();
    const wantedSha256 = toSha256(action.content);
    const { realPath, sha256 } = seen?.sha256 === wantedSha256 ? seen : await look(connection, sftp, path);
    // Whatever else a command may have told: it is read before anything is said of it.
    const verifiedSha256 =
      sha256 === wantedSha256 ? sha256 : toSha256(await readBack(sftp, path, action.content.length));
    if (realPath !== path)
      throw new OperationError('CONFLICT', `${path} was written, but leads to ${realPath} now; look at both files.`);
    return {
      kind: 'write-file',
      created: action.expectedSha256 === null,
      verifiedSha256,
      createdFolders,
    };
  } catch (error) {
    const told = sftp === null ? error : await toFileError(error, { connection, sftp, path, verb: 'read back' });
    const reason = told instanceof Error ? told.message : String(told);
    throw new OperationError(
      told instanceof OperationError ? told.code : 'INTERNAL',
      `${path} on ${connection.target.id} was written, but could not be verified: ${reason}`,
      { outcomeUnknown: true, cause: error },
    );
  }
}

async function look(connection: Connection, sftp: SftpChannel, path: string): Promise<Seen> {
  const [realPath, sha256] = await Promise.all([realPathOf(sftp, path), guessSha256(connection, path)]);
  return { realPath, sha256 };
}

function toSha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
