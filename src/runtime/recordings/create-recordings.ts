/** Writes recordings as asciicast v2 files, each with a bound on its size. What is recorded, and what the log says of it, is the gate's. */
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../base/clock.ts';
import { Serial } from '../../base/serial.ts';
import { limits } from '../../core/limits.ts';
import type { Recording, RecordingFacts, RecordingNote, Recordings } from '../../core/ports.ts';
import { asciiBytesMax, toAsciiLine, toEventLine, toHeaderLine } from '../../core/recording/asciicast.ts';
import { WaitingLines } from './waiting-lines.ts';

export interface RecordingsOptions {
  /** Made with mode 0700 when it does not exist. */
  readonly folder: string;
  readonly clock: Clock;
  readonly bytesMax?: number;
}

/** Touches nothing before there is something to write. */
export function createRecordings(options: RecordingsOptions): Recordings {
  const all: Unwritten = { bytes: 0 };
  return { begin: (note) => new FileRecording(note, options, all) };
}

/** Of output without a terminal: as wide as most of it is. */
const size = { columns: 120, rows: 40 };
/** Lines wait until they are this many bytes, so that a flood is few writes: each costs as much as copying some hundred kilobytes. */
const writeBytes = 256 * 1024;

/** Of all recordings together. */
interface Unwritten {
  bytes: number;
}

class FileRecording implements Recording {
  readonly #name: string;
  readonly #source: RecordingNote['source'];
  readonly #clock: Clock;
  readonly #bytesMax: number;
  readonly #startedMs: number;
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  /** What came last of a stream is not ASCII, so a character may lack its end. */
  readonly #mayGoOn = { stdout: false, stderr: false };
  readonly #hash = createHash('sha256');
  readonly #serial = new Serial();
  readonly #folder: string;
  /** Null until more is written than a short command prints. */
  #file: Promise<FileHandle> | null = null;
  /** Of a file that was made and not written yet. */
  #short: number | null = null;
  #made: NodeJS.Immediate | null = null;
  readonly #waiting = new WaitingLines();
  readonly #allUnwritten: Unwritten;
  #isFlushAsked = false;
  #bytes = 0;
  #writtenBytes = 0;
  #state: 'open' | 'full' | 'ended' = 'open';
  #problem: string | null = null;

  constructor(note: RecordingNote, { folder, clock, bytesMax }: RecordingsOptions, allUnwritten: Unwritten) {
    this.#allUnwritten = allUnwritten;
    this.#folder = folder;
    this.#name = `${note.auditId}.cast`;
    this.#source = note.source;
    this.#clock = clock;
    this.#bytesMax = bytesMax ?? limits.recordingBytesMax;
    this.#startedMs = clock.monotonicMs();
    const startedAtSeconds = Math.floor(clock.nowMs() / 1_000);
    this.#add(Buffer.from(toHeaderLine({ ...size, ...note.size, startedAtSeconds, title: note.title })));
  }

