/**
 * The live connections, one a server record, made when needed and closed when idle; and what screens show of them. It knows nothing
 * of what runs on a connection.
 */
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { OperationError } from '../../core/codes.ts';
import type { LineNotes } from '../../core/facts/line-facts.ts';
import { limits } from '../../core/limits.ts';
import type { ServerStatus } from '../../core/ports.ts';
import type { Target } from '../../core/server.ts';
import { untilAborted } from './abort.ts';
import type { Connection } from './connection.ts';
import { Retries, type Retry } from './retries.ts';

interface Entry {
  readonly opening: Promise<Connection>;
  connection: Connection | null;
  idle: Disposable | null;
  /** How many wait for it to open; once nobody does, `left` aborts, and it asks no person any more. */
  waiting: number;
  readonly left: AbortController;
}

export class ConnectionPool {
  readonly #connect: (target: Target, signal: AbortSignal) => Promise<Connection>;
  readonly #clock: Clock;
  readonly #lines: LineNotes | null;
  readonly #entries = new Map<string, Entry>();
  readonly #statuses = new Map<string, ServerStatus>();
  readonly #changed = new Emitter<ServerStatus>();
  readonly #retries: Retries;
  #isDisposed = false;

  /** @param lines where what connections learn outlives them; default: nowhere. */
  constructor(
    connect: (target: Target, signal: AbortSignal) => Promise<Connection>,
    clock: Clock,
    lines: LineNotes | null = null,
  ) {
    this.#connect = connect;
    this.#clock = clock;
    this.#lines = lines;
    this.#retries = new Retries(clock, (id, retryAtMs) => this.#set(id, { retryAtMs }));
  }

  readonly onStatus = this.#changed.event;

  status(id: string): ServerStatus {
    return this.#statuses.get(id) ?? { id, state: 'idle', latencyMs: null, hostKey: null, problem: null };
  }

  /**
   * A server was reached past the connections of this pool: what kept it from being reached before is not so any more. `hostKey` is what it
   * showed then; null where nobody looked.
   */
  handleReached(id: string, hostKey: string | null = null): void {
    const { state } = this.status(id);
    if (state === 'failed' || state === 'lost') this.#set(id, { state: 'idle', latencyMs: null, problem: null });
    if (hostKey !== null) this.#set(id, { hostKey });
  }

