/**
 * Lines that wait for the disk, gathered in memory that is used again once they are written: a flood would otherwise leave garbage of twice its
 * size. It knows nothing of files.
 */

/** More than most commands print. */
const firstBlockBytes = 2 * 1024;
/** Larger ones are not kept: they were needed once, while the disk was slow. */
const keptBlockBytesMax = 1024 * 1024;

export class WaitingLines {
  #block: Buffer = Buffer.allocUnsafe(firstBlockBytes);
  #taken: Buffer | null = null;
  /** Written, and free for what comes next. */
  #spare: Buffer | null = null;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** A copy of them. Whoever adds has to bound how much waits at once. */
  add(lines: Uint8Array): void {
    const end = this.#bytes + lines.length;
    if (end > this.#block.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, 4 * this.#block.length));
      larger.set(this.#block.subarray(0, this.#bytes));
      this.#block = larger;
    }
    this.#block.set(lines, this.#bytes);
    this.#bytes = end;
  }

  /** All that waits. It stays as it is until it is given back, before which nothing else may be taken. */
  take(): Buffer {
    const lines = this.#block.subarray(0, this.#bytes);
    this.#taken = this.#block;
    this.#block = this.#spare ?? Buffer.allocUnsafe(firstBlockBytes);
    this.#spare = null;
    this.#bytes = 0;
    return lines;
  }

  /** What was taken is written. */
  giveBack(): void {
    if (this.#taken !== null && this.#taken.length <= keptBlockBytesMax) this.#spare = this.#taken;
    this.#taken = null;
  }
}