  write(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    if (this.#state !== 'open') return;
    this.#made ??= setImmediate(() => this.#makeShort());
    const last = chunk.at(-1) ?? 0;
    // Behind what may be the first half of a character the decoder goes on.
    if (!this.#mayGoOn[stream] && chunk.length <= asciiBytesMax && isAscii(chunk)) this.#outputAscii(chunk);
    else this.#output(this.#decoders[stream].write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
    this.#mayGoOn[stream] = last > 0x7f;
  }

  resize(columns: number, rows: number): void {
    if (this.#state !== 'open') return;
    this.#add(Buffer.from(toEventLine({ kind: 'resize', atSeconds: this.#now(), columns, rows })));
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isBehind(): boolean {
    const isMuch = this.#bytes - this.#writtenBytes > limits.recordingUnwrittenBytesMax;
    return isMuch && this.#allUnwritten.bytes > limits.recordingsUnwrittenBytesMax;
  }

  /** What is told of it goes to the log, so it goes to disk now: a host that is killed leaves what the log says there is. */
  facts(): RecordingFacts {
    if (this.#state !== 'ended') this.#flush();
    return {
      name: this.#name,
      bytes: this.#bytes,
      sha256: this.#hash.copy().digest('hex'),
      problem: this.#problem,
    };
  }

  async end(): Promise<RecordingFacts> {
    if (this.#state !== 'ended') {
      this.#output(this.#decoders.stdout.end() + this.#decoders.stderr.end());
      if (this.#file === null) this.#writeShort();
      else this.#flush();
      this.#state = 'ended';
      await this.#serial.idle();
      await this.#file?.then((file) => file.close()).catch((error: Error) => this.#fail(error));
    }
    return this.facts();
  }

  #output(text: string): void {
    if (text === '' || this.#state !== 'open') return;
    // Without a terminal nobody has returned the carriage; a player does not, either.
    const shown = this.#source === 'output' ? withReturns(text) : text;
    this.#addOutput(Buffer.from(toEventLine({ kind: 'output', atSeconds: this.#now(), text: shown })));
  }

  /** The same of what needs no decoding, in a fraction of the time. */
  #outputAscii(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#addOutput(toAsciiLine(this.#now(), bytes, { withReturns: this.#source === 'output' }));
  }

  #addOutput(line: Uint8Array): void {
    if (this.#bytes + line.length + endBytes <= this.#bytesMax) return this.#add(line);
    this.#state = 'full';
    this.#problem = `the recording ends at ${this.#bytesMax} bytes`;
    this.#add(Buffer.from(toEventLine({ kind: 'output', atSeconds: this.#now(), text: endText })));
    this.#flush();
  }

  #now(): number {
    return (this.#clock.monotonicMs() - this.#startedMs) / 1_000;
  }

  /** Copied, so it may change afterwards. */
  #add(line: Uint8Array): void {
    this.#bytes += line.length;
    this.#hash.update(line);
    this.#waiting.add(line);
    this.#allUnwritten.bytes += line.length;
    if (this.#waiting.bytes >= writeBytes) this.#flush();
  }

  /** What was taken is in the file, or could not be written; it does not wait any more, either way. */
  #settle(bytes: number): void {
    this.#writtenBytes += bytes;
    this.#allUnwritten.bytes -= bytes;
    this.#waiting.giveBack();
  }

  /** What comes while the disk is busy is written together, however much it is by then. */
  #flush(): void {
    if (this.#waiting.bytes === 0 || this.#isFlushAsked) return;
    this.#isFlushAsked = true;
    this.#file ??= this.#open();
    const file = this.#file;
    this.#serial
      .run(async () => {
        this.#isFlushAsked = false;
        const bytes = this.#waiting.take();
        try {
          await (await file).appendFile(bytes);
        } finally {
          this.#settle(bytes.length);
        }
      })
      .catch((error: Error) => this.#fail(error));
  }

  /**
   * The file of what most commands print, made as soon as there is something to write: the command is about to end, and the answer then waits for
   * a write alone. It goes into the page cache, which takes microseconds; a trip through the thread pool would cost more.
   */
  #makeShort(): void {
    if (this.#short !== null || this.#file !== null || this.#state === 'ended') return;
    const make = (): number => openSync(this.#path, 'wx', 0o600);
    try {
      try {
        this.#short = make();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
        this.#short = make();
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #writeShort(): void {
    this.#makeShort();
    const bytes = this.#waiting.take();
    const descriptor = this.#short;
    this.#short = null;
    try {
      if (descriptor !== null) writeFileSync(descriptor, bytes);
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      if (descriptor !== null) closeSync(descriptor);
      this.#settle(bytes.length);
    }
  }

  async #open(): Promise<FileHandle> {
    if (this.#short === null) {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      return await open(this.#path, 'wx', 0o600);
    }
    // There is more than a short command prints.
    closeSync(this.#short);
    this.#short = null;
    return await open(this.#path, 'a', 0o600);
  }

  get #path(): string {
    return join(this.#folder, this.#name);
  }

  /** The command goes on: its output is with its caller, and the log says that the recording is not whole. */
  #fail(error: Error): void {
    this.#state = this.#state === 'open' ? 'full' : this.#state;
    this.#problem = `the recording is not whole (${error.message})`;
  }
}

/** Most text has no carriage return, and is done in half the time. */
function withReturns(text: string): string {
  return text.includes('\r') ? text.replace(/\r?\n/g, '\r\n') : text.replaceAll('\n', '\r\n');
}

const endText = '\r\n[signalbox: the recording ends here; it has reached its bound]\r\n';
const endBytes = 200;
