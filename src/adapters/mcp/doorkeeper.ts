/**
 * Who may hold a connection to the http door. Where the system tells whose it is, one of another user is dropped before a byte of it is
 * read. Elsewhere, and for programs of the same user, a connection that has not shown the bearer has a short time and a small number of
 * places, which are never those of connections that have. It reads nothing.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Disposable } from '../../base/lifecycle.ts';
import { createPeerLookup, type PeerLookup } from './peer-user.ts';

/** One agent has a few requests and one stream of events under way; more is a leak. */
const provenMax = 32;
/** A client opens a few connections at once and shows its token with the first bytes; of more the oldest goes. */
const unprovenMax = 16;
/** Those whose user is being looked up, which takes a moment. */
const lookupsMax = 64;
/** From the connection to the end of the headers with the bearer in them. */
const proofTimeoutMs = 5_000;
/** A machine has few people; a record each is enough. */
const foreignUsersMax = 8;

export interface DoorkeeperOptions {
  /** Takes a connection over, of which nothing was read. */
  onAdmitted(socket: Socket): void;
  /** A connection of another user was dropped; once for each user. */
  onForeign(reason: string): void;
  readonly findPeer?: PeerLookup;
  /** Milliseconds; for tests. */
  readonly proofTimeoutMs?: number;
}

export class Doorkeeper implements Disposable {
  readonly server: Server;
  readonly #options: DoorkeeperOptions;
  readonly #findPeer: PeerLookup;
  /** In the order in which they came, with the timers that end them. */
  readonly #unproven = new Map<Duplex, NodeJS.Timeout>();
  readonly #proven = new Set<Duplex>();
  readonly #open = new Set<Socket>();
  readonly #foreign = new Set<number>();

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
    this.#findPeer = options.findPeer ?? createPeerLookup();
    this.server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#handleConnection(socket),
    );
    this.server.maxConnections = provenMax + unprovenMax + lookupsMax;
  }

  /** The bearer came with this connection; it stays. False when there are too many that stay. One that came another way is none of ours. */
  prove(connection: Duplex): boolean {
    const timer = this.#unproven.get(connection);
    if (timer === undefined) return true;
    if (this.#proven.size >= provenMax) return false;
    clearTimeout(timer);
    this.#unproven.delete(connection);
    this.#proven.add(connection);
    return true;
  }

  /** Takes no more. Those that are open stay, until `destroyAll`. */
  dispose(): void {
    this.server.close();
  }

  destroyAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #handleConnection(socket: Socket): void {
    this.#open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(this.#unproven.get(socket));
      this.#unproven.delete(socket);
      this.#proven.delete(socket);
      this.#open.delete(socket);
    });
    this.#isForeign(socket).then(
      (isForeign) => {
        if (isForeign || socket.destroyed) socket.destroy();
        else this.#admit(socket);
      },
      () => socket.destroy(),
    );
  }

  async #isForeign({ localAddress, localPort, remoteAddress, remotePort }: Socket): Promise<boolean> {
    // Gone already: there is nobody to admit.
    if (!localAddress || !localPort || !remoteAddress || !remotePort) return true;
    const user = await this.#findPeer({ localAddress, localPort, remoteAddress, remotePort });
    if (user === 'unknown') return false;
    if (user === 'gone') return true;
    if (user === process.geteuid?.()) return false;
    if (!this.#foreign.has(user) && this.#foreign.size < foreignUsersMax) {
      this.#foreign.add(user);
      this.#options.onForeign(`A connection of another user of this machine (uid ${user}) was dropped unread.`);
    }
    return true;
  }

  #admit(socket: Socket): void {
    const timer = setTimeout(() => socket.destroy(), this.#options.proofTimeoutMs ?? proofTimeoutMs);
    this.#unproven.set(socket, timer);
    const [oldest] = this.#unproven.keys();
    if (this.#unproven.size > unprovenMax) oldest?.destroy();
    this.#options.onAdmitted(socket);
    socket.resume();
  }
}
