/** Temporary files that a lost connection or a killed host left on a server, removed on the next connection. It knows only files this program made itself. */
import type { UnfinishedWrite } from '../../core/unfinished-writes.ts';
import type { Connection } from './connection.ts';

/** Past this many on one server its connection is lost all the time, and the oldest are forgotten. */
const pathsMax = 100;

export class Leftovers {
  readonly #paths = new Map<string, string[]>();

  add({ server, address, temporaryPath }: UnfinishedWrite): void {
    const key = toKey(server, address);
    const paths = [...(this.#paths.get(key) ?? []), temporaryPath];
    this.#paths.set(key, paths.slice(-pathsMax));
  }

  /** Removes what is known for this server. Their names hold the id of an operation and are ours alone, so nothing else can be hit. */
  async remove(connection: Connection): Promise<void> {
    const { target } = connection;
    const key = toKey(target.id, target.address);
    const paths = this.#paths.get(key);
    if (!paths) return;
    this.#paths.delete(key);
    const sftp = await connection.sftp();
    await Promise.all(
      paths.map((path) =>
        sftp
          .request((wrapper, done) => wrapper.unlink(path, (error) => done(error, undefined)))
          // It was never made, or somebody has cleaned up already.
          .catch(() => undefined),
      ),
    );
  }
}

/** The record of a server may change its key or its labels meanwhile; its machine is the same. */
function toKey(server: string, address: string): string {
  return `${server}\n${address}`;
}
