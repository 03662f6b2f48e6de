/** The MCP sessions of one http door, each with a server of its own; requests of the generation without sessions are answered one by one. */
import { randomUUID } from 'node:crypto';
import {
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Disposable } from '../../base/lifecycle.ts';
import { limits } from '../../core/limits.ts';

/** Some agents start one client a conversation part and never say that it ended; past this the one unused longest is. */
const sessionsMax = 16;

export class HttpSessions implements Disposable {
  readonly #toServer: () => Server;
  /** In the order of their last use. */
  readonly #transports = new Map<string, WebStandardStreamableHTTPServerTransport>();
  readonly #modern: McpHttpHandler;

  constructor(toServer: () => Server) {
    this.#toServer = toServer;
    this.#modern = createMcpHandler(toServer, {
      legacy: 'reject',
      maxRequestBodySize: limits.agentMessageBytesMax,
      maxSubscriptions: sessionsMax,
    });
  }

  /** @param body the JSON of a POST; undefined where there was none. */
  async answer(request: Request, body: unknown): Promise<Response> {
    const options = body === undefined ? {} : { parsedBody: body };
    if (!(await isLegacyRequest(request, body))) return await this.#modern.fetch(request, options);
    const id = request.headers.get('mcp-session-id');
    if (id === null) return await this.#begin(request, options);
    const transport = this.#transports.get(id);
    // MCP 2025-06-18: the client begins a new session then.
    if (transport === undefined) return toError(404, 'There is no such session; begin a new one.');
    this.#transports.delete(id);
    this.#transports.set(id, transport);
    return await transport.handleRequest(request, options);
  }

  /** Ends every session; what waits for it is withdrawn. */
  dispose(): void {
    for (const transport of this.#transports.values()) void transport.close();
    this.#transports.clear();
    void this.#modern.close();
  }

  /** A session becomes one when its client has initialized it; anything else that comes without an id is refused, and nothing stays of it. */
  async #begin(request: Request, options: { readonly parsedBody?: unknown }): Promise<Response> {
    const transport: WebStandardStreamableHTTPServerTransport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => this.#keep(id, transport),
      onsessionclosed: (id) => void this.#transports.delete(id),
    });
    await this.#toServer().connect(transport);
    const response = await transport.handleRequest(request, options);
    // Its server would listen for as long as the door is open, once for each such request.
    if (transport.sessionId === undefined) await transport.close();
    return response;
  }

  #keep(id: string, transport: WebStandardStreamableHTTPServerTransport): void {
    this.#transports.set(id, transport);
    const [oldest] = this.#transports.keys();
    if (this.#transports.size <= sessionsMax || oldest === undefined) return;
    void this.#transports.get(oldest)?.close();
    this.#transports.delete(oldest);
  }
}

function toError(status: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: -32_001, message } }, { status });
}
