/** Collects a bracketed paste (xterm mode 2004) into pieces of clean text. Whatever is inside never becomes a key. */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { bounds } from '../../protocol/bounds.ts';

const endMarker = '\x1b[201~';
/** A longer paste is handed on in pieces of this size; whatever a prompt takes is one. */
const pieceCharacters = bounds.promptCharactersMax;
/** Without news for this long, what has come is handed on; a link may be slow, so the paste stays open. */
const stallMs = 1_000;

export class PasteCollector {
  readonly #clock: Clock;
  readonly #handle: (text: string) => void;
  #open = false;
  #stalled = false;
  #text = '';
  #timer: Disposable | null = null;

  constructor(clock: Clock, handle: (text: string) => void) {
    this.#clock = clock;
    this.#handle = handle;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  open(): void {
    this.#open = true;
    this.#stalled = false;
    this.#watch();
  }

  reset(): void {
    this.#open = false;
    this.#text = '';
    this.#timer?.dispose();
    this.#timer = null;
  }

  /** Takes what belongs to the paste and returns the rest: what follows its end, or a piece that may be the end marker's beginning. */
  take(input: string): string {
    // The end marker can be lost; a lone Escape or Ctrl-C after a silence is a person who wants the keyboard back.
    if (this.#stalled && /^(\x1b+|\x03)$/.test(input)) {
      this.#finish();
      return '';
    }
    this.#stalled = false;
    this.#watch();
    const end = input.indexOf(endMarker);
    if (end >= 0) {
      this.#text += input.slice(0, end);
      this.#finish();
      return input.slice(end + endMarker.length);
    }
    const held = markerBeginning(input);
    this.#text += input.slice(0, input.length - held);
    if (this.#text.length >= pieceCharacters) this.#hand();
    return held === 0 ? '' : input.slice(-held);
  }

  #finish(): void {
    this.#hand('\r');
    this.reset();
  }

  /** A carriage return at the end of a piece may be the first half of a line end; it waits for the next piece. */
  #hand(last: '' | '\r' = ''): void {
    const waits = last === '' && this.#text.endsWith('\r');
    const text = clean(waits ? this.#text.slice(0, -1) : this.#text);
    this.#text = waits ? '\r' : '';
    if (text !== '') this.#handle(text);
  }

  #watch(): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.after(stallMs, () => {
      this.#stalled = true;
      this.#hand();
    });
  }
}

/** How many characters at the end of the text can be the start of the end marker. */
function markerBeginning(text: string): number {
  for (let length = Math.min(endMarker.length - 1, text.length); length > 0; length -= 1)
    if (text.endsWith(endMarker.slice(0, length))) return length;
  return 0;
}

/** Line ends become `\n`; other controls go: they would be commands to whatever the text is pasted into. */
function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '');
}
