/**
 * Our tools over the connection of the agent itself (MCP-over-ACP), for agents that advertise it. The agent starts no bridge and sees neither
 * socket nor token; each message goes through the same door with the same token as from a bridge. The SDK's part of it is a draft, and loaded
 * only when an agent has asked for it; its client is not: `mcp/message` is an extension of the stable one.
 */
import { RequestError } from '@agentclientprotocol/sdk';
import type {
  HasConnectionContext,
  McpMessageRequestContext,
  McpOperationContext,
  McpOutcome,
  McpOverAcpProvider,
} from '@agentclientprotocol/sdk/unstable';
import type { Disposable } from '../../base/lifecycle.ts';
import { limits } from '../../core/limits.ts';
import { toolServerName } from './catalogue/profile.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { refusal } from './refusal.ts';
import { ToolLine } from './tool-line.ts';
import type { ToolServer } from './wire.ts';

export const mcpMessageMethod = 'mcp/message';

export class ToolMessages implements Disposable {
  readonly #place: { readonly toolSocket: string; readonly toolToken: string };
  #provider: McpOverAcpProvider | null = null;
  #line: ToolLine | null = null;
  #turn = new AbortController();

  constructor(place: { readonly toolSocket: string; readonly toolToken: string }) {
    this.#place = place;
  }

  /** What the session is opened with. Once for a connection. */
  async offer(connection: HasConnectionContext): Promise<ToolServer> {
    const sdk = await import('@agentclientprotocol/sdk/unstable');
    this.#provider = new sdk.McpOverAcpProvider();
    const registered = this.#provider.registerServer(connection, {
      name: toolServerName,
      handler: (operation) => this.#handle(operation),
      maxActiveRequests: limits.waitingPerSessionMax,
    });
    return registered.declaration;
  }

  /** Rejects with RequestError: the method was not offered, the server is unknown, the turn is over, the door is closed. */
  async handleRequest(context: McpMessageRequestContext): Promise<McpOutcome> {
    if (this.#provider === null) throw RequestError.methodNotFound(mcpMessageMethod);
    if (this.#turn.signal.aborted) throw refusal('CANCELLED', 'The turn was cancelled.');
    if (!isMessage(context.params)) throw RequestError.invalidParams(undefined, 'This is no MCP request.');
    return await this.#provider.handleRequest(context);
  }

  beginTurn(): void {
    if (this.#turn.signal.aborted) this.#turn = new AbortController();
  }

  /** The turn was cancelled: what waits is withdrawn, and nothing is done until the next prompt. */
  cancelAll(): void {
    this.#turn.abort();
  }

  dispose(): void {
    this.#turn.abort();
    this.#line?.dispose();
  }

  async #handle({ method, params, signal, notify }: McpOperationContext): Promise<McpOutcome> {
    if (this.#line === null || this.#line.isClosed) this.#line = new ToolLine(this.#place);
    const answer = await this.#line.ask({
      ...{ method, params },
      signal: AbortSignal.any([signal, this.#turn.signal]),
      // Nobody reads what a connection that is gone was to be told.
      notify: (name, more) => void notify(name, { ...more }).catch(() => undefined),
    });
    return 'error' in answer ? { error: toError(fieldsOf(answer.error)) } : { result: answer.result };
  }
}

/** The SDK passes on what it finds there, and a question that is none would wait for ever. */
function isMessage(value: unknown): boolean {
  const { serverId, requestId, method, params } = fieldsOf(value);
  const isObject = params === undefined || params === null || fieldsOf(params) === params;
  return [serverId, requestId, method].every((text) => typeof text === 'string') && isObject;
}

function toError({ code, message, data }: Fields): { code: number; message: string; data?: unknown } {
  const words = { code: typeof code === 'number' ? code : -32603, message: String(message) };
  return data === undefined ? words : { ...words, data };
}
