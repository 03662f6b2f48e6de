/** What is typed into a shell, on its way to the host: in order, one request at a time, what comes meanwhile in the next one. Knows no keys. */

/** Below what one request may carry as base64. */
const batchBytesMax = 32 * 1024;
/** A paste of this size is a mistake; the host would keep it all while its server is slow. */
const waitingBytesMax = 4 * 1024 * 1024;

export interface TypedQueuePorts {
  send(bytes: Uint8Array): Promise<unknown>;
  /** One sentence; what waited is dropped, because its middle would be missing. */
  handleFailure(sentence: string): void;
}

export class TypedQueue {
  readonly #ports: TypedQueuePorts;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isSending = false;

  constructor(ports: TypedQueuePorts) {
    this.#ports = ports;
  }

  push(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    if (this.#waitingBytes + bytes.byteLength > waitingBytesMax) {
      this.#ports.handleFailure('The shell takes in less than was pasted; the rest of it was left out.');
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.byteLength;
    if (!this.#isSending) void this.#sendAll();
  }

  clear(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    try {
      while (this.#waitingBytes > 0) await this.#ports.send(this.#takeBatch());
    } catch (error) {
      this.clear();
      this.#ports.handleFailure((error as Error).message);
    } finally {
      this.#isSending = false;
    }
  }

  #takeBatch(): Uint8Array {
    const all = Buffer.concat(this.#waiting);
    const batch = all.subarray(0, batchBytesMax);
    const rest = all.subarray(batchBytesMax);
    this.#waiting = rest.byteLength > 0 ? [rest] : [];
    this.#waitingBytes = rest.byteLength;
    return batch;
  }
}
