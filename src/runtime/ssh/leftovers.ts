/**
 * What a lost connection or a killed host left on a server: temporary files, which are removed, and changes of which nobody knows whether
 * they were made, which are looked up. Done on the next connection, before anything else. It knows only what this program began itself.
 */
import { Emitter } from '../../base/event.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { ChangeFound, UnfinishedWrite } from '../../core/unfinished-writes.ts';
import type { Connection } from './connection.ts';
import { surveyPath } from './survey.ts';

/** Past this many on one server its connection is lost all the time, and the oldest are forgotten. */
const writesMax = 100;

export class Leftovers {
  readonly #writes = new Map<string, readonly UnfinishedWrite[]>();
  readonly #found = new Emitter<ChangeFound>();

  /** What became of a change that nobody knew of. */
  readonly onFound = this.#found.event;

  add(write: UnfinishedWrite): void {
    const key = toKey(write.server, write.address);
    this.#writes.set(key, [...(this.#writes.get(key) ?? []), write].slice(-writesMax));
  }

  /** Their names hold the id of an operation and are ours alone, so nothing else can be hit. What cannot be done now is tried on the next connection. */
  async clear(connection: Connection): Promise<void> {
    const { target } = connection;
    const key = toKey(target.id, target.address);
    const writes = this.#writes.get(key);
    if (!writes) return;
    this.#writes.delete(key);
    await Promise.all(
      writes.map((write) =>
        this.#clear(connection, write).catch((error: unknown) => {
          if (error instanceof OperationError && error.outcomeUnknown) this.add(write);
        }),
      ),
    );
  }

  async #clear(connection: Connection, { temporaryPaths, change }: UnfinishedWrite): Promise<void> {
    await Promise.all(temporaryPaths.map((path) => removeOwn(connection, path)));
    if (change === undefined) return;
    // Without the temporary file no rename can come any more, so what is there now is how it ended.
    const request = { path: change.path, contentBytesMax: limits.writeBytesMax, signal: neverAborted };
    const { state, realPath } = await surveyPath(connection, { target: connection.target, ...request });
    const isOwn = realPath === change.path && (state.kind === 'absent' || state.kind === 'file');
    this.#found.fire({ change, state: isOwn ? state : null });
  }
}

/** It may never have been made, or be gone by now; only no answer at all is a failure. */
async function removeOwn(connection: Connection, path: string): Promise<void> {
  const sftp = await connection.sftp();
  await sftp
    .request((wrapper, done) => wrapper.unlink(path, (error) => done(error, undefined)))
    .catch((error: unknown) => {
      if (error instanceof OperationError) throw error;
    });
}

const neverAborted = new AbortController().signal;

/** The record of a server may change its key or its labels meanwhile; its machine is the same. */
function toKey(server: string, address: string): string {
  return `${server}\n${address}`;
}
