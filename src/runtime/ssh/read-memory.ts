/**
 * The memory that large reads are put into, used again once somebody says that nobody looks at it any more: fresh memory costs more than the reading,
 * and leaves megabytes to be collected. It knows nothing of files.
 */
import { limits } from '../../core/limits.ts';

/** Below this, nothing is gained. */
const bytesMin = 128 * 1024;
/** Of the one piece that is kept: a read of an agent, with what is around it. */
const keptBytesMax = limits.readBytesMax + 2 * limits.redactionContextBytes;

export class ReadMemory {
  #spare: ArrayBuffer | null = null;
  /** Who gave a piece back must not do so again, nor with memory of somebody else. */
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** Never shown to anybody before it was filled. */
  take(bytes: number): Buffer {
    if (bytes < bytesMin || bytes > keptBytesMax) return Buffer.allocUnsafeSlow(bytes);
    const isSpare = this.#spare !== null && this.#spare.byteLength >= bytes;
    const memory = isSpare && this.#spare ? this.#spare : Buffer.allocUnsafeSlow(bytes).buffer;
    if (isSpare) this.#spare = null;
    this.#lent.add(memory);
    return Buffer.from(memory, 0, bytes);
  }

  /** What was taken, or a part of it; anything else is left alone. */
  giveBack({ buffer }: Uint8Array): void {
    if (!this.#lent.delete(buffer) || !(buffer instanceof ArrayBuffer)) return;
    new Uint8Array(buffer).fill(0);
    if (buffer.byteLength > (this.#spare?.byteLength ?? 0)) this.#spare = buffer;
  }
}

/** Of all servers: reads of megabytes come one after the other. */
export const readMemory = new ReadMemory();
