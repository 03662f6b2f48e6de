/** The output of one command: its launch line taken off, all of it counted, and its beginning kept up to a bound. It knows nothing of channels. */
import { launchMark } from './launch.ts';

/** Keeps the first `bytesMax` bytes of a stream and counts all of them. */
export class CappedOutput {
  readonly #bytesMax: number;
  readonly #chunks: Uint8Array[] = [];
  #keptBytes = 0;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** What of the chunk is kept is copied: what arrives is part of a larger buffer. */
  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    const room = this.#bytesMax - this.#keptBytes;
    if (room <= 0 || chunk.length === 0) return;
    const kept = new Uint8Array(chunk.subarray(0, room));
    this.#keptBytes += kept.length;
    this.#chunks.push(kept);
  }

  /** All bytes there were, kept or not. */
  get bytes(): number {
    return this.#bytes;
  }

  toBytes(): Uint8Array {
    const whole = new Uint8Array(this.#keptBytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}

export type Launch =
  /** `loginShell`: what the account calls it, where the form tells. */
  | { readonly kind: 'started'; readonly processGroup: number; readonly loginShell: string | null }
  | { readonly kind: 'no-folder' | 'closed-folder' };

/**
 * Finds the launch line at the beginning of standard output. What stands before it was printed by start-up files of the account and is
 * no output of the command, however much it is.
 */
export class LaunchLine {
  readonly #head = new Head(new RegExp(`${launchMark}(?:(\\d+)(?: (.*))?|(no-folder|closed-folder))\\n`));
  #launch: Launch | null = null;

  /** Null until the line has arrived. */
  get launch(): Launch | null {
    return this.#launch;
  }

  /** Something stood before the launch line. */
  get hasNoise(): boolean {
    return (this.#head.line?.index ?? 0) > 0;
  }

  /** What came instead of a launch line, for a message. */
  get noise(): string {
    return this.#head.noise;
  }

  /** Takes a chunk and returns what of it belongs to the command. */
  take(chunk: Uint8Array): Uint8Array {
    const rest = this.#head.take(chunk);
    const [, group, shell, failure] = this.#head.line ?? [];
    if (this.#launch === null && this.#head.line !== null) this.#launch = toLaunch(group, shell, failure);
    return rest;
  }
}

/** The same of standard error, where start-up files complain that there is no terminal, and sshd that there is no home. */
export class ErrorLaunchLine {
  readonly #head = new Head(new RegExp(`${launchMark}\\n`));

  /** The line has arrived: what reads commands there has begun with this one. */
  get isThere(): boolean {
    return this.#head.line !== null;
  }

  get hasNoise(): boolean {
    return (this.#head.line?.index ?? 0) > 0;
  }

  get noise(): string {
    return this.#head.noise;
  }

  take(chunk: Uint8Array): Uint8Array {
    return this.#head.take(chunk);
  }
}

class Head {
  #bytes: Buffer = Buffer.alloc(0);
  #line: RegExpExecArray | null = null;
  readonly #pattern: RegExp;

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  /** As found; null until then. */
  get line(): RegExpExecArray | null {
    return this.#line;
  }

  get noise(): string {
    return this.#bytes.toString('utf8').trim().slice(0, 200);
  }

  take(chunk: Uint8Array): Uint8Array {
    if (this.#line !== null) return chunk;
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#line = this.#pattern.exec(this.#bytes.toString('latin1'));
    if (this.#line === null) {
      // A line that is missed behind all of that would be a command that ran, and is said not to have.
      if (this.#bytes.length > headBytesMax) this.#bytes = this.#bytes.subarray(-lineBytesMax);
      return chunk.subarray(0, 0);
    }
    const rest = this.#bytes.subarray(this.#line.index + this.#line[0].length);
    this.#bytes = Buffer.alloc(0);
    return rest;
  }
}

const headBytesMax = 64 * 1024;
/** More than the longest path, which a line may hold. */
const lineBytesMax = 8 * 1024;

function toLaunch(group: string | undefined, shell: string | undefined, failure: string | undefined): Launch {
  if (group !== undefined) return { kind: 'started', processGroup: Number(group), loginShell: shell ?? null };
  return { kind: failure === 'no-folder' ? 'no-folder' : 'closed-folder' };
}
