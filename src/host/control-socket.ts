/** The operator's door: listens on the control socket (0600 in a private folder) and gives each client a connection. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { bounds } from '../protocol/bounds.ts';
import { Connection } from './connection.ts';
import type { Engine } from './request-handlers.ts';

export class ControlSocket {
  readonly #path: string;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();

  private constructor(path: string, engine: Engine) {
    this.#path = path;
    this.#server = createServer((socket) => {
      const connection = new Connection(socket, engine);
      this.#connections.add(connection);
      socket.once('close', () => this.#connections.delete(connection));
    });
    this.#server.maxConnections = bounds.connectionsMax;
  }

  /** The caller holds the host lock, so a socket that is there was left by a host that is gone. */
  static async open(path: string, engine: Engine): Promise<ControlSocket> {
    rmSync(path, { force: true });
    const control = new ControlSocket(path, engine);
    await new Promise<void>((resolve, reject) => {
      control.#server.once('error', reject);
      control.#server.listen(path, resolve);
    });
    chmodSync(path, 0o600);
    return control;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** No new clients; those that are there may still wait for their answers. */
  refuseIntake(): void {
    // Unlinked by close(): a client that comes now finds no host and starts the next one, which waits for the lock.
    this.#server.close();
  }

  /** Ends the clients; what was answered still leaves. */
  dispose(): void {
    this.refuseIntake();
    for (const connection of this.#connections) connection.dispose();
    rmSync(this.#path, { force: true });
  }
}
