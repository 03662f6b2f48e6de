/**
 * What is read of files, taken out of the answers of SFTP before ssh2 reads them and put where it was asked for: one copy, while ssh2 gathers each
 * answer in memory of its own first. It knows nothing of files, and leaves every other answer as it came.
 */

/** A READ that waits for its answer. */
export interface AwaitedRead {
  readonly into: Buffer;
  /** So many bytes were put into it. */
  settle(bytes: number): void;
}

/** SSH_FXP_DATA (draft-ietf-secsh-filexfer-02, section 7). */
const dataAnswer = 103;
/** Length and type. */
const headBytes = 5;
/** Those, the id, and how many bytes follow. */
const dataHeadBytes = 13;

interface Arriving {
  readonly read: AwaitedRead;
  readonly bytes: number;
  done: number;
}

/** Takes what the server sends, in pieces of any size, and gives what is left for ssh2. `find` tells what waits for an answer; null leaves that to ssh2. */
export class IncomingData {
  readonly #find: (id: number) => AwaitedRead | null;
  /** The beginning of an answer that is not known yet. */
  #held: Buffer | null = null;
  /** Of an answer that ssh2 reads, still to come. */
  #restBytes = 0;
  #arriving: Arriving | null = null;

  constructor(find: (id: number) => AwaitedRead | null) {
    this.#find = find;
  }

  take(chunk: Buffer): Buffer {
    const bytes = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = null;
    const left: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (this.#arriving !== null) at += this.#fill(this.#arriving, bytes, at);
      else if (this.#restBytes > 0) {
        const end = Math.min(bytes.length, at + this.#restBytes);
        this.#restBytes -= end - at;
        left.push(bytes.subarray(at, end));
        at = end;
      } else {
        const hasHead = bytes.length - at >= headBytes;
        const isData = hasHead && bytes[at + 4] === dataAnswer;
        if (!hasHead || (isData && bytes.length - at < dataHeadBytes)) {
          this.#held = bytes.subarray(at);
          break;
        }
        if (isData && this.#begin(bytes, at)) at += dataHeadBytes;
        else this.#restBytes = 4 + bytes.readUInt32BE(at);
      }
    }
    return left.length === 1 ? (left[0] ?? nothing) : Buffer.concat(left);
  }

  /** False for what ssh2 is to judge: an answer to nothing, and one that is not as long as it says or longer than was asked for. */
  #begin(bytes: Buffer, at: number): boolean {
    const count = bytes.readUInt32BE(at + 9);
    const read = this.#find(bytes.readUInt32BE(at + 5));
    if (read === null || count > read.into.length || bytes.readUInt32BE(at) !== dataHeadBytes - 4 + count) return false;
    if (count === 0) read.settle(0);
    else this.#arriving = { read, bytes: count, done: 0 };
    return true;
  }

  #fill(arriving: Arriving, bytes: Buffer, at: number): number {
    const count = Math.min(arriving.bytes - arriving.done, bytes.length - at);
    arriving.read.into.set(bytes.subarray(at, at + count), arriving.done);
    arriving.done += count;
    if (arriving.done === arriving.bytes) {
      this.#arriving = null;
      arriving.read.settle(arriving.bytes);
    }
    return count;
  }
}

const nothing = Buffer.alloc(0);
