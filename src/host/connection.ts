/** One client on the control socket: its requests, its snapshot and its events. It never makes the host wait, and its end withdraws what it asked for. */
import type { Socket } from 'node:net';
import { type Disposable, Disposables } from '../base/lifecycle.ts';
import { LineSplitter, LineTooLongError, toLine } from '../base/ndjson.ts';
import { OperationError } from '../core/codes.ts';
import { bounds } from '../protocol/bounds.ts';
import type { HostEvent } from '../protocol/events.ts';
import type { Params, Result } from '../protocol/methods.ts';
import { parseRequest, type Request } from '../protocol/schema/requests.ts';
import { trimView } from '../protocol/trim-view.ts';
import { protocolVersion } from '../protocol/version.ts';
import type { HostFrame } from '../protocol/wire.ts';
import { type Failure, toFailure } from './failure.ts';
import { Outbox } from './outbox.ts';
import { type Call, type Engine, requestHandlers } from './request-handlers.ts';
import type { Published } from './view-store.ts';

/** A client that connects says hello at once. */
const helloTimeoutMs = 10_000;

interface Identity {
  readonly client: 'screen' | 'cli';
  readonly workspace: string | null;
}

export class Connection implements Disposable {
  readonly #socket: Socket;
  readonly #engine: Engine;
  readonly #outbox: Outbox;
  readonly #lines = new LineSplitter(bounds.requestCharactersMax);
  readonly #running = new Map<number, AbortController>();
  readonly #lifetimes = new Disposables();
  #identity: Identity | null = null;
  /** Requests sent along with hello wait for it. */
  #greeting: Promise<Result<'hello'> | null> | null = null;
  #isAttached = false;
  #bytesBeforeHello = 0;

