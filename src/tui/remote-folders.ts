/**
 * Folders of servers as the operator's own listings showed them, for completion. Each listing goes through the gate like any other operation.
 */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { HostPort } from './host-port.ts';
import type { Candidate } from './prompt-completion.ts';

/** Tab is pressed in bursts: only the last place that was asked for is listed. */
const settleMs = 150;
/** A folder that was listed is completed from memory for this long. */
const keepMs = 30_000;
const foldersMax = 64;
/** More than anybody reads to the end; a longer name narrows it. */
const entriesMax = 1_000;

interface Folder {
  readonly atMs: number;
  readonly entries: readonly Candidate[];
}

export class RemoteFolders implements Disposable {
  readonly #host: HostPort;
  readonly #clock: Clock;
  readonly #folders = new Map<string, Folder>();
  #timer: Disposable | null = null;
  #listing: string | null = null;

  constructor(host: HostPort, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  /** The place that is being listed, or null. */
  get listing(): string | null {
    return this.#listing;
  }

  /** What is known of a folder; null when nothing is. */
  known(server: string, folder: string): readonly Candidate[] | null {
    const known = this.#folders.get(`${server}:${folder}`);
    return known && this.#clock.nowMs() - known.atMs < keepMs ? known.entries : null;
  }

  /** Lists it after a pause; `handle` gets null, or the sentence of what went wrong. A later call takes its place. */
  list(server: string, folder: string, handle: (problem: string | null) => void): void {
    const place = `${server}:${folder}`;
    // It is on its way already.
    if (this.#listing === place && this.#timer === null) return;
    this.#timer?.dispose();
    this.#listing = place;
    this.#timer = this.#clock.after(settleMs, () => {
      this.#timer = null;
      void this.#read(server, folder).then((problem) => {
        if (this.#listing !== place) return;
        this.#listing = null;
        handle(problem);
      });
    });
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  async #read(server: string, folder: string): Promise<string | null> {
    try {
      const input = { server, path: folder, limit: entriesMax };
      const { envelope } = await this.#host.call('operation.perform', { operation: 'remote_list_dir', input });
      if (envelope.status === 'error') return envelope.message ?? 'The folder could not be listed.';
      const entries = toEntries(envelope.data?.entries);
      this.#folders.delete(`${server}:${folder}`);
      this.#folders.set(`${server}:${folder}`, { atMs: this.#clock.nowMs(), entries });
      const [oldest] = this.#folders.keys();
      if (this.#folders.size > foldersMax && oldest !== undefined) this.#folders.delete(oldest);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** A name with a blank would end the word; it is left to be typed. */
function toEntries(entries: unknown): readonly Candidate[] {
  const list: readonly unknown[] = Array.isArray(entries) ? entries : [];
  return list.flatMap((entry) => {
    const { name, type } = (entry ?? {}) as { readonly name?: unknown; readonly type?: unknown };
    if (typeof name !== 'string' || name === '' || /[\s/]/.test(name)) return [];
    const isFolder = type === 'directory';
    const word = isFolder ? `${name}/` : name;
    return [{ word, description: typeof type === 'string' ? type : '', after: isFolder ? '' : ' ' }];
  });
}
