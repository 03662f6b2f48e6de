/** Soft wrap of an edited text: which offsets are on which row of the screen. Knows no cursor and no keys. */

import { graphemes as splitGraphemes } from '../../base/display/width.ts';
import { boundaryAt, nextBoundary } from './text-boundaries.ts';
import { graphemes } from './width.ts';

/** Offsets of one row in the text; `end` is exclusive and before the line end. */
export interface VisualRow {
  readonly start: number;
  readonly end: number;
}

/** Paragraphs kept wrapped; typing changes one, the others are not looked at again. */
const paragraphsKeptMax = 4_096;

export class EditorLayout {
  #width = 0;
  #text: string | null = null;
  #rows: readonly VisualRow[] = [{ start: 0, end: 0 }];
  #kept = new Map<string, readonly VisualRow[]>();

  /** The rows of the text at a width in columns; one column stays free for the cursor at the end of a row. */
  rows(text: string, width: number): readonly VisualRow[] {
    if (width === this.#width && text === this.#text) return this.#rows;
    if (width !== this.#width || this.#kept.size > paragraphsKeptMax) this.#kept.clear();
    this.#width = width;
    this.#text = text;
    const rows: VisualRow[] = [];
    let offset = 0;
    for (const paragraph of text.split('\n')) {
      let wrapped = this.#kept.get(paragraph);
      if (!wrapped) {
        wrapped = wrapParagraph(paragraph, Math.max(1, width - 1));
        this.#kept.set(paragraph, wrapped);
      }
      for (const row of wrapped) rows.push({ start: row.start + offset, end: row.end + offset });
      offset += paragraph.length + 1;
    }
    this.#rows = rows;
    return rows;
  }
}

/** The row a cursor is on; between two rows of one paragraph it is the later one. */
export function rowOf(rows: readonly VisualRow[], cursor: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle]?.start ?? 0) <= cursor) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Columns from the row's beginning to an offset on it. */
export function columnOf(text: string, row: VisualRow, offset: number): number {
  return columns(text.slice(row.start, offset));
}

/** The offset on a row that is nearest to a column, from the left. */
export function offsetAt(text: string, row: VisualRow, column: number): number {
  let at = 0;
  let offset = row.start;
  while (offset < row.end) {
    const next = Math.min(row.end, nextBoundary(text, offset));
    at += columns(text.slice(offset, next));
    if (at > column) break;
    offset = next;
  }
  return boundaryAt(text, offset);
}

function columns(text: string): number {
  let width = 0;
  for (const grapheme of graphemes(text)) width += grapheme.width;
  return width;
}

/** Breaks after the last blank that fits, inside a word when there is none. */
function wrapParagraph(text: string, width: number): VisualRow[] {
  const rows: VisualRow[] = [];
  let start = 0;
  let used = 0;
  let breakAt = -1;
  let usedAtBreak = 0;
  let offset = 0;
  for (const cluster of splitGraphemes(text)) {
    const next = offset + cluster.length;
    const wide = columns(cluster);
    if (used + wide > width && offset > start) {
      const end = breakAt > start ? breakAt : offset;
      used = breakAt > start ? used - usedAtBreak : 0;
      rows.push({ start, end });
      start = end;
      breakAt = -1;
    }
    used += wide;
    if (/\s/.test(text.charAt(offset))) {
      breakAt = next;
      usedAtBreak = used;
    }
    offset = next;
  }
  rows.push({ start, end: text.length });
  return rows;
}
