/**
 * The tool door as streamable http on 127.0.0.1 (MCP 2025-06-18, basic: transports). The doorkeeper drops connections of other users where
 * the system tells whose they are (Linux); elsewhere short limits and the bearer alone keep them out. Before its body is read, a request has
 * to show that it is meant for this door (Host, Origin) and may come in (bearer). What is spoken then is the business of http-sessions. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Server as McpServer } from '@modelcontextprotocol/server';
import { limits } from '../../core/limits.ts';
import { type HttpToolDoor, type HttpToolDoorOptions, toolPath } from '../../core/tool-door.ts';
import { Doorkeeper, type DoorkeeperOptions } from './doorkeeper.ts';
import { HttpSessions } from './http-sessions.ts';
import { BodyTooLargeError, readBody, sendResponse, toWebRequest } from './web-request.ts';

const loopback = '127.0.0.1';
/** The largest file as JSON arrives within a moment on this machine. */
const bodyTimeoutMs = 60_000;
/** A connection on which nothing is asked any more; clients open another one when they need it. */
const idleTimeoutMs = 30_000;
const headerBytesMax = 16_384;
/** How long a door that closes waits for its last answers to leave. */
const lastAnswersMs = 1_000;
/** A token is 64 characters. */
const tokenPattern = /^Bearer +([\x21-\x7e]{1,512})$/i;

export interface HttpDoorOptions
  extends Pick<HttpToolDoorOptions, 'admit' | 'onRefused'>,
    Pick<DoorkeeperOptions, 'findPeer' | 'proofTimeoutMs'> {
  toServer(): McpServer;
}

export class HttpDoor implements HttpToolDoor {
  readonly #options: HttpDoorOptions;
  /** It listens nowhere: the doorkeeper hands it its connections. */
  readonly #server: Server;
  readonly #doorkeeper: Doorkeeper;
  readonly #sessions: HttpSessions;
  /** Requests that are being answered, but for streams of events, which last as long as their session. */
  readonly #calls = new Map<AbortController, Promise<void>>();
  #port = 0;

  private constructor(options: HttpDoorOptions) {
    this.#options = options;
    this.#sessions = new HttpSessions(options.toServer);
    this.#server = createServer(
      { keepAliveTimeout: idleTimeoutMs, maxHeaderSize: headerBytesMax },
      (request, response) => this.#handle(request, response),
    );
    this.#doorkeeper = new Doorkeeper({
      ...options,
      onAdmitted: (socket) => this.#server.emit('connection', socket),
      onForeign: (reason) => options.onRefused(reason, 'user'),
    });
  }

  /** Listens on a port that the system chooses. Rejects when there is none. */
  static async open(options: HttpDoorOptions): Promise<HttpDoor> {
    const door = new HttpDoor(options);
    await new Promise<void>((resolve, reject) => {
      door.#doorkeeper.server.once('error', reject);
      door.#doorkeeper.server.listen({ host: loopback, port: 0, exclusive: true }, resolve);
    });
    door.#port = (door.#doorkeeper.server.address() as AddressInfo).port;
    return door;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://${loopback}:${this.#port}${toolPath}`;
  }

  accept(stream: Duplex): void {
    this.#server.emit('connection', stream);
  }

  /** Withdraws what waits, which its callers are still told, ends every connection and gives the port back. */
  dispose(): void {
    this.#doorkeeper.dispose();
    for (const gone of this.#calls.keys()) gone.abort();
    // A client whose stream merely ends waits on for its answer (seen with the official one).
    void Promise.race([Promise.allSettled(this.#calls.values()), pause(lastAnswersMs)]).then(() => {
      this.#sessions.dispose();
      this.#doorkeeper.destroyAll();
    });
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    // A connection that is reset is a client that is gone; 'close' follows.
    for (const side of [request, response]) side.on('error', () => undefined);
    const answered = this.#answer(request, response, gone.signal).finally(() => this.#calls.delete(gone));
    if (request.method === 'POST') this.#calls.set(gone, answered);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, gone: AbortSignal): Promise<void> {
    try {
      const refusal = this.#findRefusal(request);
      if (refusal) {
        refuse(response, refusal);
        return;
      }
      const late = setTimeout(() => request.destroy(), bodyTimeoutMs);
      const body = await readBody(request, limits.agentMessageBytesMax).finally(() => clearTimeout(late));
      const answer = await this.#sessions.answer(toWebRequest(request, this.url, gone), body);
      await sendResponse(answer, response);
    } catch (error) {
      if (error instanceof BodyTooLargeError) refuse(response, { status: 413, words: error.message });
      else if (error instanceof SyntaxError)
        refuse(response, { status: 400, words: 'The body is not JSON.', code: -32_700 });
      // What else fails is a connection that broke, in the middle of a body or of an answer.
      else response.destroy();
    }
  }

  #findRefusal({ url, headers, socket }: IncomingMessage): Refusal | null {
    const places = [`${loopback}:${this.#port}`, `localhost:${this.#port}`];
    // A page of a browser whose name was made to lead here has its own name in both.
    if (!places.includes(headers.host ?? ''))
      return this.#report('The Host header names another place than this door.');
    if (headers.origin !== undefined && !places.some((place) => headers.origin === `http://${place}`))
      return this.#report('The Origin header names a page of elsewhere; tools are not for browsers.');
    const words = this.#options.admit(tokenPattern.exec(headers.authorization ?? '')?.[1] ?? null);
    if (words !== null) return { status: 401, words };
    if (!this.#doorkeeper.prove(socket))
      return { status: 503, words: 'Too many connections are open; close those that are not needed.' };
    if (url?.split('?')[0] !== toolPath) return { status: 404, words: `The tools are at ${toolPath}.` };
    return null;
  }

  #report(words: string): Refusal {
    this.#options.onRefused(words, 'address');
    return { status: 403, words };
  }
}

interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 413 | 503;
  readonly words: string;
  readonly code?: number;
}

/** Nothing more is read from a client that is refused. */
function refuse(response: ServerResponse, { status, words, code = -32_001 }: Refusal): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    'content-type': 'application/json',
    connection: 'close',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message: words } }));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
