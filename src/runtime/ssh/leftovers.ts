/** Temporary files a lost connection left on a server, removed on the next one. It knows only files this program made itself. */
import type { Target } from '../../core/server.ts';
import type { Connection } from './connection.ts';

/** Past this many on one server its connection is lost all the time, and the oldest are forgotten. */
const pathsMax = 100;

export class Leftovers {
  readonly #paths = new Map<string, string[]>();

  add(target: Target, path: string): void {
    const paths = [...(this.#paths.get(target.recordHash) ?? []), path];
    this.#paths.set(target.recordHash, paths.slice(-pathsMax));
  }

  /** Removes what is known for this server. Their names are random and ours alone, so nothing else can be hit. */
  async remove(connection: Connection): Promise<void> {
    const hash = connection.target.recordHash;
    const paths = this.#paths.get(hash);
    if (!paths) return;
    this.#paths.delete(hash);
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
