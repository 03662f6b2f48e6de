/** The one door an agent has: a socket of its own that opens with its token. What is spoken behind it is the tool door's business. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { Caller } from '../../core/caller.ts';
import type { ToolDoor } from '../../core/tool-door.ts';

/** The opening line is `{"token": …}`, with `"speaks": "http"` where http follows instead of messages, one a line. */
const openingBytesMax = 4_096;
const openingTimeoutMs = 5_000;
/** For a refused client to read why. */
const refusalReadMs = 1_000;
/** Some agents start one client a conversation part; more than this is a leak. */
const connectionsMax = 16;

export interface ToolSocketOptions {
  readonly path: string;
  readonly caller: Caller;
  readonly door: ToolDoor;
  readonly clock: Clock;
  /** Null admits; a sentence refuses, and is told to the client. Called once a connection, with null when no token could be read. */
  admit(token: string | null): string | null;
  /** Takes a connection over whose opening said that http follows. */
  acceptHttp(stream: Socket): void;
  onToolsListed(): void;
  /** The client's own words about itself. */
  readonly onClient?: (name: string, version: string) => void;
  /** What the client's agent is told with its next answer. */
  takeNews(): readonly string[];
}

export class ToolSocket implements Disposable {
  readonly #options: ToolSocketOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #serving = new Set<Disposable>();

  private constructor(options: ToolSocketOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#handleConnection(socket));
    this.#server.maxConnections = connectionsMax;
  }

  /** Listens with mode 0600. Rejects when the path cannot be bound. */
  static async open(options: ToolSocketOptions): Promise<ToolSocket> {
    rmSync(options.path, { force: true });
    const toolSocket = new ToolSocket(options);
    await new Promise<void>((resolve, reject) => {
      toolSocket.#server.once('error', reject);
      toolSocket.#server.listen(options.path, resolve);
    });
    // The folder is private; this is for the day somebody opens it.
    chmodSync(options.path, 0o600);
    return toolSocket;
  }

  /** Refuses new clients, withdraws what waits for the present ones and ends them. */
  dispose(): void {
    this.#server.close();
    for (const serving of this.#serving) serving.dispose();
    for (const socket of this.#sockets) socket.destroy();
    rmSync(this.#options.path, { force: true });
  }

  #handleConnection(socket: Socket): void {
    this.#sockets.add(socket);
    // A client that resets the connection is gone; 'close' follows.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
    readOpening(socket, this.#options.clock, (opening) => {
      const refusal = this.#options.admit(opening.token);
      if (refusal !== null) {
        // What else it sends is dropped, so that it can read the refusal; then its place is free, whether it hangs up or not.
        socket.resume();
        const leaving = this.#options.clock.after(refusalReadMs, () => socket.destroy());
        socket.once('close', () => leaving.dispose());
        socket.end(`${JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_001, message: refusal } })}\n`);
        return;
      }
      if (opening.rest.length > 0) socket.unshift(opening.rest);
      if (opening.speaks === 'http') {
        this.#options.acceptHttp(socket);
        return;
      }
      const { door, caller, onToolsListed, onClient, takeNews } = this.#options;
      const hooks = { onToolsListed, takeNews, ...(onClient ? { onClient } : {}) };
      const serving = door.serve(socket, caller, hooks);
      this.#serving.add(serving);
      socket.once('close', () => {
        this.#serving.delete(serving);
        serving.dispose();
      });
    });
  }
}

interface Opening {
  readonly token: string | null;
  readonly speaks: 'mcp' | 'http';
  /** Bytes that came after the opening line. */
  readonly rest: Buffer;
}

/**
 * Reads the first line and calls once; a line that is late, too long or no token yields null. It reads by pulling, since a stream
 * whose 'data' was paused would stay paused for whoever listens next.
 */
function readOpening(socket: Socket, clock: Clock, call: (opening: Opening) => void): void {
  let received = Buffer.alloc(0);
  const finish = (opening: Opening): void => {
    deadline.dispose();
    socket.off('readable', handleReadable);
    socket.off('end', handleNothing);
    call(opening);
  };
  const handleNothing = (): void => finish({ ...toOpening(null), rest: Buffer.alloc(0) });
  const handleReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf(0x0a);
    if (end !== -1) finish({ ...toOpening(received.subarray(0, end)), rest: received.subarray(end + 1) });
    else if (received.length > openingBytesMax) handleNothing();
  };
  const deadline = clock.after(openingTimeoutMs, handleNothing);
  socket.once('close', () => deadline.dispose());
  socket.on('readable', handleReadable);
  socket.on('end', handleNothing);
}

function toOpening(line: Buffer | null): Omit<Opening, 'rest'> {
  const none = { token: null, speaks: 'mcp' } as const;
  if (line === null || line.length > openingBytesMax) return none;
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    const { token, speaks } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : none;
    return { token: typeof token === 'string' ? token : null, speaks: speaks === 'http' ? 'http' : 'mcp' };
  } catch {
    return none;
  }
}
