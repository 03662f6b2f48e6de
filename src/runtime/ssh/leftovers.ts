/**
 * What a lost connection or a killed host left on a server: temporary files, which are removed, and changes of which nobody knows whether
 * they were made, which are looked up. Done on the next connection, before anything else. It knows only what this program began itself.
 */
import { posix } from 'node:path';
import { Emitter } from '../../base/event.ts';
import type { Action } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { ChangeFound, UnfinishedWrite } from '../../core/unfinished-writes.ts';
import type { Connection } from './connection.ts';
import { SftpStatusError } from './sftp-channel.ts';
import { surveyPath } from './survey.ts';
import { clearRoom, unlink, type Wanted } from './take-away.ts';

/** Past this many on one server its connection is lost all the time, and the oldest are forgotten. */
const writesMax = 100;

export class Leftovers {
  readonly #writes = new Map<string, readonly Expected[]>();
  readonly #found = new Emitter<ChangeFound>();
  /** By server: settled when what is being cleared away is. */
  readonly #clearing = new Map<string, Promise<unknown>>();

  /** What became of a change that nobody knew of. */
  readonly onFound = this.#found.event;

  /** `onRemoved` is told of each of its names what was there. */
  add(write: UnfinishedWrite, onRemoved: (found: OwnFound) => void = () => undefined): void {
    const key = toKey(write.server, write.address);
    this.#writes.set(key, [...(this.#writes.get(key) ?? []), { write, onRemoved }].slice(-writesMax));
  }

  /**
   * Their names hold the id of an operation and are ours alone, so nothing else can be hit. What cannot be done now is tried on the next connection;
   * a change in the same folder is not begun before, since what a lost connection still holds could hit it. Then throws UNREACHABLE.
   */
  async clear(connection: Connection, action: Pick<Action, 'kind'> & { readonly path?: string }): Promise<void> {
    const { target } = connection;
    const key = toKey(target.id, target.address);
    const changed = action.kind === 'write-file' || action.kind === 'remove-file' ? (action.path ?? null) : null;
    // Others of the same moment may be about it, one after the other.
    while (changed !== null && this.#clearing.has(key)) await this.#clearing.get(key);
    const writes = this.#writes.get(key);
    if (!writes) return;
    this.#writes.delete(key);
    const clearing = Promise.all([this.#clearing.get(key), ...writes.map((each) => this.#clear(connection, each))]);
    this.#clearing.set(key, clearing);
    await clearing;
    if (this.#clearing.get(key) === clearing) this.#clearing.delete(key);
    if (changed !== null) this.#checkCleared(key, target.id, changed);
  }

  #checkCleared(key: string, server: string, path: string): void {
    const left = (this.#writes.get(key) ?? []).flatMap(({ write }) => write.temporaryPaths);
    const beside = left.find((each) => posix.dirname(each) === posix.dirname(path));
    if (beside === undefined) return;
    throw new OperationError(
      'UNREACHABLE',
      `${path} was not touched: ${beside}, which a lost connection to ${server} may have left there, could not be looked at. Try again once its files can be reached.`,
    );
  }

  async #clear(connection: Connection, { write, onRemoved }: Expected): Promise<void> {
    try {
      await this.#clearAll(connection, { write, onRemoved });
    } catch (error) {
      if (error instanceof OperationError && isUnanswered(error)) this.add(write, onRemoved);
    }
  }

  async #clearAll(connection: Connection, { write, onRemoved }: Expected): Promise<void> {
    const { temporaryPaths, change, removal = null } = write;
    const all = await Promise.all(
      temporaryPaths.map(async (path) => {
        const found = await removeOwn(connection, path, removal);
        onRemoved(found);
        return found;
      }),
    );
    if (change === undefined) return;
    const kept = all.find((found) => found instanceof OperationError);
    if (kept) return this.#found.fire({ change, state: null, problem: kept.message });
    // Without the temporary file no rename can come any more, so what is there now is how it ended.
    const request = { path: change.path, contentBytesMax: limits.writeBytesMax, signal: neverAborted };
    const { state, realPath } = await surveyPath(connection, { target: connection.target, ...request });
    const isOwn = realPath === change.path && (state.kind === 'absent' || state.kind === 'file');
    this.#found.fire({ change, state: isOwn ? state : null });
  }
}

interface Expected {
  readonly write: UnfinishedWrite;
  readonly onRemoved: (found: OwnFound) => void;
}

/**
 * Under one of our names: a temporary file or an empty folder; a folder with the file that was to be deleted, which it is then; or a folder with
 * another file, which did not get its name back: the error says where it is.
 */
export type OwnFound = 'nothing' | 'something' | 'what was to be deleted' | OperationError;

/** It may never have been made, or be gone by now; only no answer at all is a failure. */
async function removeOwn(connection: Connection, path: string, removal: Wanted | null): Promise<OwnFound> {
  const sftp = await connection.sftp();
  try {
    await unlink(sftp, path);
  } catch (error) {
    if (!(error instanceof SftpStatusError)) throw error;
    if (error.status === 2) return 'nothing';
    // What else has such a name is the folder of a removal.
    try {
      return (await clearRoom(connection, sftp, path, removal)) ? 'what was to be deleted' : 'something';
    } catch (failure) {
      if (!(failure instanceof OperationError)) return 'something';
      if (failure.code !== 'CONFLICT') throw failure;
      return failure.outcomeUnknown ? failure : 'something';
    }
  }
  return 'something';
}

/** What was not answered now may be later; what was refused is refused again. */
function isUnanswered({ code, outcomeUnknown }: OperationError): boolean {
  return outcomeUnknown || code === 'CONNECTION_LOST' || code === 'TIMEOUT' || code === 'UNREACHABLE';
}

const neverAborted = new AbortController().signal;

/** The record of a server may change its key or its labels meanwhile; its machine is the same. */
function toKey(server: string, address: string): string {
  return `${server}\n${address}`;
}
