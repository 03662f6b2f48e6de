/** The text of an editor with its cursor, undo and kill ring. Pure: knows no keys, no width and no screen. */
import {
  blankWordStartBefore,
  boundaryAt,
  nextBoundary,
  previousBoundary,
  wordEndAfter,
  wordStartBefore,
} from './text-boundaries.ts';

export type Motion =
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'line-start'
  | 'line-end'
  | 'start'
  | 'end'
  /** For killing only in practice: back to the last blank, as Ctrl-W goes. */
  | 'blank-word-left';

interface Snapshot {
  readonly text: string;
  readonly cursor: number;
}

/** A prompt longer than this is not typed; a paste past it is cut, so that every later step stays quick. */
export const editorCharactersMax = 256 * 1024;
/** Steps of undo, and characters they may hold together. */
const undoStepsMax = 200;
const undoCharactersMax = 4 * 1024 * 1024;

export class EditorModel {
  #text = '';
  #cursor = 0;
  #killed = '';
  #undo: Snapshot[] = [];
  #redo: Snapshot[] = [];
  /** What the last change was; typing that goes on belongs to the same step of undo. */
  #lastChange: 'typing' | 'deleting' | 'other' = 'other';

  get text(): string {
    return this.#text;
  }

  /** Offset in code units, always between two graphemes. */
  get cursor(): number {
    return this.#cursor;
  }

  /** What was cut out last, for `yank`. */
  get killed(): string {
    return this.#killed;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** Replaces everything; the cursor goes to the end. Can be undone. */
  setText(text: string): void {
    this.#remember('other');
    this.#replace(0, this.#text.length, text);
  }

  /** Empties it and forgets the steps, as after sending. */
  clear(): void {
    this.#text = '';
    this.#cursor = 0;
    this.#undo = [];
    this.#redo = [];
    this.#lastChange = 'other';
  }

  /** Inserts at the cursor. Line ends become `\n`, other control characters except tab are left out. */
  insert(text: string): void {
    const room = editorCharactersMax - this.#text.length;
    const clean = text
      .replace(/\r\n?/g, '\n')
      .replace(/[^\P{Cc}\n\t]/gu, '')
      .slice(0, Math.max(0, room));
    if (clean === '') return;
    const isTyping = clean.length <= 2 && clean !== '\n';
    this.#remember(isTyping ? 'typing' : 'other');
    if (/\s$/.test(clean)) this.#lastChange = 'other';
    this.#replace(this.#cursor, this.#cursor, clean);
  }

  move(motion: Motion): void {
    this.moveTo(this.target(motion));
  }

  moveTo(offset: number): void {
    this.#cursor = boundaryAt(this.#text, offset);
    this.#lastChange = 'other';
  }

  /** Puts a text in the place of another; one step of undo. */
  replace(start: number, end: number, text: string): void {
    this.#remember('other');
    this.#replace(start, end, text);
  }

  /** Deletes one grapheme; false when there was none. */
  delete(direction: 'backward' | 'forward'): boolean {
    const to = this.target(direction === 'backward' ? 'left' : 'right');
    if (to === this.#cursor) return false;
    this.#remember('deleting');
    this.#replace(Math.min(to, this.#cursor), Math.max(to, this.#cursor), '');
    return true;
  }

  /** Deletes up to where the motion goes and keeps it for `yank`; at the end of a line it takes the line end. */
  kill(motion: Motion): void {
    let to = this.target(motion);
    if (to === this.#cursor && motion === 'line-end') to = this.target('right');
    if (to === this.#cursor && motion === 'line-start') to = this.target('left');
    if (to === this.#cursor) return;
    const start = Math.min(to, this.#cursor);
    const end = Math.max(to, this.#cursor);
    this.#remember('other');
    this.#killed = this.#text.slice(start, end);
    this.#replace(start, end, '');
  }

  yank(): void {
    this.insert(this.#killed);
  }

  undo(): boolean {
    return this.#swap(this.#undo, this.#redo);
  }

  redo(): boolean {
    return this.#swap(this.#redo, this.#undo);
  }

  /** Where a motion would go. */
  target(motion: Motion): number {
    const text = this.#text;
    const cursor = this.#cursor;
    switch (motion) {
      case 'left':
        return previousBoundary(text, cursor);
      case 'right':
        return nextBoundary(text, cursor);
      case 'word-left':
        return wordStartBefore(text, cursor);
      case 'word-right':
        return wordEndAfter(text, cursor);
      case 'blank-word-left':
        return blankWordStartBefore(text, cursor);
      case 'line-start':
        return cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
      case 'line-end': {
        const end = text.indexOf('\n', cursor);
        return end < 0 ? text.length : end;
      }
      case 'start':
        return 0;
      case 'end':
        return text.length;
    }
  }

  #replace(start: number, end: number, text: string): void {
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(end);
    // A mark that joins the character before it moves the boundary.
    this.#cursor = start + text.length;
    if (boundaryAt(this.#text, this.#cursor) !== this.#cursor)
      this.#cursor = nextBoundary(this.#text, boundaryAt(this.#text, this.#cursor));
  }

  #remember(change: 'typing' | 'deleting' | 'other'): void {
    const continues = change !== 'other' && change === this.#lastChange;
    this.#lastChange = change;
    this.#redo = [];
    if (continues) return;
    this.#undo.push({ text: this.#text, cursor: this.#cursor });
    let characters = this.#undo.reduce((sum, step) => sum + step.text.length, 0);
    while (this.#undo.length > 1 && (this.#undo.length > undoStepsMax || characters > undoCharactersMax))
      characters -= this.#undo.shift()?.text.length ?? 0;
  }

  #swap(from: Snapshot[], to: Snapshot[]): boolean {
    const step = from.pop();
    if (!step) return false;
    to.push({ text: this.#text, cursor: this.#cursor });
    this.#text = step.text;
    this.#cursor = step.cursor;
    this.#lastChange = 'other';
    return true;
  }
}
