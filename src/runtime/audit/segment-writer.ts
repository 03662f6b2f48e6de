/** The open end of the log: one append-only file made by us, one write and one fdatasync an append, and a way back when either fails. */
import type { Buffer } from 'node:buffer';
import { fstatSync, constants as modes, writeSync } from 'node:fs';
import { type FileHandle, open, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, toSegmentName } from './segment-files.ts';

/** Somebody else wrote to, cut or removed the file: what is in it is not ours to mend. */
export class SegmentTouchedError extends Error {
  override readonly name = 'SegmentTouchedError';
}

export class SegmentWriter {
  readonly name: string;
  readonly number: number;
  readonly #path: string;
  readonly #handle: FileHandle;
  #size = 0;

  private constructor(folder: string, number: number, handle: FileHandle) {
    this.number = number;
    this.name = toSegmentName(number);
    this.#path = join(folder, this.name);
    this.#handle = handle;
  }

  /** O_EXCL: a file that is there already is never continued. */
  static async create(folder: string, number: number): Promise<SegmentWriter> {
    const flags = modes.O_WRONLY | modes.O_APPEND | modes.O_CREAT | modes.O_EXCL;
    const handle = await open(join(folder, toSegmentName(number)), flags, 0o600);
    const writer = new SegmentWriter(folder, number, handle);
    try {
      await syncFolder(folder);
    } catch (error) {
      await writer.discard();
      throw error;
    }
    return writer;
  }

  get size(): number {
    return this.#size;
  }

  /** Returns the offset of the bytes. After an error call `undo` before anything else. */
  async append(bytes: Buffer, durability: 'durable' | 'lazy'): Promise<number> {
    const stat = fstatSync(this.#handle.fd);
    if (stat.nlink === 0) throw new SegmentTouchedError(`${this.name} was removed while it was in use.`);
    if (stat.size !== this.#size)
      throw new SegmentTouchedError(
        `${this.name} has ${stat.size} bytes where ${this.#size} were written: somebody else changed it.`,
      );
    // Into the page cache, which takes microseconds: a trip through the thread pool would cost every operation more than the write.
    let written = writeSync(this.#handle.fd, bytes, 0, bytes.length, null);
    // A short write means that the device is full or gone; the next one tells which.
    if (written < bytes.length) written += writeSync(this.#handle.fd, bytes, written, bytes.length - written, null);
    if (written < bytes.length)
      throw Object.assign(new Error('The record was written in part only.'), { code: 'ENOSPC' });
    if (durability === 'durable') await this.#handle.datasync();
    const offset = this.#size;
    this.#size += bytes.length;
    return offset;
  }

  /** Takes back what a failed append left in the file. */
  async undo(): Promise<void> {
    await truncate(this.#path, this.#size);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Closes and removes a segment that holds nothing. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }
}
