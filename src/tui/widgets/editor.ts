/** A text field with soft wrap, history and undo: keys in, cells out. Knows nothing of what its text is for. */
import { Emitter, type Event } from '../../base/event.ts';
import { type Key, keyId } from '../input/key.ts';
import type { StyledLine } from '../styled.ts';
import { EditorFolds, withoutFolds } from './editor-folds.ts';
import { editWithKey } from './editor-keys.ts';
import { columnOf, EditorLayout, offsetAt, rowOf } from './editor-layout.ts';
import { EditorModel, editorCharactersMax } from './editor-model.ts';
import { type ShownText, toShownText } from './editor-shown.ts';
import type { Surface, TextStyle } from './surface.ts';
import { previousBoundary } from './text-boundaries.ts';

export interface EditorOptions {
  /** One line: Enter submits, line ends in a paste become spaces. Many: Shift-Enter, Alt-Enter and Ctrl-J make a line. */
  readonly lines?: 'one' | 'many';
  /** Shown while it is empty. */
  readonly placeholder?: string;
  /** Shows a dot for each character: for secrets. */
  readonly shown?: 'text' | 'dots';
  readonly style?: TextStyle;
  /** A long paste becomes one label, which is what it is for the cursor, too; default: it is text like any other. */
  readonly pastes?: 'folded';
}

/** Entries of history kept. */
const historyMax = 500;
/** A paste above either is long: it would push what was written out of sight. */
const unfoldedLinesMax = 12;
const unfoldedCharactersMax = 2_000;

/** Rows as they are drawn, the first is 1. */
export interface EditorPlace {
  readonly line: number;
  readonly lines: number;
}

export class Editor {
  readonly #model = new EditorModel();
  readonly #layout = new EditorLayout();
  readonly #options: EditorOptions;
  readonly #changes = new Emitter<string>();
  readonly #submits = new Emitter<string>();
  readonly #folds = new EditorFolds();
  #history: readonly string[] = [];
  /** Place in the history while one walks through it; the text that was being written waits as the draft. */
  #historyAt: number | null = null;
  #draft = '';
  #width = 80;
  #top = 0;
  /** The column that up and down try to keep. */
  #wantedColumn: number | null = null;

  constructor(options: EditorOptions = {}) {
    this.#options = options;
  }

  readonly onChange: Event<string> = this.#changes.event;
  /** Enter was pressed; the text stays until `clear`. */
  readonly onSubmit: Event<string> = this.#submits.event;

  /** All of it, with what is folded. */
  get text(): string {
    return this.#folds.expand(this.#model.text);
  }

  /** The text in which `cursor` counts: what is folded is one character. */
  get edited(): string {
    return this.#model.text;
  }

  get hasFold(): boolean {
    return this.#folds.has(this.#model.text);
  }

  /** Up and down are going through what was written before. */
  get isWalkingHistory(): boolean {
    return this.#historyAt !== null;
  }

  get isEmpty(): boolean {
    return this.#model.isEmpty;
  }

  get cursor(): number {
    return this.#model.cursor;
  }

  setText(text: string): void {
    this.#change(() => this.#model.setText(this.#clean(text)));
  }

  /** The cursor, as `edited` counts. */
  moveTo(offset: number): void {
    this.#wantedColumn = null;
    this.#model.moveTo(offset);
  }

