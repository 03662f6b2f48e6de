/** Turns the terminal's bytes into keys, pastes, mouse and focus events, however they are cut into chunks. Knows no key map. */

import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../base/clock.ts';
import { graphemes } from '../../base/display/width.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { keyFromCharacter } from './control-keys.ts';
import { readControlSequence, readSingleShift } from './control-sequence.ts';
import { type InputEvent, makeKey } from './key.ts';
import { PasteCollector } from './paste.ts';
import { scanSequence } from './scan.ts';

export interface InputDecoderOptions {
  readonly clock: Clock;
  handle(event: InputEvent): void;
}

/** A lone ESC is the Escape key when nothing follows in this time; the rest of a sequence comes in the same packet or right after. */
export const escapeAloneMs = 25;
/** A sequence that has begun gets longer: its rest, typed as text, would be worse than a late key. */
export const sequenceRestMs = 500;

export class InputDecoder implements Disposable {
  readonly #clock: Clock;
  readonly #handle: (event: InputEvent) => void;
  readonly #paste: PasteCollector;
  #utf8 = new StringDecoder('utf8');
  #pending = '';
  #timer: Disposable | null = null;
  /** Inside a control string that is too long to keep; it is dropped up to its end. */
  #skipping = false;

  constructor(options: InputDecoderOptions) {
    this.#clock = options.clock;
    this.#handle = options.handle;
    this.#paste = new PasteCollector(options.clock, (text) => this.#handle({ kind: 'paste', text }));
  }

  feed(chunk: Buffer | string): void {
    this.#timer?.dispose();
    this.#timer = null;
    this.#pending += typeof chunk === 'string' ? chunk : this.#utf8.write(chunk);
    this.#drain();
    if (this.#pending === '' && !this.#skipping) return;
    const isEscape = !this.#skipping && /^\x1b\x1b?$/.test(this.#pending);
    this.#timer = this.#clock.after(isEscape ? escapeAloneMs : sequenceRestMs, () => this.#giveUpWaiting());
  }

  /** Forgets what is half read; for when the terminal was used by something else. */
  reset(): void {
    this.#timer?.dispose();
    this.#timer = null;
    this.#pending = '';
    this.#skipping = false;
    this.#utf8 = new StringDecoder('utf8');
    this.#paste.reset();
  }

  dispose(): void {
    this.reset();
  }

  #drain(): void {
    while (this.#pending !== '') {
      const before = this.#pending;
      if (this.#paste.isOpen) this.#pending = this.#paste.take(before);
      else if (this.#skipping) this.#skip();
      else if (before.startsWith('\x1b')) {
        if (!this.#takeSequence()) return;
      } else this.#takeText();
      if (this.#pending === before) return;
    }
  }

  /** Takes one sequence off the front; false when its end is not there yet. */
  #takeSequence(): boolean {
    const found = scanSequence(this.#pending);
    if (found.kind === 'incomplete') return false;
    if (found.kind === 'endless') {
      this.#skipping = true;
      return true;
    }
    const sequence = this.#pending.slice(0, found.length);
    this.#pending = this.#pending.slice(found.length);
    switch (found.kind) {
      case 'dropped':
        return true;
      case 'escape':
        this.#emit({ kind: 'key', key: makeKey('escape') });
        return true;
      case 'alt': {
        const key = keyFromCharacter(sequence.slice(1), { alt: true });
        if (key) this.#emit({ kind: 'key', key });
        return true;
      }
      case 'control': {
        const event = readControlSequence(found.body, found.final);
        if (event === 'paste') this.#paste.open();
        else if (event) this.#emit(found.alt ? withAlt(event) : event);
        return true;
      }
      case 'single-shift': {
        const event = readSingleShift(found.final);
        if (event) this.#emit(found.alt ? withAlt(event) : event);
        return true;
      }
      case 'string':
        this.#emit({ kind: 'reply', text: sequence });
        return true;
    }
  }

  /** Takes the text up to the next sequence; a run of characters is cut into what a person sees as one. */
  #takeText(): void {
    const end = this.#pending.indexOf('\x1b');
    const text = end < 0 ? this.#pending : this.#pending.slice(0, end);
    this.#pending = end < 0 ? '' : this.#pending.slice(end);
    for (const run of text.match(/\p{Cc}|\P{Cc}+/gu) ?? []) {
      for (const grapheme of graphemes(run)) {
        const key = keyFromCharacter(grapheme);
        if (key) this.#emit({ kind: 'key', key });
      }
    }
  }

  #skip(): void {
    const end = /\x07|\x1b\\|\x9c/.exec(this.#pending);
    // An ESC at the very end can be the first half of the terminator.
    this.#pending = end ? this.#pending.slice(end.index + end[0].length) : this.#pending.endsWith('\x1b') ? '\x1b' : '';
    if (end) this.#skipping = false;
  }

  #giveUpWaiting(): void {
    this.#timer = null;
    if (this.#paste.isOpen) return;
    const rest = this.#pending;
    this.#pending = '';
    this.#skipping = false;
    if (rest === '\x1b\x1b') this.#emit({ kind: 'key', key: makeKey('escape') });
    if (/^\x1b\x1b?$/.test(rest)) this.#emit({ kind: 'key', key: makeKey('escape') });
    // `ESC [` and its like alone are Alt and that character; anything longer was a sequence whose rest never came.
    const key = /^\x1b[[\]OPX^_]$/.test(rest) ? keyFromCharacter(rest.slice(1), { alt: true }) : null;
    if (key) this.#emit({ kind: 'key', key });
  }

  #emit(event: InputEvent): void {
    this.#handle(event);
  }
}

/** Old terminals put a second ESC before a sequence for Alt. */
function withAlt(event: InputEvent): InputEvent {
  return event.kind === 'key' ? { kind: 'key', key: { ...event.key, alt: true, text: '' } } : event;
}
