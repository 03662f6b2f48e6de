/** One MCP server: what a client can ask of it, and how each question reaches the gate. It knows no transport. */
import { Server, type ServerContext } from '@modelcontextprotocol/server';
import type { Event } from '../../base/event.ts';
import type { Caller } from '../../core/caller.ts';
import type { FactsSource } from '../../core/facts/server-facts.ts';
import type { Gate } from '../../core/gate.ts';
import type { ToolDoorHooks } from '../../core/tool-door.ts';
import type { Calls } from './calls.ts';
import { instructions } from './instructions.ts';
import { type ProgressOptions, toProgress } from './progress.ts';
import { serveResources } from './resources.ts';
import { toToolList } from './tool-list.ts';
import { type ToolResult, toToolResult } from './tool-result.ts';

export interface ToolServerOptions extends ProgressOptions {
  readonly gate: Gate;
  readonly version: string;
  readonly calls: Calls;
  /** Without them there are no resources. */
  readonly facts?: FactsSource;
  /** Ids of servers whose records in the registry are others than before. */
  readonly onServersChanged?: Event<readonly string[]>;
}

/** `caller` was proven before; what the client says of itself counts for nothing. */
export function toToolServer(options: ToolServerOptions, caller: Caller, hooks: ToolDoorHooks): Server {
  const server = new Server(
    { name: 'signalbox', title: 'signalbox', version: options.version },
    {
      capabilities: { tools: { listChanged: true }, ...(options.facts ? { resources: { listChanged: true } } : {}) },
      instructions,
    },
  );
  const { facts, calls, clock } = options;
  if (facts) serveResources(server, { facts, calls, nowMs: () => clock.nowMs() }, caller);
  server.oninitialized = () => {
    const client = server.getClientVersion();
    if (client) hooks.onClient?.(client.title ?? client.name, client.version);
  };
  server.setRequestHandler('tools/list', () => {
    hooks.onToolsListed?.();
    return { tools: toToolList() };
  });
  server.setRequestHandler('tools/call', async (request, context): Promise<ToolResult> => {
    const progress = toProgress(context, options);
    const envelope = await options.calls
      .run(caller.session, endsOf(context), (signal) =>
        options.gate.perform({
          operation: request.params.name,
          input: request.params.arguments ?? {},
          ...{ caller, signal },
          ...(progress ? { onProgress: progress.onProgress, onOutput: progress.onOutput } : {}),
        }),
      )
      .finally(() => progress?.dispose());
    return toToolResult(envelope, hooks.takeNews?.() ?? []);
  });
  if (options.onServersChanged) followServers(server, options.onServersChanged, caller);
  return server;
}

/** A client that keeps lists looks anew. One that does not listen, or not yet, or not any more, asks when it wants to. */
function followServers(server: Server, onServersChanged: Event<readonly string[]>, { servers }: Caller): void {
  const following = onServersChanged((changed) => {
    if (servers !== 'all' && !changed.some((id) => servers.includes(id))) return;
    server.sendToolListChanged().catch(() => undefined);
    if (server.getCapabilities().resources) server.sendResourceListChanged().catch(() => undefined);
  });
  const { onclose } = server;
  server.onclose = () => {
    following.dispose();
    onclose?.();
  };
}

/** Aborted by `notifications/cancelled`, by the end of the connection, and over http by the end of the very request. */
function endsOf(context: ServerContext): readonly AbortSignal[] {
  const { signal } = context.http?.req ?? {};
  return signal ? [context.mcpReq.signal, signal] : [context.mcpReq.signal];
}
