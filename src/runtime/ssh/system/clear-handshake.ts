/**
 * What an SSH connection says before it is enciphered (RFC 4253, sections 4.2, 7 and 8), read along as it passes by: what the server calls itself
 * and offers, the key it shows, and the moment from which the client holds that key for proved. It changes nothing and judges nothing.
 */
import { WireReader } from '../certificates/wire.ts';

/** The names a side offers, most wanted first. Foreign text. */
export interface Offer {
  readonly keyExchange: readonly string[];
  readonly hostKey: readonly string[];
  readonly cipher: readonly string[];
  readonly mac: readonly string[];
}

export class ClearHandshake {
  readonly #server = new ClearSide();
  readonly #client = new ClearSide();
  #clientOffer: Offer | null = null;
  #serverOffer: Offer | null = null;
  #shownKey: Buffer | null = null;
  #isProved = false;

  /** `SSH-2.0-OpenSSH_9.2p1 Debian-2`; null before it came. */
  get identification(): string | null {
    return this.#server.identification;
  }

  get serverOffer(): Offer | null {
    return this.#serverOffer;
  }

  /** The host key, or the certificate, as it travels; not yet proved by having been shown. */
  get shownKey(): Buffer | null {
    return this.#shownKey;
  }

  /** The client has begun to use the keys that were agreed on, which it does only once it has verified the server's signature over them. */
  get isProved(): boolean {
    return this.#isProved;
  }

  /** Throws RangeError for what cannot be a handshake. */
  fromServer(chunk: Buffer): void {
    for (const payload of this.#server.read(chunk)) {
      const type = payload[0];
      // ssh passes over a second one, which could hide the key that it goes by.
      if (type === kexInit) this.#serverOffer ??= toOffer(payload);
      else if (type === this.#replyType()) this.#shownKey ??= Buffer.from(new WireReader(payload.subarray(1)).string());
    }
  }

  /** Throws RangeError for what cannot be a handshake, and where the client has accepted a key that did not pass by here. */
  fromClient(chunk: Buffer): void {
    for (const payload of this.#client.read(chunk)) {
      if (payload[0] === kexInit) this.#clientOffer ??= toOffer(payload);
      if (payload[0] !== newKeys) continue;
      // It goes by a key that nobody has judged: nothing may be sent to whoever has it.
      if (this.#shownKey === null) throw new RangeError('The server has shown no key.');
      this.#isProved = true;
    }
  }

  /** With groups that the server makes up (RFC 4419), it says which before it shows its key. */
  #replyType(): number | null {
    if (this.#clientOffer === null || this.#serverOffer === null) return null;
    const offered = this.#serverOffer.keyExchange;
    const agreed = this.#clientOffer.keyExchange.find((name) => offered.includes(name));
    return agreed?.startsWith('diffie-hellman-group-exchange-') ? groupExchangeReply : exchangeReply;
  }
}

/** One side's part: its line, and then its packets as long as they can be read. */
class ClearSide {
  #pending: Buffer = Buffer.alloc(0);
  #isEnciphered = false;
  identification: string | null = null;

  *read(chunk: Buffer): Generator<Buffer> {
    if (this.#isEnciphered) return;
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.identification === null) {
      const end = this.#pending.indexOf('\n');
      if (end === -1) return this.#checkSize();
      const line = this.#pending.toString('latin1', 0, end).replace(/\r$/, '');
      this.#pending = this.#pending.subarray(end + 1);
      // A server may say something else first.
      if (line.startsWith('SSH-')) this.identification = line;
    }
    while (!this.#isEnciphered && this.#pending.length >= 5) {
      const length = this.#pending.readUInt32BE();
      if (length > packetBytesMax) throw new RangeError('A packet is longer than any.');
      if (this.#pending.length < 4 + length) return;
      const payload = this.#pending.subarray(5, 4 + length - (this.#pending[4] ?? 0));
      this.#pending = this.#pending.subarray(4 + length);
      this.#isEnciphered = payload[0] === newKeys;
      yield payload;
    }
    if (this.#isEnciphered) this.#pending = Buffer.alloc(0);
  }

  #checkSize(): void {
    if (this.#pending.length > packetBytesMax) throw new RangeError('A line is longer than any.');
  }
}

function toOffer(payload: Buffer): Offer {
  // After the type, 16 random bytes.
  const reader = new WireReader(payload.subarray(17));
  const next = (): readonly string[] => reader.text().split(',');
  const [keyExchange, hostKey] = [next(), next()];
  next(); // From the client to the server,
  const cipher = next(); // and the other way round.
  next();
  return { keyExchange, hostKey, cipher, mac: next() };
}

const kexInit = 20;
const newKeys = 21;
const exchangeReply = 31;
const groupExchangeReply = 33;
/** The most OpenSSH takes. */
const packetBytesMax = 256 * 1024;
