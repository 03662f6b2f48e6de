/**
 * An approved change of one file, seen through a lost connection: the file is looked at over a new one, and what was approved is brought to
 * its end where it was not. Only what cannot be looked at is left unknown, and looked up later. It knows nothing of who approved it.
 */
import { createHash } from 'node:crypto';
import type { RemoveFileAction, WriteFileAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { PerformOutcome } from '../../core/ports.ts';
import type { Target } from '../../core/server.ts';
import { toTemporaryPaths, type UnfinishedWrite } from '../../core/unfinished-writes.ts';
import type { Connection } from './connection.ts';
import type { Leftovers } from './leftovers.ts';
import { performRemoveFile } from './remove-file.ts';
import type { Retry } from './retries.ts';
import { surveyPath } from './survey.ts';
import { type ChangeHooks, performWriteFile, verifyWritten } from './write-file.ts';
import { finishInPlace, isPartOfBoth } from './write-in-place.ts';

export interface ChangeParts {
  /** Of the operation: what could not be known is looked up later under this id. */
  readonly auditId: string;
  readonly target: Pick<Target, 'id' | 'address'>;
  /** Called once its connection is lost. */
  readonly beginRetry: () => Retry;
  readonly signal: AbortSignal;
  readonly leftovers: Leftovers;
  /** Called before the first change on each connection; what it does is done once. */
  readonly redeem: () => void;
  /** Runs a task on a connection to the server as it was approved, a new one when the last is lost. */
  use<T>(signal: AbortSignal, task: (connection: Connection) => Promise<T>): Promise<T>;
}

type Change = WriteFileAction | RemoveFileAction;
type ChangeOutcome = Extract<PerformOutcome, { kind: 'write-file' | 'remove-file' }>;

/** Throws what a write or a removal throws; CONNECTION_LOST or TIMEOUT with `outcomeUnknown` when the server was not reached again. */
export async function performChange(action: Change, parts: ChangeParts): Promise<ChangeOutcome> {
  const { auditId, target, leftovers } = parts;
  const hooks: ChangeHooks = {
    ...{
      auditId,
      redeem: parts.redeem,
      made: [],
      attempts: 0,
      beforeInPlace: null,
      staged: null,
      isMade: false,
      kept: null,
    },
    onLeftover: (temporaryPath) =>
      leftovers.add(
        { server: target.id, address: target.address, temporaryPaths: [temporaryPath], ...toRemoval(action) },
        (found) => {
          if (found instanceof OperationError) hooks.kept = found;
          const isRenamed = found === 'nothing' && hooks.staged === temporaryPath;
          hooks.isMade ||= isRenamed || found === 'what was to be deleted';
        },
      ),
  };
  try {
    return await parts.use(parts.signal, (connection) => begin(connection, action, parts.signal, hooks));
  } catch (error) {
    if (!isLost(error)) throw error;
    let isUnknown = error.outcomeUnknown;
    const retry = parts.beginRetry();
    try {
      for (const delayMs of limits.changeRetriesMs) {
        // Nobody is waited for any more: what was begun is brought to its end, whoever has left.
        await retry.pause(delayMs, neverAborted);
        let isSeen = false;
        const onSeen = (): void => void (isSeen = true);
        try {
          const ended = await parts.use(neverAborted, (connection) => goOn(connection, action, hooks, onSeen));
          return { ...ended, resumed: true };
        } catch (second) {
          if (isSeen && !isLost(second)) throw second;
          if (!(second instanceof OperationError) || (second.outcomeUnknown && !isLost(second))) throw second;
          isUnknown ||= second.outcomeUnknown;
          // A login that is refused now, or a file that may not be looked at, tells nothing of what was done before.
          if (isLost(second) || isUnreachable(second)) continue;
          if (!isUnknown) throw second;
          break;
        }
      }
    } finally {
      retry.dispose();
    }
    if (!isUnknown) throw error;
    remember(action, parts);
    throw toUnknown(error, action, parts);
  }
}

function begin(
  connection: Connection,
  action: Change,
  signal: AbortSignal,
  hooks: ChangeHooks,
): Promise<ChangeOutcome> {
  return action.kind === 'write-file'
    ? performWriteFile(connection, action, signal, hooks)
    : performRemoveFile(connection, action, signal, hooks);
}

/**
 * By now the temporary file or folder is gone, taken away by us or renamed: so nothing that is still under way on the server can replace or remove
 * the file, and what is there now is how it ended.
 */
async function goOn(
  connection: Connection,
  action: Change,
  hooks: ChangeHooks,
  onSeen: () => void,
): Promise<ChangeOutcome> {
  const { path, expectedSha256 } = action;
  const found = await lookAt(connection, path);
  onSeen();
  if (hooks.kept !== null) throw hooks.kept;
  // Where only its mode was to change, what is there before and after has the same hash.
  const isSameBytes = action.kind === 'write-file' && expectedSha256 === sha256(action.content);
  if (found.sha256 === expectedSha256 && hooks.isMade && !isSameBytes) throw toUndone(connection, path);
  if (found.sha256 === expectedSha256) return await begin(connection, action, neverAborted, hooks);
  if (action.kind === 'remove-file') {
    if (found.sha256 === null) return { kind: 'remove-file', removedFolders: [] };
    throw toForeign(connection, path);
  }
  const isWritten = found.sha256 === sha256(action.content);
  if (isWritten && action.replace === 'atomic') return await verifyWritten(connection, action, hooks.made);
  // Mode and length came after the content, so what looks whole may not be.
  const isOurs = (content: Uint8Array): boolean => isPartOfBoth(content, hooks.beforeInPlace, action.content);
  if (isWritten || (found.content !== null && isOurs(found.content))) {
    await finishInPlace(connection, action, isOurs).catch((error: unknown) => {
      throw error instanceof OperationError && error.code === 'CONFLICT' ? toForeign(connection, path) : error;
    });
    return await verifyWritten(connection, action, hooks.made);
  }
  throw toForeign(connection, path);
}

interface Found {
  /** Null: there is no file. */
  readonly sha256: string | null;
  readonly content: Uint8Array | null;
}

async function lookAt(connection: Connection, path: string): Promise<Found> {
  const { target } = connection;
  const request = { target, path, contentBytesMax: limits.writeBytesMax, signal: neverAborted };
  const { state, realPath } = await surveyPath(connection, request);
  if (state.kind === 'absent') return { sha256: null, content: null };
  if (state.kind !== 'file' || realPath !== path) throw toForeign(connection, path);
  return { sha256: state.sha256, content: state.content };
}

function toForeign({ target }: Connection, path: string): OperationError {
  return new OperationError(
    'CONFLICT',
    `The connection to ${target.id} was lost while ${path} was changed, and what is there now is neither the old nor the new file: something else ` +
      'writes it too, or it holds parts of both. Look at it; what it held before is kept in the snapshots.',
    { outcomeUnknown: true },
  );
}

/** It is not made once more: somebody wanted it otherwise. */
function toUndone({ target }: Connection, path: string): OperationError {
  return new OperationError(
    'CONFLICT',
    `${path} was changed as it was approved, and the connection to ${target.id} was lost then; by now something else has put it back as it was before. ` +
      'It was left that way; look at it before you change it again.',
    { outcomeUnknown: true },
  );
}

function toRemoval(action: Change): Pick<UnfinishedWrite, 'removal'> {
  if (action.kind !== 'remove-file') return {};
  return { removal: { path: action.path, expectedSha256: action.expectedSha256 } };
}

function remember(action: Change, { auditId, target, leftovers }: ChangeParts): void {
  const { path, expectedSha256 } = action;
  const isStaged = action.kind === 'remove-file' || action.replace === 'atomic';
  leftovers.add({
    ...{ server: target.id, address: target.address },
    temporaryPaths: isStaged ? toTemporaryPaths(path, auditId) : [],
    change: {
      ...{ auditId, path, expectedSha256 },
      wantedSha256: action.kind === 'write-file' ? sha256(action.content) : null,
    },
  });
}

function toUnknown(error: OperationError, action: Change, { target }: ChangeParts): OperationError {
  const what = error.code === 'TIMEOUT' ? `${target.id} fell silent` : `${target.id} lost its connection`;
  const [isDone, again] = action.kind === 'write-file' ? ['written', 'write'] : ['deleted', 'delete'];
  const parts =
    action.kind === 'write-file' && action.replace === 'in-place'
      ? ' It may hold parts of the old and the new content.'
      : '';
  return new OperationError(
    error.code,
    `${what} in the middle, and was not reached again: whether ${action.path} was ${isDone} is unknown.${parts} ` +
      `Read it before you ${again} it again: with the next connection to ${target.id} it is looked up, and recorded.`,
    { outcomeUnknown: true, cause: error },
  );
}

const neverAborted = new AbortController().signal;

/** No answer came, for whichever reason: what was sent may have been done. */
function isLost(error: unknown): error is OperationError {
  if (!(error instanceof OperationError)) return false;
  return error.code === 'CONNECTION_LOST' || (error.code === 'TIMEOUT' && error.outcomeUnknown);
}

function isUnreachable(error: unknown): error is OperationError {
  return error instanceof OperationError && error.code === 'UNREACHABLE';
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