  /** A key is trusted now: of it, no server is refused any more, whether it is that server's or a jump host's. */
  handleTrusted(fingerprint: string): void {
    for (const { id, problem } of [...this.#statuses.values()])
      if (problem?.includes(fingerprint)) this.handleReached(id);
  }

  /** Runs a task on the connection to a target, connecting first when there is none. */
  async use<T>(target: Target, signal: AbortSignal, task: (connection: Connection) => Promise<T>): Promise<T> {
    const { connection, hold } = await this.acquire(target, signal);
    try {
      return await task(connection);
    } finally {
      hold.dispose();
    }
  }

  /**
   * The connection to a target, kept from going idle until the hold is disposed. An abort ends the wait, not the connecting; only what a
   * login asks of a person goes with the last who waited.
   */
  async acquire(target: Target, signal: AbortSignal): Promise<{ connection: Connection; hold: Disposable }> {
    let entry = this.#entryOf(target);
    let connection = await opened(entry, signal);
    if (!connection.isOpen) {
      // It closed between being found and being used; nothing was sent on it, so a new one does as well.
      entry = this.#entryOf(target);
      connection = await opened(entry, signal);
    }
    entry.idle?.dispose();
    entry.idle = null;
    return { connection, hold: connection.hold(() => this.#handleUnused(entry, connection)) };
  }

  /** The connection to a target as it is now: null when none is open. Nothing is held. */
  find(target: Target): Connection | null {
    const connection = this.#entries.get(target.recordHash)?.connection ?? null;
    return connection?.isOpen ? connection : null;
  }

  /** Something goes on there as soon as it is reached again. */
  beginRetry({ id }: Pick<Target, 'id'>): Retry {
    return this.#retries.begin(id);
  }

  /** What waits for its next try is tried at once. */
  retryNow(id: string): void {
    this.#retries.tryNow(id);
  }

  /** What a connection shows from now on is told and kept, whether it is one of this pool or not. */
  learnFrom({ target, line }: Pick<Connection, 'target' | 'line'>): void {
    this.#set(target.id, { line: line.facts });
    line.onChanged((facts) => {
      this.#set(target.id, { line: facts });
      this.#lines?.keep(target.recordHash, facts);
    });
  }

  /** What was learned of a server is learned anew. */
  async learnAnew(target: Target): Promise<void> {
    await this.#lines?.forget(target.recordHash);
    this.find(target)?.learnAnew();
  }

  /** Ends all connections; later calls are refused. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const entries = [...this.#entries.values()];
    await Promise.allSettled(entries.map(async ({ opening }) => (await opening).end()));
    await this.#lines?.settle();
    this.#changed.dispose();
  }

  #entryOf(target: Target): Entry {
    if (this.#isDisposed) throw new OperationError('CANCELLED', 'signalbox is shutting down; nothing was sent.');
    const existing = this.#entries.get(target.recordHash);
    existing?.connection?.checkAwake();
    if (existing && (existing.connection === null ? !existing.left.signal.aborted : existing.connection.isOpen))
      return existing;
    this.#set(target.id, { state: 'connecting', latencyMs: null, problem: null });
    const left = new AbortController();
    // Its own turn: what it finds in the map is this entry.
    const opening = Promise.resolve().then(() => this.#open(target, left.signal));
    const entry: Entry = { opening, connection: null, idle: null, waiting: 0, left };
    this.#entries.set(target.recordHash, entry);
    entry.opening.then(
      (connection) => {
        entry.connection = connection;
      },
      () => this.#forget(target, entry),
    );
    return entry;
  }

  async #open(target: Target, left: AbortSignal): Promise<Connection> {
    let connection: Connection;
    try {
      connection = await this.#connect(target, left);
    } catch (error) {
      // Of a login that everybody has left there is nothing to say.
      const [state, problem] = left.aborted ? (['idle', null] as const) : (['failed', toSentence(error)] as const);
      if (this.#isCurrent(target, left)) this.#set(target.id, { state, latencyMs: null, problem });
      throw error;
    }
    if (this.#isDisposed || !this.#isCurrent(target, left)) {
      connection.end();
      return connection;
    }
    this.#set(target.id, { state: 'connected', hostKey: connection.hostKey, problem: null, retryAtMs: null });
    this.#retries.handleConnected(target.id);
    this.learnFrom(connection);
    connection.onLatency((latencyMs) => this.#set(target.id, { latencyMs }));
    connection.onClosed((reason) => {
      const entry = this.#entries.get(target.recordHash);
      if (entry?.connection === connection) this.#forget(target, entry);
      const wasIdle = reason === closedWhenIdle;
      const problem = wasIdle ? null : `The connection was lost: ${reason}.`;
      this.#set(target.id, { state: wasIdle ? 'idle' : 'lost', latencyMs: null, problem });
    });
    return connection;
  }

  /** Somebody who came after all had left began anew. */
  #isCurrent({ recordHash }: Target, left: AbortSignal): boolean {
    return this.#entries.get(recordHash)?.left.signal === left;
  }

  #forget(target: Target, entry: Entry): void {
    entry.idle?.dispose();
    if (this.#entries.get(target.recordHash) === entry) this.#entries.delete(target.recordHash);
  }

  #handleUnused(entry: Entry, connection: Connection): void {
    entry.idle?.dispose();
    entry.idle = this.#clock.after(limits.connectionIdleMs, () => {
      if (connection.holds === 0) connection.end();
    });
  }

  #set(id: string, change: Partial<ServerStatus>): void {
    const status = { ...this.status(id), ...change };
    this.#statuses.set(id, status);
    if (!this.#isDisposed) this.#changed.fire(status);
  }
}

async function opened(entry: Entry, signal: AbortSignal): Promise<Connection> {
  entry.waiting += 1;
  try {
    return await untilAborted(entry.opening, signal);
  } finally {
    entry.waiting -= 1;
    if (entry.waiting === 0 && entry.connection === null) entry.left.abort();
  }
}

/** What `Connection.end` gives as the reason. */
const closedWhenIdle = 'signalbox closed it';

function toSentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