  constructor(socket: Socket, engine: Engine) {
    this.#socket = socket;
    this.#engine = engine;
    this.#outbox = new Outbox(socket, () => this.#cutOff('it was too far behind'));
    const deadline = this.#lifetimes.add(
      engine.parts.clock.after(helloTimeoutMs, () => {
        if (this.#identity === null) this.#refuse({ code: 'INVALID_ARGUMENT', message: 'Say hello first.' });
      }),
    );
    socket.on('data', (chunk: Buffer) => this.#handleChunk(chunk));
    // A reset connection is a client that is gone; 'close' follows and cleans up.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      deadline.dispose();
      this.#handleClose();
    });
  }

  /** Bytes that wait for this client; for the host's own statistics and tests. */
  get waitingBytes(): number {
    return this.#outbox.waitingBytes;
  }

  /** Answers what is still asked with an error, then ends. */
  dispose(): void {
    this.#lifetimes.dispose();
    this.#socket.end(() => this.#socket.destroy());
  }

  #handleChunk(chunk: Buffer): void {
    if (this.#identity === null) {
      this.#bytesBeforeHello += chunk.length;
      if (this.#bytesBeforeHello > bounds.helloCharactersMax) {
        this.#refuse({
          code: 'TOO_LARGE',
          message: 'The first line of a client is a short hello; this one is too long.',
        });
        return;
      }
    }
    try {
      for (const line of this.#lines.push(chunk)) this.#handleLine(line);
    } catch (error) {
      if (!(error instanceof LineTooLongError)) throw error;
      this.#refuse({ code: 'TOO_LARGE', message: `A request is too large: ${error.message}` });
    }
  }

  #handleLine(line: string): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    const parsed = parseRequest(line);
    if (!parsed.ok) {
      const failure: Failure = { code: 'INVALID_ARGUMENT', message: parsed.message };
      if (parsed.id === null) this.#refuse(failure);
      else this.#outbox.send({ id: parsed.id, error: failure });
      return;
    }
    const { request } = parsed;
    if (this.#greeting === null && request.method !== 'hello') {
      this.#refuse({ code: 'INVALID_ARGUMENT', message: 'Say hello first.' }, request.id);
      return;
    }
    if (this.#running.has(request.id) || this.#running.size >= bounds.requestsAtOnceMax) {
      this.#outbox.send({
        id: request.id,
        error: { code: 'INVALID_ARGUMENT', message: 'Too many requests at once, or one with this id still runs.' },
      });
      return;
    }
    void this.#answer(request);
  }

  async #answer(request: Request): Promise<void> {
    const controller = new AbortController();
    this.#running.set(request.id, controller);
    try {
      const result = await this.#perform(request, controller.signal);
      // A snapshot was sent where it was taken: nothing may come between it and the first event.
      if (result !== null) this.#outbox.send({ id: request.id, result });
    } catch (error) {
      const failure = toFailure(error, (line) => this.#engine.parts.log(line));
      this.#outbox.send({ id: request.id, error: failure });
    } finally {
      this.#running.delete(request.id);
    }
  }

  async #perform(request: Request, signal: AbortSignal): Promise<unknown> {
    if (request.method === 'hello') {
      if (this.#greeting) throw new OperationError('INVALID_ARGUMENT', 'Hello is said once a connection.');
      this.#greeting = this.#hello(request.id, request.params);
      return this.#greeting;
    }
    await this.#greeting;
    const identity = this.#identity;
    if (identity === null) throw new OperationError('INVALID_ARGUMENT', 'The hello before this request was refused.');
    switch (request.method) {
      case 'view.attach':
        this.#attach(request.id, identity.workspace);
        return null;
      case 'cancel':
        this.#running.get(request.params.request)?.abort();
        return {};
      default: {
        if (this.#engine.isStopping())
          throw new OperationError('CANCELLED', 'The host is stopping; try again in a moment.');
        if ('session' in request.params && typeof request.params.session === 'string')
          this.#engine.externals.checkMethod(request.method, request.params.session);
        const handler = requestHandlers[request.method] as (
          engine: Engine,
          params: Request['params'],
          call: Call,
        ) => unknown;
        const notify: Call['notify'] = (frame) => this.#outbox.send({ request: request.id, ...frame });
        const waitingBytes: Call['waitingBytes'] = () => this.#outbox.waitingBytes;
        const hold: Call['hold'] = (lifetime) => void this.#lifetimes.add(lifetime);
        return handler(this.#engine, request.params, { ...identity, signal, notify, hold, waitingBytes });
      }
    }
  }

  async #hello(id: number, params: Params<'hello'>): Promise<Result<'hello'> | null> {
    const { parts, board, store } = this.#engine;
    if (params.protocol !== protocolVersion) {
      this.#refuse({ code: 'UNSUPPORTED', message: versionSentence(params, parts.version) }, id);
      return null;
    }
    const workspace = parts.findWorkspace(params.cwd);
    await board.load(workspace);
    this.#identity = { client: params.client, workspace };
    const { pid } = store.view.host;
    return { protocol: protocolVersion, version: parts.version, pid, workspace, demo: parts.demo };
  }

  /** The snapshot and the subscription are one step: no event is lost between them, and none comes twice. */
  #attach(id: number, workspace: string | null): void {
    const { store, board } = this.#engine;
    const view = trimView({ ...store.view, servers: board.of(workspace) });
    this.#outbox.send({ id, result: { seq: store.seq, view } satisfies Result<'view.attach'> });
    if (this.#isAttached) return;
    this.#isAttached = true;
    this.#lifetimes.add(store.onPublished((published) => this.#sendEvent(published, workspace)));
  }

  #sendEvent({ seq, event }: Published, workspace: string | null): void {
    const own = this.#engine.board.toEventFor(workspace, event);
    this.#outbox.sendEvent(seq, own, toEventLine(seq, own));
  }

  /** One error, with the id of the request or 0 when it could not be read, then the end. */
  #refuse(failure: Failure, id = 0): void {
    if (this.#socket.writableEnded) return;
    this.#engine.parts.log(`refused a client: ${failure.message}`);
    this.#socket.removeAllListeners('data');
    // What still comes is dropped, so that the error can be read before the connection ends.
    this.#socket.resume();
    this.#socket.end(toLine({ id, error: failure } satisfies HostFrame));
    this.#lifetimes.add(this.#engine.parts.clock.after(1_000, () => this.#socket.destroy()));
  }

  #cutOff(reason: string): void {
    this.#engine.parts.log(`cut off a client: ${reason}`);
    this.#socket.destroy();
  }

  #handleClose(): void {
    this.#lifetimes.dispose();
    for (const controller of this.#running.values()) controller.abort();
  }
}

/** Most events are the same for all screens, so their frames are made once. */
const eventLines = new WeakMap<HostEvent, string>();

function toEventLine(seq: number, event: HostEvent): string {
  const known = eventLines.get(event);
  if (known !== undefined) return known;
  const line = toLine({ seq, event } satisfies HostFrame);
  eventLines.set(event, line);
  return line;
}

function versionSentence(client: Params<'hello'>, hostVersion: string): string {
  const side =
    client.protocol > protocolVersion
      ? 'the host is older: restart it (`signalbox kill-host`, then this again)'
      : 'this program is older: restart it with the version of the host';
  return `The host (signalbox ${hostVersion}, protocol ${protocolVersion}) and this program (${client.version}, protocol ${client.protocol}) do not fit: ${side}.`;
}
