/**
 * The line to a host that may go away: connects, mirrors its view, and tries again with growing pauses when it is lost. Knows no screen.
 */
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/event.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { Connected } from '../client/connect.ts';
import type { CallOptions, HostConnection } from '../client/host-connection.ts';
import { HostError } from '../client/host-error.ts';
import { attach, type Mirror } from '../client/mirror.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import { toEmptyView } from '../protocol/reduce.ts';
import type { View } from '../protocol/view.ts';
import type { HostPort, LinkState, ViewChange } from './host-port.ts';

export interface HostLinkOptions {
  readonly clock: Clock;
  /** Of this program; shown until the host has said its own. */
  readonly version: string;
  connect(start: 'if-needed' | 'never'): Promise<Connected>;
}

/** A command says how to start a host in a shell; the screen has a key for it. */
function toSentence(error: Error): string {
  return error instanceof HostError && error.data?.['absent'] === true ? 'No host runs now.' : error.message;
}

/** Pauses between attempts; the last one repeats. */
const pausesMs = [250, 500, 1_000, 2_000, 4_000, 8_000] as const;

export class HostLink implements HostPort {
  readonly #options: HostLinkOptions;
  readonly #changes = new Emitter<ViewChange>();
  readonly #links = new Emitter<LinkState>();
  #connection: HostConnection | null = null;
  #mirror: Mirror | null = null;
  #link: LinkState = { kind: 'connecting' };
  #view: View;
  #attempt = 0;
  #retry: Disposable | null = null;
  #isConnecting = false;
  /** Somebody asked for a host, and there is none yet. */
  #isStartWanted = false;
  #isDisposed = false;

  readonly onChange = this.#changes.event;
  readonly onLink = this.#links.event;

  constructor(options: HostLinkOptions) {
    this.#options = options;
    this.#view = toEmptyView({ pid: 0, version: options.version, startedAtMs: 0, demo: false });
  }

  /** The last view that was seen, also while the host is away. */
  get view(): View {
    return this.#mirror?.view ?? this.#view;
  }

  get link(): LinkState {
    return this.#link;
  }

  /** The first connection; rejects with what the host or the client said. Later losses are mended without anyone asking. */
  async start(): Promise<void> {
    await this.#connect('if-needed');
  }

  async call<Name extends MethodName>(
    method: Name,
    params: Params<Name>,
    options: CallOptions = {},
  ): Promise<Result<Name>> {
    if (!this.#connection || this.#link.kind !== 'connected')
      throw new HostError('CONNECTION_LOST', 'The host is not connected; wait for the connection and try again.');
    return await this.#connection.call(method, params, options);
  }

  reconnect(): void {
    if (this.#link.kind !== 'lost' || this.#isStartWanted) return;
    this.#isStartWanted = true;
    this.#setLink({ ...this.#link, starting: 'a host' });
    // An attempt that is under way starts none; the next one, right after it, does.
    void this.#tryAgain('if-needed');
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#retry?.dispose();
    this.#mirror?.dispose();
    this.#connection?.close();
    this.#changes.dispose();
    this.#links.dispose();
  }

  async #connect(start: 'if-needed' | 'never'): Promise<void> {
    this.#isConnecting = true;
    try {
      const { connection } = await this.#options.connect(start);
      const mirror = await attach(connection);
      if (this.#isDisposed) {
        mirror.dispose();
        connection.close();
        return;
      }
      this.#connection = connection;
      this.#mirror = mirror;
      this.#attempt = 0;
      this.#isStartWanted = false;
      mirror.onChange(({ event }) => this.#changes.fire(event));
      connection.onClose(({ reason }) => this.#handleClose(connection, reason));
      this.#setLink({ kind: 'connected' });
      this.#changes.fire({ type: 'snapshot' });
      if (connection.isClosed) this.#handleClose(connection, 'it closed at once');
    } finally {
      this.#isConnecting = false;
    }
  }

  #handleClose(connection: HostConnection, reason: string): void {
    if (connection !== this.#connection || this.#isDisposed) return;
    this.#view = this.view;
    this.#mirror?.dispose();
    this.#mirror = null;
    this.#connection = null;
    this.#lose(`The connection to the host is lost (${reason}).`);
  }

  #lose(message: string): void {
    const pauseMs = pausesMs[Math.min(this.#attempt, pausesMs.length - 1)] ?? 1_000;
    this.#attempt += 1;
    this.#setLink({ kind: 'lost', message, attempt: this.#attempt });
    this.#retry?.dispose();
    this.#retry = this.#options.clock.after(pauseMs, () => void this.#tryAgain('never'));
  }

  async #tryAgain(start: 'if-needed' | 'never'): Promise<void> {
    if (this.#isConnecting || this.#isDisposed || this.#link.kind === 'connected') return;
    this.#retry?.dispose();
    try {
      await this.#connect(start);
    } catch (error) {
      if (start === 'never' && this.#isStartWanted) return await this.#tryAgain('if-needed');
      this.#isStartWanted = false;
      this.#lose(toSentence(error as Error));
    }
  }

  #setLink(link: LinkState): void {
    this.#link = link;
    this.#links.fire(link);
  }
}
