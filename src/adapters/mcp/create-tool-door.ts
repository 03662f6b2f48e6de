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

/** The stream is closed when serving ends. The client never says who it is: `caller` was proven before. */
export function createToolDoor(options: { readonly gate: Gate; readonly version: string }): ToolDoor {
  return {
    serve(stream, caller, hooks = {}) {
      // The library pins one server to the connection, of the protocol generation that the client's first message speaks.
      const serving = serveStdio(() => toServer(options, caller, hooks), { transport: new StreamTransport(stream) });
      return toDisposable(() => {
        void serving.close().finally(() => stream.destroy());
      });
    },
  };
}

function toServer(
  options: { readonly gate: Gate; readonly version: string },
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
    const envelope = await options.gate.perform({
      operation: request.params.name,
      input: request.params.arguments ?? {},
      caller,
      // Aborted by `notifications/cancelled` and by the end of the connection alike.
      signal: context.mcpReq.signal,
      ...(onProgress ? { onProgress } : {}),
    });
    return toToolResult(envelope);
  });
  return server;
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
