/**
 * The ssh-agent as the system's ssh reaches it: a socket of ours that passes everything on as it is, and sees when a key is to sign, which an agent
 * may let a person wait for. It changes nothing and keeps nothing.
 */
import { createServer, Socket } from 'node:net';
import { type Disposable, toDisposable } from '../../../base/lifecycle.ts';
import { WireReader } from '../certificates/wire.ts';

export interface AgentPassageOptions {
  /** Of ours; made here, in a folder that nobody else can enter. */
  readonly path: string;
  /** Of the agent. */
  readonly agent: string;
  /** With the type of the key; disposed when the agent has answered, or is gone. */
  readonly onSigning: (keyType: string) => Disposable;
}

/** Ends with all connections through it. */
export async function openAgentPassage({ path, agent, onSigning }: AgentPassageOptions): Promise<Disposable> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = new Socket();
    let signing: Disposable | null = null;
    const settle = (): void => {
      signing?.dispose();
      signing = null;
    };
    const requests = new Requests((keyType) => {
      settle();
      signing = onSigning(keyType);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      // Whichever end goes takes the other along.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
        settle();
      });
    }
    near.on('data', (bytes) => requests.read(bytes));
    far.on('data', settle);
    far.connect(agent, () => {
      near.pipe(far);
      far.pipe(near);
    });
    near.pause();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return toDisposable(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}

/** What ssh asks the agent, message by message (draft-miller-ssh-agent, 3). */
class Requests {
  readonly #onSign: (keyType: string) => void;
  #received = Buffer.alloc(0);
  #isRead = true;

  constructor(onSign: (keyType: string) => void) {
    this.#onSign = onSign;
  }

  read(bytes: Buffer): void {
    if (!this.#isRead) return;
    this.#received = Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= 4) {
      const length = this.#received.readUInt32BE(0);
      // No agent would take it.
      if (length > messageBytesMax) this.#isRead = false;
      if (length > messageBytesMax || this.#received.length < 4 + length) return;
      const keyType = toKeyToSign(this.#received.subarray(4, 4 + length));
      this.#received = this.#received.subarray(4 + length);
      if (keyType !== null) this.#onSign(keyType);
    }
  }
}

function toKeyToSign(message: Buffer): string | null {
  try {
    const reader = new WireReader(message);
    return reader.byte() === signRequest ? new WireReader(reader.string()).text() : null;
  } catch {
    return null;
  }
}

const signRequest = 13;
const messageBytesMax = 256 * 1024;
