/** The MCP door: offers the operations table as tools on one byte stream. It translates; the gate decides, records and answers. */
import { Server, type ServerContext } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { toDisposable } from '../../base/lifecycle.ts';
import type { Caller } from '../../core/caller.ts';
import type { Gate, GateProgress } from '../../core/gate.ts';
import type { ToolDoor, ToolDoorHooks } from '../../core/tool-door.ts';
import { StreamTransport } from './stream-transport.ts';
import { toToolList } from './tool-list.ts';
import { type ToolResult, toToolResult } from './tool-result.ts';

const instructions =
  'These tools work on remote servers. Call list_servers first. Reads and simple inspection commands run at once; ' +
  'writes and other commands wait for a person, who may deny them with a reason: take the reason as an instruction.';

export interface CancellingToolDoor extends ToolDoor {
  /** Ends every call of a session, whether it waits or runs: for agents that forget their calls when a turn is cancelled. */
  cancelCalls(session: string): void;
}

/** The stream is closed when serving ends. The client never says who it is: `caller` was proven before. */
export function createToolDoor(options: { readonly gate: Gate; readonly version: string }): CancellingToolDoor {
  const calls: Calls = new Map();
  return {
    serve(stream, caller, hooks = {}) {
      // The library pins one server to the connection, of the protocol generation that the client's first message speaks.
      const serving = serveStdio(() => toServer({ ...options, calls }, caller, hooks), {
        transport: new StreamTransport(stream),
      });
      return toDisposable(() => {
        void serving.close().finally(() => stream.destroy());
      });
    },
    cancelCalls(session) {
      for (const abort of calls.get(session) ?? []) abort.abort();
    },
  };
}

/** What waits or runs, by session; a session without calls has no entry. */
type Calls = Map<string | null, Set<AbortController>>;

function toServer(
  options: { readonly gate: Gate; readonly version: string; readonly calls: Calls },
  caller: Caller,
  hooks: ToolDoorHooks,
): Server {
  const server = new Server(
    { name: 'signalbox', title: 'signalbox', version: options.version },
    { capabilities: { tools: {} }, instructions },
  );
  server.setRequestHandler('tools/list', () => {
    hooks.onToolsListed?.();
    return { tools: toToolList() };
  });
  server.setRequestHandler('tools/call', async (request, context): Promise<ToolResult> => {
    const onProgress = toProgressSender(context);
    const envelope = await untilCancelled(options.calls, caller.session, (signal) =>
      options.gate.perform({
        operation: request.params.name,
        input: request.params.arguments ?? {},
        caller,
        // The request's own signal is aborted by `notifications/cancelled` and by the end of the connection alike.
        signal: AbortSignal.any([context.mcpReq.signal, signal]),
        ...(onProgress ? { onProgress } : {}),
      }),
    );
    return toToolResult(envelope, hooks.takeNews?.() ?? []);
  });
  return server;
}

async function untilCancelled<T>(
  calls: Calls,
  session: string | null,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const ofSession = calls.get(session) ?? new Set();
  calls.set(session, ofSession.add(abort));
  try {
    return await call(abort.signal);
  } finally {
    ofSession.delete(abort);
    if (ofSession.size === 0 && calls.get(session) === ofSession) calls.delete(session);
  }
}

/** Progress is sent only to a caller that gave a token (MCP, basic utilities: progress); the value must grow with each message. */
function toProgressSender(context: ServerContext): ((progress: GateProgress) => void) | undefined {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let step = 0;
  return ({ message }) => {
    step += 1;
    context.mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress: step, message } })
      // The connection is gone: its end aborts the call by itself.
      .catch(() => undefined);
  };
}
