/** The data types of SSH messages (RFC 4251, section 5), read and written; it knows nothing of what they mean. */

export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Throws RangeError past the end, as all of these do. */
  byte(): number {
    return this.#take(1).readUInt8();
  }

  uint32(): number {
    return this.#take(4).readUInt32BE();
  }

  uint64(): bigint {
    return this.#take(8).readBigUInt64BE();
  }

  string(): Buffer {
    return this.#take(this.uint32());
  }

  text(): string {
    return this.string().toString('utf8');
  }

  #take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw new RangeError('The message ends too early.');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

export function toWireUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function toWireString(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([toWireUint32(bytes.length), bytes]);
}

/** `mpint` of a number that is not negative, from its bytes: as short as it can be, with a zero before a high first bit. */
export function toWireInt(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
  return toWireString((short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), short]) : short);
}
