/** `signalbox mcp-bridge` (hidden): connects an agent's MCP client on stdio with the host's tool socket. It passes bytes and reads none of them. */

import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { escapeExact, escapeProse } from '../../base/display/escape.ts';
import { toolSocketVariable, toolTokenVariable } from '../../core/tool-door.ts';
import { forwardHttp } from '../mcp/forward-http.ts';

export function register(program: Command): void {
  program
    .command('mcp-bridge', { hidden: true })
    .description('Connects stdin and stdout with the tool socket of a session; started by agents, not by people.')
    .option('--forward <port>', 'repeat an address of this machine for the agent that follows', Number)
    .argument('[command...]')
    .action(async (command: string[], { forward }: { forward?: number }) => {
      const { env, stderr } = process;
      if (forward === undefined) process.exitCode = await runBridge(env, process);
      else process.exitCode = await forwardHttp({ port: forward, command, env, stderr });
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
  streams.stderr.write(
    `signalbox mcp-bridge: cannot reach the host at ${escapeExact(path)}: ${escapeProse(problem)}\n`,
  );
  return 1;
}
