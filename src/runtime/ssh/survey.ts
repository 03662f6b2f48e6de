/** What is at a path now, for prepare: real path, state, content, and how a write would replace it. It reads only. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Stats } from 'ssh2';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { PathState, Survey, SurveyRequest } from '../../core/ports.ts';
import type { Connection } from './connection.ts';
import { toFileError } from './file-error.ts';
import { inPlaceReasonOf } from './file-facts.ts';
import { learnNames, nameOf } from './owner-names.ts';
import { guessContent } from './read-ahead.ts';
import { readOpened, toTypeName } from './read-file.ts';
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';

/**
 * Throws PERMISSION_DENIED, NOT_A_FILE (something on the way is no folder), TOO_LARGE (too large even to be hashed). The hash is empty
 * when no content was asked for.
 */
export async function surveyPath(connection: Connection, request: SurveyRequest): Promise<Survey> {
  const sftp = await connection.sftp();
  const { path } = request;
  try {
    const guessed = request.contentBytesMax > 0 ? guessContent(connection, path) : null;
    const [stats, link, realPath] = await Promise.all([
      unlessMissing(sftp.request<Stats>((wrapper, done) => wrapper.stat(path, done))),
      unlessMissing(sftp.request<Stats>((wrapper, done) => wrapper.lstat(path, done))),
      unlessMissing(sftp.request<string>((wrapper, done) => wrapper.realpath(path, done))),
    ]);
    const base = { hostKey: connection.hostKey, replace: 'atomic', inPlaceReason: null } as const;
    if (stats === null && link !== null)
      return { ...base, realPath: path, state: { kind: 'special', type: 'symbolic link that leads nowhere' } };
    if (stats === null) return { ...base, ...(await surveyAbsent(sftp, path, connection.target.id)) };
    const real = realPath ?? path;
    if (stats.isDirectory()) return { ...base, realPath: real, state: { kind: 'directory' } };
    if (!stats.isFile()) return { ...base, realPath: real, state: { kind: 'special', type: toTypeName(stats) } };
    if (request.contentBytesMax > 0 && /^\/(?:proc|sys)\//.test(real))
      throw new OperationError(
        'UNSUPPORTED',
        `${real} on ${connection.target.id} is a setting of its kernel, not a file that can be replaced; change it with a command.`,
      );
    const [state, inPlaceReason] = await Promise.all([
      surveyFile(connection, sftp, real, stats, { bytesMax: request.contentBytesMax, guessed }),
      request.contentBytesMax > 0 ? reasonFor(connection, sftp, real) : null,
    ]);
    return { ...base, realPath: real, state, replace: inPlaceReason === null ? 'atomic' : 'in-place', inPlaceReason };
  } catch (error) {
    throw await toFileError(error, { connection, sftp, path, verb: 'read' });
  }
}

function reasonFor(connection: Connection, sftp: SftpChannel, realPath: string): Promise<string | null> {
  if (!sftp.hasPosixRename) return Promise.resolve('the server cannot replace a file in one step');
  return inPlaceReasonOf(connection, realPath);
}

async function surveyFile(
  connection: Connection,
  sftp: SftpChannel,
  realPath: string,
  before: Stats,
  {
    bytesMax,
    guessed,
  }: { readonly bytesMax: number; readonly guessed: ((size: number) => Promise<Buffer | null>) | null },
): Promise<PathState & { kind: 'file' }> {
  const read =
    bytesMax === 0
      ? Promise.resolve({ content: null, sha256: '', size: before.size, stats: before })
      : before.size > bytesMax
        ? hashLarge(sftp, realPath, before, connection.target.id)
        : readWhole(sftp, realPath, before, bytesMax, (await guessed?.(before.size)) ?? null);
  const [{ content, sha256, size, stats }] = await Promise.all([
    read,
    learnNames(connection, [before.uid], [before.gid]),
  ]);
  return {
    kind: 'file',
    content,
    sha256,
    size,
    mode: stats.mode & 0o7777,
    owner: nameOf(connection, 'uid', stats.uid),
    group: nameOf(connection, 'gid', stats.gid),
    uid: stats.uid,
    gid: stats.gid,
  };
}

interface Content {
  readonly content: Buffer | null;
  readonly sha256: string;
  readonly size: number;
  readonly stats: Stats;
}

async function readWhole(
  sftp: SftpChannel,
  path: string,
  before: Stats,
  bytesMax: number,
  guess: Buffer | null,
): Promise<Content> {
  const { content, size, stats } = guess
    ? { content: guess, size: before.size, stats: before }
    : await readOpened(sftp, path, before.size, { offset: 0, length: null, bytesMax });
  return { content, sha256: createHash('sha256').update(content).digest('hex'), size, stats };
}

/** Hashed piece by piece, so that memory stays small. */
async function hashLarge(sftp: SftpChannel, path: string, before: Stats, id: string): Promise<Content> {
  if (before.size > hashBytesMax)
    throw new OperationError(
      'TOO_LARGE',
      `${path} on ${id} has ${before.size} bytes, too many to be read for its hash; change it with a command instead.`,
    );
  const hash = createHash('sha256');
  for (let offset = 0; offset < before.size; offset += limits.writeBytesMax) {
    const range = { offset, length: limits.writeBytesMax, bytesMax: limits.writeBytesMax };
    hash.update((await readOpened(sftp, path, before.size, range)).content);
  }
  return { content: null, sha256: hash.digest('hex'), size: before.size, stats: before };
}

/** Half a minute on a usual line; a larger file is not edited through an agent. */
const hashBytesMax = 256 * 1024 * 1024;

/** The nearest folder that exists, its real path, and the folders that would have to be made, outermost first. */
async function surveyAbsent(sftp: SftpChannel, path: string, id: string): Promise<Pick<Survey, 'realPath' | 'state'>> {
  if (path.split('/').includes('..'))
    throw new OperationError('INVALID_ARGUMENT', `${path} does not exist and holds ".."; name the file without "..".`);
  const missing: string[] = [];
  let folder = posix.dirname(posix.normalize(path));
  for (;;) {
    const current = folder;
    const [stats, real] = await Promise.all([
      unlessMissing(sftp.request<Stats>((wrapper, done) => wrapper.stat(current, done))),
      unlessMissing(sftp.request<string>((wrapper, done) => wrapper.realpath(current, done))),
    ]);
    if (stats !== null) {
      if (!stats.isDirectory())
        throw new OperationError('NOT_A_FILE', `${current} on ${id} is not a folder, so nothing can be below it.`);
      const missingFolders = missing.map((_, index) => posix.join(real ?? current, ...missing.slice(0, index + 1)));
      const realFolder = missingFolders.at(-1) ?? real ?? current;
      return { realPath: posix.join(realFolder, posix.basename(path)), state: { kind: 'absent', missingFolders } };
    }
    if (current === '/') throw new OperationError('FILE_NOT_FOUND', `${id} shows no root folder.`);
    missing.unshift(posix.basename(current));
    folder = posix.dirname(current);
  }
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SftpStatusError && error.status === 2) return null;
    throw error;
  }
}
