/**
 * What a lost connection or a killed host left on a server: temporary files, which are removed, and changes of which nobody knows whether
 * they were made, which are looked up. Done on the next connection, before anything else. It knows only what this program began itself.
 */
import { Emitter } from '../../base/event.ts';
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

  /** What became of a change that nobody knew of. */
  readonly onFound = this.#found.event;

  /** `onRemoved` is told of each of its names what was there. */
  add(write: UnfinishedWrite, onRemoved: (found: OwnFound) => void = () => undefined): void {
    const key = toKey(write.server, write.address);
    this.#writes.set(key, [...(this.#writes.get(key) ?? []), { write, onRemoved }].slice(-writesMax));
  }

  /** Their names hold the id of an operation and are ours alone, so nothing else can be hit. What cannot be done now is tried on the next connection. */
  async clear(connection: Connection): Promise<void> {
    const { target } = connection;
    const key = toKey(target.id, target.address);
    const writes = this.#writes.get(key);
    if (!writes) return;
    this.#writes.delete(key);
    await Promise.all(
      writes.map((each) =>
        this.#clear(connection, each).catch((error: unknown) => {
          if (error instanceof OperationError && error.outcomeUnknown) this.add(each.write, each.onRemoved);
        }),
      ),
    );
  }

  async #clear(connection: Connection, { write, onRemoved }: Expected): Promise<void> {
    const { temporaryPaths, change, removal = null } = write;
    await Promise.all(temporaryPaths.map(async (path) => onRemoved(await removeOwn(connection, path, removal))));
    if (change === undefined) return;
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

/** Under one of our names: a temporary file or an empty folder; a folder with the file that was to be deleted, which it is then. */
export type OwnFound = 'nothing' | 'something' | 'what was to be deleted';

/** It may never have been made, or be gone by now; only no answer at all is a failure. */
async function removeOwn(connection: Connection, path: string, removal: Wanted | null): Promise<OwnFound> {
  const sftp = await connection.sftp();
  try {
    await unlink(sftp, path);
  } catch (error) {
    if (!(error instanceof SftpStatusError)) throw error;
    if (error.status === 2) return 'nothing';
    // What else has such a name is the folder of a removal.
    const isDeleted = await clearRoom(sftp, path, removal).catch((failure: unknown) => {
      if (failure instanceof OperationError && failure.code !== 'CONFLICT') throw failure;
      return false;
    });
    if (isDeleted) return 'what was to be deleted';
  }
  return 'something';
}

const neverAborted = new AbortController().signal;

/** The record of a server may change its key or its labels meanwhile; its machine is the same. */
function toKey(server: string, address: string): string {
  return `${server}\n${address}`;
}
