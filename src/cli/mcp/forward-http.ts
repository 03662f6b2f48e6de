/**
 * Stands before an agent that looks for its tools at an address of this machine: repeats that address where the agent's network is its own,
 * and passes each connection to the session's socket. It reads none of the bytes; who may come in is decided behind the socket.
 */
import { spawn } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { constants } from 'node:os';
import type { Writable } from 'node:stream';
import { escapeExact, escapeProse } from '../../base/display/escape.ts';
import { toolSocketVariable, toolTokenVariable } from '../../core/tool-door.ts';

export interface ForwardOptions {
  readonly port: number;
  /** Program and arguments of the agent; it inherits this process' streams. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stderr: Writable;
}

/** Runs the agent to its end and returns its exit status; 128 and the number of a signal that ended it, 1 when it cannot be started. */
export async function forwardHttp(options: ForwardOptions): Promise<number> {
  const { [toolSocketVariable]: socket, [toolTokenVariable]: token, ...env } = options.env;
  const [program = '', ...args] = options.command;
  if (!socket || !token) {
    options.stderr.write(
      `signalbox mcp-bridge needs ${toolSocketVariable} and ${toolTokenVariable}; an agent gets them.\n`,
    );
    return 1;
  }
  const server = await repeatAddress(options.port, socket, token);
  try {
    return await new Promise<number>((resolve) => {
      const child = spawn(program, args, { env, stdio: 'inherit' });
      // Who ends this process means the agent; what is left of it ends with the group.
      const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, pass);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
      child.once('error', (error) => {
        options.stderr.write(`${escapeExact(program)} cannot be started: ${escapeProse(error.message)}\n`);
        resolve(1);
      });
    });
  } finally {
    server?.close();
  }
}

/**
 * Null where the port is taken already: then the network is the machine's own, and the door itself listens there. Rejects when the
 * address cannot be had for another reason.
 */
export async function repeatAddress(port: number, path: string, token: string): Promise<Server | null> {
  const server = createServer((client) => passOn(client, path, token));
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen({ host: '127.0.0.1', port }, () => {
      // The agent is what keeps this process alive.
      server.unref();
      resolve(server);
    });
  });
}

function passOn(client: Socket, path: string, token: string): void {
  const door = connect(path);
  door.write(`${JSON.stringify({ token, speaks: 'http' })}\n`);
  client.pipe(door);
  door.pipe(client);
  // The end of either side is the end of the other: a client that is gone must not leave its card waiting.
  for (const [one, other] of [
    [client, door],
    [door, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.once('close', () => other.destroy());
  }
}
