/** `signalbox mcp`: our tools for any MCP client, over stdio. It opens a session of the running host and passes messages; the host decides. */
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import { exitCodes } from '../exit-codes.ts';
import { type HostClient, withHost } from '../host-client.ts';
import { StdioBridge } from '../mcp/stdio-bridge.ts';
import { collectWords } from '../options.ts';
import { type CliIo, ioOf, printNote } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';

interface McpOptions {
  readonly server: readonly string[];
  readonly readonly?: true;
  readonly title?: string;
}

/** Between two looks for a host; each look is a connection to a socket. */
const firstDelayMs = 250;
const lastDelayMs = 5_000;

export function register(program: Command): void {
  program
    .command('mcp')
    .description('offer the tools to an MCP client (an editor, an assistant), over stdio')
    .requiredOption('--server <ids>', 'servers it may work on, with commas or repeated', collectWords, [])
    .option('--readonly', 'nothing but reads can run for it')
    .option('--title <words>', 'name of its session; default: the servers')
    .addHelpText('after', examples)
    .action(async (options: McpOptions, command: Command) => {
      const io = ioOf(command);
      io.exitCode = await serve(io, options);
    });
}

const examples = `
The program that starts this command is NOT CONTAINED: it runs as you. What needs an approval waits on the screen of signalbox;
while such a program is connected, only a screen may approve. The session ends with the program.

Example, in the configuration of an MCP client:
  {"mcpServers": {"signalbox": {"command": "signalbox", "args": ["mcp", "--server", "web-1,web-2"]}}}
`;

/** Returns the exit status once the client is gone: 0, or that of the failure it was told about. */
async function serve(io: CliIo, options: McpOptions): Promise<number> {
  const bridge = new StdioBridge(io);
  try {
    const first = await withHost(io, 'if-needed', (client) => serveSession(io, client, bridge, options));
    return first === 'host lost' ? await serveAgain(io, bridge, options) : first;
  } catch (error) {
    // On a terminal there is no client, only a person, who is told by the line on stderr.
    if (!(error instanceof OperationError) || io.stdin.isTTY) throw error;
    // The client asks its first question in any case; the answer is where its user sees the reason.
    bridge.lose(error.message);
    await bridge.ended;
    throw error;
  } finally {
    bridge.close();
  }
}

/** Goes on as soon as a host runs again, in a session of that one. It starts none: somebody may have ended it on purpose. */
async function serveAgain(io: CliIo, bridge: StdioBridge, options: McpOptions): Promise<number> {
  const isOver = bridge.ended.then(() => true);
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(2 * delayMs, lastDelayMs)) {
    if (await Promise.race([isOver, wait(delayMs, false, { ref: false })])) return exitCodes.unreachable;
    try {
      const next = await withHost(io, 'never', (client) => {
        delayMs = firstDelayMs;
        return serveSession(io, client, bridge, options);
      });
      if (next !== 'host lost') return next;
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      // A host that does not take it says why; one that is not there yet, or is still ending, was spoken of.
      if (!['UNREACHABLE', 'CONNECTION_LOST', 'CANCELLED'].includes(error.code)) bridge.lose(error.message);
    }
  }
}

async function serveSession(
  io: CliIo,
  client: HostClient,
  bridge: StdioBridge,
  { server, title, readonly }: McpOptions,
): Promise<number | 'host lost'> {
  const { id, socket, token } = await client.call('session.external', {
    servers: server,
    ...(title === undefined ? {} : { title }),
    ...(readonly ? { readonly } : {}),
  });
  const door = connect(socket);
  door.write(`${JSON.stringify({ token })}\n`);
  const lost = new Promise<boolean>((resolve) => bridge.connect(door, () => resolve(true)));
  if (!(await Promise.race([lost, bridge.ended]))) return exitCodes.done;
  // A host that ends closes its sockets one after the other, and refuses from the first step on whatever it is asked.
  const isHostLost = await client.call('sessions.flush', {}).then(
    () => false,
    () => true,
  );
  const words = isHostLost
    ? 'The host of signalbox is gone, and what waited or ran with it: look at the servers before you repeat anything. The tools work again as soon as a host runs; start `signalbox` if none does.'
    : `The operator ended session ${id}; restart this MCP server to open another one.`;
  printNote(io, toSafeLine(words));
  bridge.lose(words);
  if (isHostLost) return 'host lost';
  await bridge.ended;
  return exitCodes.unreachable;
}
