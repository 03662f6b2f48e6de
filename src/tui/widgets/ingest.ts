/**
 * The one way that output gets into emulators: small slices in turn, focused first, a few milliseconds at a time, so that keys are
 * answered while every pane is flooded. Knows no emulator; each has its own time slice, and eight of them would block eight times as long.
 */
import type { Clock } from '../../base/clock.ts';
import { systemClock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';

export interface IngestOptions {
  readonly clock?: Clock;
  /** Calls back in a later turn of the event loop; `setImmediate` unless a test says otherwise. */
  readonly later?: (call: () => void) => void;
}

export interface ChannelOptions {
  /** Takes one slice, at once. */
  write(slice: string): void;
  /** The source should pause (true) or may go on; without it, what is too much is skipped. */
  onPressure?(isPaused: boolean): void;
}

/** One emulator's queue. */
export interface IngestChannel extends Disposable {
  /** Queues output in the order of calls. */
  push(text: string): void;
  /** Slices of focused channels come first; there is one at most. */
  focus(): void;
  /** Characters that wait. */
  readonly waiting: number;
}

/** One slice takes an emulator about a millisecond. */
const sliceCharactersMax = 6 * 1024;
/** Work of one turn; then keys and frames have their chance. */
const turnMs = 4;
/** A source is paused above the first and goes on below the second. */
export const highWaterCharacters = 256 * 1024;
export const lowWaterCharacters = 64 * 1024;
/** A source that does not pause is cut to its tail here: nobody reads what rushes by, and the recording has everything. */
const waitingCharactersMax = 2 * 1024 * 1024;
const tailCharacters = 256 * 1024;

class Channel implements IngestChannel {
  readonly options: ChannelOptions;
  readonly #ingest: Ingest;
  #chunks: string[] = [];
  #first = 0;
  #waiting = 0;
  #paused = false;
  isFocused = false;

  constructor(ingest: Ingest, options: ChannelOptions) {
    this.#ingest = ingest;
    this.options = options;
  }

  get waiting(): number {
    return this.#waiting;
  }

  push(text: string): void {
    if (text === '' || !this.#ingest.has(this)) return;
    this.#chunks.push(text);
    this.#waiting += text.length;
    if (this.#waiting > waitingCharactersMax) this.#skipToTail();
    this.#tellPressure();
    this.#ingest.wake();
  }

  focus(): void {
    this.#ingest.focus(this);
  }

  /** Writes one slice; false when nothing waits. */
  writeSlice(): boolean {
    const chunk = this.#chunks[this.#first];
    if (chunk === undefined) return false;
    let end = Math.min(chunk.length, sliceCharactersMax);
    // Two halves of one character stay together.
    if (end < chunk.length && isHighSurrogate(chunk, end - 1)) end -= 1;
    if (end >= chunk.length) {
      this.#first += 1;
      if (this.#first > 64) this.#compact();
    } else this.#chunks[this.#first] = chunk.slice(end);
    this.#waiting -= end;
    this.options.write(chunk.slice(0, end));
    this.#tellPressure();
    return true;
  }

  dispose(): void {
    this.#chunks = [];
    this.#first = 0;
    this.#waiting = 0;
    this.#ingest.remove(this);
  }

  #compact(): void {
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }

  #tellPressure(): void {
    if (!this.#paused && this.#waiting > highWaterCharacters) this.#paused = true;
    else if (this.#paused && this.#waiting < lowWaterCharacters) this.#paused = false;
    else return;
    this.options.onPressure?.(this.#paused);
  }

  /** Keeps the end from a line's beginning on; the CAN ends a sequence that was cut, the reset its colours. */
  #skipToTail(): void {
    const all = this.#chunks.slice(this.#first).join('');
    const cut = all.length - tailCharacters;
    const lineEnd = all.indexOf('\n', cut);
    const start = lineEnd >= 0 && lineEnd < cut + 4_096 ? lineEnd + 1 : cut;
    const tail = all.slice(start);
    const skipped = `\x18\x1b[0m\r\n[skipped ${(start / 1_048_576).toFixed(1)} MB of output]\r\n`;
    this.#chunks = [skipped, tail];
    this.#first = 0;
    this.#waiting = skipped.length + tail.length;
  }
}

export class Ingest {
  readonly #clock: Clock;
  readonly #later: (call: () => void) => void;
  readonly #channels: Channel[] = [];
  #next = 0;
  #isScheduled = false;

  constructor(options: IngestOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#later = options.later ?? setImmediate;
  }

  /** Adds an emulator; dispose the channel to end it. */
  open(options: ChannelOptions): IngestChannel {
    const channel = new Channel(this, options);
    this.#channels.push(channel);
    return channel;
  }

  has(channel: Channel): boolean {
    return this.#channels.includes(channel);
  }

  remove(channel: Channel): void {
    const at = this.#channels.indexOf(channel);
    if (at >= 0) this.#channels.splice(at, 1);
  }

  focus(channel: Channel): void {
    for (const other of this.#channels) other.isFocused = other === channel;
  }

  wake(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#later(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    const end = this.#clock.monotonicMs() + turnMs;
    do {
      if (!this.#round(end)) return;
    } while (this.#clock.monotonicMs() < end);
    this.wake();
  }

  /** One slice for the focused channel and one for another in turn; false when nothing waits anywhere. */
  #round(end: number): boolean {
    const focused = this.#channels.find((channel) => channel.isFocused);
    const wroteFocused = focused?.writeSlice() ?? false;
    if (wroteFocused && this.#clock.monotonicMs() >= end) return true;
    for (let tries = this.#channels.length; tries > 0; tries -= 1) {
      this.#next = (this.#next + 1) % this.#channels.length;
      const channel = this.#channels[this.#next];
      if (channel && channel !== focused && channel.writeSlice()) return true;
    }
    return wroteFocused;
  }
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00;
}
