/** The two questions a login has for an ssh-agent (draft-miller-ssh-agent): which keys it holds, and a signature. One connection each, as ssh does. */
import { Socket } from 'node:net';
import type { Clock } from '../../../base/clock.ts';
import { limits } from '../../../core/limits.ts';
import { toWireString, toWireUint32, WireReader } from './wire.ts';

export interface AgentIdentity {
  /** The public key or the certificate, as it travels. */
  readonly blob: Buffer;
  readonly comment: string;
}

export class AgentClient {
  readonly #socket: string;
  readonly #clock: Clock;

  constructor(socket: string, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
  }

  /** In the agent's order. Throws when no agent answers there in time. */
  async identities(): Promise<readonly AgentIdentity[]> {
    const reader = await this.#ask(Buffer.from([requestIdentities]), identitiesAnswer, limits.connectReadyTimeoutMs);
    return Array.from({ length: Math.min(reader.uint32(), identitiesMax) }, () => ({
      blob: reader.string(),
      comment: reader.text(),
    }));
  }

  /** The whole signature, its algorithm in front. An agent may wait for a person: for a touch, or for leave to use the key. */
  async sign(blob: Buffer, data: Buffer, hash: 'sha256' | 'sha512' | null): Promise<Buffer> {
    const flags = hash === null ? 0 : hash === 'sha256' ? 2 : 4;
    const request = [Buffer.from([signRequest]), toWireString(blob), toWireString(data), toWireUint32(flags)];
    return (await this.#ask(Buffer.concat(request), signAnswer, limits.loginQuestionMs)).string();
  }

  #ask(message: Buffer, expected: number, deadlineMs: number): Promise<WireReader> {
    return new Promise((resolve, reject) => {
      const socket = new Socket();
      let received = Buffer.alloc(0);
      const settle = (end: () => void): void => {
        deadline.dispose();
        socket.destroy();
        end();
      };
      const fail = (reason: string): void => settle(() => reject(new Error(reason)));
      const deadline = this.#clock.after(deadlineMs, () => fail('The ssh-agent did not answer in time.'));
      socket.on('error', () => fail('Failed to connect to agent'));
      socket.on('close', () => fail('The ssh-agent closed its connection.'));
      socket.on('data', (bytes: Buffer) => {
        received = Buffer.concat([received, bytes]);
        if (received.length < 4) return;
        const length = received.readUInt32BE(0);
        if (length > messageBytesMax) return fail('The ssh-agent answered more than agents do.');
        if (received.length < 4 + length) return;
        const reader = new WireReader(received.subarray(4, 4 + length));
        if (length === 0 || reader.byte() !== expected) fail('The ssh-agent refused.');
        else settle(() => resolve(reader));
      });
      socket.connect(this.#socket, () => void socket.write(toWireString(message)));
    });
  }
}

const requestIdentities = 11;
const identitiesAnswer = 12;
const signRequest = 13;
const signAnswer = 14;
/** What OpenSSH's agent takes and gives at most (AGENT_MAX_LEN, and its own bound of 2,048 keys). */
const messageBytesMax = 256 * 1024;
const identitiesMax = 2048;
