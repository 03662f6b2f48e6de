/** Styled lines, wrapped and scrolled, that can follow their end. Knows nothing of where the lines come from. */
import { type Key, keyId } from '../input/key.ts';
import { wrap } from '../present/text.ts';
import type { Span, StyledLine } from '../styled.ts';
import type { Surface } from './surface.ts';
import { drawScrollBar } from './virtual-list.ts';

export interface TextViewOptions {
  /** `cut` draws one row a line; scrolling sideways is not offered, so use it for lines that fit. */
  readonly wrapping?: 'wrap' | 'cut';
  /** `tail`: starts at the end and stays there while it is there. */
  readonly start?: 'top' | 'tail';
}

export class TextView {
  readonly #wrapping: 'wrap' | 'cut';
  #lines: readonly StyledLine[] = [];
  /** Wrapped rows of each line by identity: a line that is the same object is not wrapped again. */
  #wrapped = new WeakMap<StyledLine, readonly StyledLine[]>();
  #rows: readonly StyledLine[] | null = null;
  /** For each line, its first row; made with `#rows`. */
  #firstRows: number[] = [];
  #width = 0;
  #height = 1;
  #top = 0;
  #following: boolean;
  #query = '';

  constructor(options: TextViewOptions = {}) {
    this.#wrapping = options.wrapping ?? 'wrap';
    this.#following = options.start === 'tail';
  }

  get isFollowing(): boolean {
    return this.#following;
  }

  /** True when the last row is or was in sight: an approval is offered only then. Right after the last `draw`. */
  get isAtEnd(): boolean {
    return this.#top + this.#height >= this.rowCount;
  }

  /** Rows at the width of the last `draw`. */
  get rowCount(): number {
    return this.#layout().length;
  }

  get top(): number {
    return this.#top;
  }

  /** Replaces the content; lines that are the same objects as before cost nothing. */
  setLines(lines: readonly StyledLine[]): void {
    this.#lines = lines;
    this.#rows = null;
  }

  scrollBy(rows: number): void {
    this.#scrollTo(this.#top + rows);
  }

  scrollToTop(): void {
    this.#scrollTo(0);
  }

  /** Goes to the end and follows it from then on. */
  scrollToEnd(): void {
    this.#following = true;
    this.#clamp();
  }

  /** Puts a line of the content at the top. */
  scrollToLine(line: number): void {
    this.#layout();
    this.#scrollTo(this.#firstRows[line] ?? 0);
  }

  /** Rows it needs at a width, for layout. */
  heightAt(width: number): number {
    this.#setWidth(width);
    return this.rowCount;
  }

  /** Marks a text wherever it occurs, without regard to case; '' ends the search. Returns how many lines have it. */
  search(query: string): number {
    this.#query = query.toLowerCase();
    return this.#query === '' ? 0 : this.#lines.filter((line) => this.#matches(line)).length;
  }

  /** Scrolls to the next or previous line with the searched text; false when there is none. */
  searchNext(direction: 'forward' | 'backward'): boolean {
    this.#layout();
    if (this.#query === '') return false;
    const here = this.#lineAt(this.#top);
    const count = this.#lines.length;
    for (let distance = 1; distance <= count; distance += 1) {
      const line = (here + (direction === 'forward' ? distance : count - distance) + count) % count;
      const candidate = this.#lines[line];
      if (!candidate || !this.#matches(candidate)) continue;
      this.scrollToLine(line);
      return true;
    }
    return false;
  }

  /** Arrow, page, Home and End keys; letters belong to the key map. */
  handleKey(key: Key): boolean {
    switch (keyId(key)) {
      case 'up':
        this.scrollBy(-1);
        return true;
      case 'down':
        this.scrollBy(1);
        return true;
      case 'pageup':
        this.scrollBy(-Math.max(1, this.#height - 1));
        return true;
      case 'pagedown':
        this.scrollBy(Math.max(1, this.#height - 1));
        return true;
      case 'home':
        this.scrollToTop();
        return true;
      case 'end':
        this.scrollToEnd();
        return true;
      default:
        return false;
    }
  }

  draw(surface: Surface): void {
    this.#height = Math.max(1, surface.height);
    // The bar's column is always kept free, so that its coming and going does not wrap everything anew.
    this.#setWidth(surface.width > 4 ? surface.width - 1 : surface.width);
    const rows = this.#layout();
    this.#clamp();
    for (let y = 0; y < surface.height; y += 1) {
      const row = rows[this.#top + y];
      if (row) surface.put(0, y, this.#query === '' ? row : highlight(row, this.#query));
    }
    if (rows.length > surface.height && surface.width > 4) drawScrollBar(surface, this.#top, rows.length);
  }

  #scrollTo(row: number): void {
    this.#top = row;
    this.#following = false;
    this.#clamp();
    this.#following = this.isAtEnd;
  }

  #clamp(): void {
    const topMax = Math.max(0, this.rowCount - this.#height);
    this.#top = this.#following ? topMax : Math.max(0, Math.min(this.#top, topMax));
  }

  #setWidth(width: number): void {
    if (width === this.#width) return;
    const line = this.#rows === null ? 0 : this.#lineAt(this.#top);
    const within = this.#top - (this.#firstRows[line] ?? 0);
    this.#width = width;
    this.#wrapped = new WeakMap();
    this.#rows = null;
    // What was at the top stays at the top, however it wraps now.
    this.#layout();
    this.#top = (this.#firstRows[line] ?? 0) + within;
  }

  #layout(): readonly StyledLine[] {
    if (this.#rows) return this.#rows;
    const rows: StyledLine[] = [];
    this.#firstRows = [];
    for (const line of this.#lines) {
      this.#firstRows.push(rows.length);
      for (const row of this.#wrapLine(line)) rows.push(row);
    }
    this.#rows = rows;
    return rows;
  }

  #wrapLine(line: StyledLine): readonly StyledLine[] {
    if (this.#wrapping === 'cut') return [line];
    let rows = this.#wrapped.get(line);
    if (!rows) {
      rows = wrap(line, Math.max(1, this.#width));
      this.#wrapped.set(line, rows);
    }
    return rows;
  }

  #lineAt(row: number): number {
    let low = 0;
    let high = Math.max(0, this.#firstRows.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#firstRows[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #matches(line: StyledLine): boolean {
    return line
      .map((span) => span.text)
      .join('')
      .toLowerCase()
      .includes(this.#query);
  }
}

/** Marks a text in the spans of one row; a match across two spans is found by `search`, and marked only where one span has it whole. */
function highlight(row: StyledLine, query: string): StyledLine {
  const marked: Span[] = [];
  for (const span of row) {
    const lower = span.text.toLowerCase();
    // Lower case can have another length; such a span is left as it is.
    if (lower.length !== span.text.length) {
      marked.push(span);
      continue;
    }
    let from = 0;
    for (let at = lower.indexOf(query); at >= 0; at = lower.indexOf(query, from)) {
      if (at > from) marked.push({ ...span, text: span.text.slice(from, at) });
      marked.push({ ...span, text: span.text.slice(at, at + query.length), inverse: true });
      from = at + query.length;
    }
    if (from < span.text.length) marked.push({ ...span, text: span.text.slice(from) });
  }
  return marked;
}