  clear(): void {
    this.#historyAt = null;
    this.#change(() => this.#model.clear());
    // What was cut out can still be put back.
    if (!this.#folds.has(this.#model.killed)) this.#folds.clear();
  }

  /** What the up key goes through, oldest first; the newest of them are kept. */
  setHistory(entries: readonly string[]): void {
    this.#history = entries.slice(-historyMax);
    this.#historyAt = null;
  }

  /** Puts what is folded near the cursor into the text; false when it is too long for that. Can be undone. */
  unfold(): boolean {
    const { text, cursor } = this.#model;
    const at = this.#folds.placeNear(text, cursor);
    const sign = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const folded = this.#folds.textOf(sign);
    if (at === -1 || text.length + folded.length > editorCharactersMax) return false;
    this.#change(() => this.#model.replace(at, at + sign.length, folded));
    return true;
  }

  /** Keeps a text for the up key; the newest is last, repetitions are kept once. */
  addHistory(text: string): void {
    if (text.trim() === '') return;
    this.#history = [...this.#history.filter((entry) => entry !== text), text].slice(-historyMax);
    this.#historyAt = null;
  }

  /** True when the key meant something here; others are for whoever is around. */
  handleKey(key: Key): boolean {
    const id = keyId(key);
    if (id === 'enter') this.#submits.fire(this.#model.text);
    else if (id === 'shift-enter' || id === 'alt-enter' || id === 'ctrl-j' || id === 'ctrl-enter') this.#newLine();
    else if (id === 'up' || id === 'ctrl-p') return this.#vertical(-1);
    else if (id === 'down' || id === 'ctrl-n') return this.#vertical(1);
    else {
      const understood = this.#change(() => editWithKey(this.#model, { ...key, text: withoutFolds(key.text) }));
      if (understood) this.#wantedColumn = null;
      return understood;
    }
    return true;
  }

  handlePaste(text: string): void {
    this.#wantedColumn = null;
    const clean = this.#clean(text);
    const folded = this.#options.pastes === 'folded' && isLong(clean) ? this.#folds.fold(toPlainLines(clean)) : null;
    this.#change(() => this.#model.insert(folded ?? clean));
  }

  /** Rows it needs at a width, for layout. */
  heightAt(width: number): number {
    return this.#layout.rows(this.#shown().text, width).length;
  }

  /** Where the cursor is, in rows of this width. */
  placeAt(width: number): EditorPlace {
    const shown = this.#shown();
    const rows = this.#layout.rows(shown.text, width);
    return { line: rowOf(rows, shown.toShown(this.#model.cursor)) + 1, lines: rows.length };
  }

  /** Draws the part around the cursor; with `focused` the terminal's cursor is placed. */
  draw(surface: Surface, focus: 'focused' | 'unfocused'): void {
    this.#width = surface.width;
    const shown = this.#shown();
    const { text } = shown;
    const rows = this.#layout.rows(text, surface.width);
    const cursor = shown.toShown(this.#model.cursor);
    const at = rowOf(rows, cursor);
    this.#top = Math.max(0, Math.min(this.#top, at, rows.length - surface.height));
    if (at >= this.#top + surface.height) this.#top = at - surface.height + 1;
    const style = this.#options.style ?? {};
    for (let y = 0; y < surface.height; y += 1) {
      const row = rows[this.#top + y];
      if (row) surface.put(0, y, shown.toLine(row), style);
    }
    if (this.isEmpty && this.#options.placeholder) {
      const placeholder: StyledLine = [{ text: this.#options.placeholder, token: 'muted' }];
      surface.put(0, 0, placeholder, style);
    }
    const row = rows[at];
    if (focus === 'focused' && row)
      surface.cursor(Math.min(columnOf(text, row, cursor), surface.width - 1), at - this.#top);
  }

  #newLine(): void {
    if (this.#options.lines === 'one') this.#submits.fire(this.#model.text);
    else this.#change(() => this.#model.insert('\n'));
  }

  /** Up and down go by rows of the screen; past the first and the last they go through the history. */
  #vertical(step: -1 | 1): boolean {
    const shown = this.#shown();
    const { text } = shown;
    const rows = this.#layout.rows(text, this.#width);
    const cursor = shown.toShown(this.#model.cursor);
    const at = rowOf(rows, cursor);
    const here = rows[at];
    const there = rows[at + step];
    if (!here || !there) return this.#walkHistory(step);
    const column = this.#wantedColumn ?? columnOf(text, here, cursor);
    this.#wantedColumn = column;
    let offset = offsetAt(text, there, column);
    // The end of a wrapped row is the beginning of the next; stay on the row that was asked for.
    if (offset === there.end && rows[at + step + 1]?.start === there.end) {
      offset = Math.max(there.start, previousBoundary(text, offset));
    }
    this.#model.moveTo(shown.toEdited(offset));
    return true;
  }

  #walkHistory(step: -1 | 1): boolean {
    const at = (this.#historyAt ?? this.#history.length) + step;
    if (at < 0 || at > this.#history.length || this.#history.length === 0) return false;
    if (this.#historyAt === null) this.#draft = this.#model.text;
    this.#historyAt = at === this.#history.length ? null : at;
    const text = this.#historyAt === null ? this.#draft : (this.#history[at] ?? '');
    this.#wantedColumn = null;
    this.#change(() => this.#model.setText(text));
    return true;
  }

  #change<T>(edit: () => T): T {
    const before = this.#model.text;
    const result = edit();
    if (this.#model.text !== before) this.#changes.fire(this.#model.text);
    return result;
  }

  #clean(text: string): string {
    const clean = withoutFolds(text);
    return this.#options.lines === 'one' ? clean.replace(/(\r\n|\r|\n)+/g, ' ') : clean;
  }

  #shown(): ShownText {
    return toShownText(this.#model.text, this.#options.shown ?? 'text', this.#folds);
  }
}

function isLong(text: string): boolean {
  return text.length > unfoldedCharactersMax || text.split(/\r\n|\r|\n/).length > unfoldedLinesMax;
}

/** As the model would take it: line ends become `\n`, other control characters except tab are left out. */
function toPlainLines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '');
}
