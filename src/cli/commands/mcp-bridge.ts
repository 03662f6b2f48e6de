/** `signalbox mcp-bridge` (hidden): connects an agent's MCP client on stdio with the host's tool socket. It passes bytes and reads none of them. */
import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { toolSocketVariable, toolTokenVariable } from '../../core/tool-door.ts';

export function register(program: Command): void {
  program
    .command('mcp-bridge', { hidden: true })
    .description('Connects stdin and stdout with the tool socket of a session; started by agents, not by people.')
    .action(async () => {
      process.exitCode = await runBridge(process.env, process);
    });
}

/**
 * Opens with one line that holds the token, then passes bytes both ways until either side ends. The token comes through the
 * environment, since every user of the machine can read an argument list. Returns the exit status: 0, or 1 with one line on stderr.
 */
export async function runBridge(
  env: NodeJS.ProcessEnv,
  streams: { readonly stdin: Readable; readonly stdout: Writable; readonly stderr: Writable },
): Promise<number> {
  const path = env[toolSocketVariable];
  const token = env[toolTokenVariable];
  if (!path || !token) {
    streams.stderr.write(
      `signalbox mcp-bridge needs ${toolSocketVariable} and ${toolTokenVariable}; an agent gets them.\n`,
    );
    return 1;
  }
  const socket = connect(path);
  let problem: string | null = null;
  const ended = new Promise<void>((resolve) => {
    socket.once('error', (error) => {
      problem = error.message;
    });
    socket.once('close', () => resolve());
  });
  socket.once('connect', () => {
    socket.write(`${JSON.stringify({ token })}\n`);
    streams.stdin.pipe(socket);
  });
  socket.pipe(streams.stdout, { end: false });
  // A reader that went away is the end of the conversation, not an error of ours.
  streams.stdout.on('error', () => socket.destroy());
  streams.stdin.once('error', () => socket.destroy());
  await ended;
  // A pipe kept open by the agent must not keep this process.
  streams.stdin.destroy();
  if (problem === null) return 0;
  streams.stderr.write(`signalbox mcp-bridge: cannot reach the host at ${path}: ${problem}\n`);
  return 1;
}
