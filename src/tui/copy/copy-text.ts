/**
 * Frozen rows as copy mode reads them: where each user-perceived character of a row begins, in its text and on the screen. Each row is taken
 * apart when it is first asked for. Draws nothing.
 */
import { graphemes } from '../../base/display/width.ts';
import { toText } from '../present/text.ts';
import { cellWidth } from '../widgets/width.ts';
import type { RowSide, TextRow } from './text-rows.ts';

export interface CopyRow extends TextRow {
  readonly text: string;
  /** Where each character begins, and the end of the last: `[0]` for an empty row. */
  readonly offsets: readonly number[];
  /** The cell where each character begins, and the one behind the last. */
  readonly columns: readonly number[];
}

const noRow: CopyRow = { line: [], from: 0, to: 0, continues: null, text: '', offsets: [0], columns: [0] };

export class CopyText {
  readonly #rows: readonly TextRow[];
  readonly #known = new Map<number, CopyRow>();

  constructor(rows: readonly TextRow[]) {
    this.#rows = rows;
  }

  get count(): number {
    return this.#rows.length;
  }

  /** An empty row beyond the ends. */
  row(index: number): CopyRow {
    const known = this.#known.get(index);
    if (known) return known;
    const source = this.#rows[index];
    if (!source) return noRow;
    const row = toCopyRow(source);
    this.#known.set(index, row);
    return row;
  }

  /** Whether it goes on with the row above. */
  isContinued(index: number): boolean {
    return (this.#rows[index]?.continues ?? null) !== null;
  }
}

function toCopyRow(source: TextRow): CopyRow {
  const text = toText(source.line);
  const offsets: number[] = [];
  const columns: number[] = [];
  let at = 0;
  let column = 0;
  for (const cluster of graphemes(text)) {
    const width = cellWidth(cluster);
    // What takes no cell belongs to what is before it: nobody can stand on it.
    if (width > 0 || at === 0) {
      offsets.push(at);
      columns.push(column);
    }
    at += cluster.length;
    column += width;
  }
  return { ...source, text, offsets: [...offsets, at], columns: [...columns, column] };
}

/** Reads from the spans of a line what of it the source has. */
export function toTextRow(line: TextRow['line']): TextRow {
  const between = line.findIndex(({ side }) => side === 'between');
  if (between !== -1) return toSidesRow(line, between);
  let at = 0;
  let from = 0;
  let to: number | null = null;
  let continues: string | null = null;
  for (const span of line) {
    if (span.continues !== undefined) {
      from = at;
      continues = span.continues;
    }
    if (span.isWrapMark || span.side === 'end') to ??= at;
    at += span.text.length;
  }
  return { line, from, to: to ?? at, continues };
}

/** Each text goes on by itself: the row as a whole goes on with none. */
function toSidesRow(line: TextRow['line'], between: number): TextRow {
  const [left, right] = [line.slice(0, between), line.slice(between + 1)];
  const start = toText(line.slice(0, between + 1)).length;
  const to = toText(line.filter(({ side }) => side !== 'end')).length;
  const sides = { before: toRowSide(left, 'before', 0), after: toRowSide(right, 'after', start), divide: start };
  return { line, from: 0, to, continues: null, sides };
}

function toRowSide(spans: TextRow['line'], file: 'before' | 'after', start: number): RowSide | null {
  const begin = spans.findIndex(({ side }) => side === file);
  if (begin === -1) return null;
  const offset = start + toText(spans.slice(0, begin)).length;
  const { from, to, continues } = toTextRow(spans.slice(begin));
  return { from: offset + from, to: offset + to, continues };
}

/** The number of the character at or before an offset; 0 in an empty row. */
export function characterAt(row: CopyRow, offset: number): number {
  const last = Math.max(0, row.offsets.length - 2);
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((row.offsets[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The offset of the character that covers a cell; that of the last one beyond the end. */
export function offsetAtColumn(row: CopyRow, column: number): number {
  let index = 0;
  while (index + 2 < row.columns.length && (row.columns[index + 1] ?? 0) <= column) index += 1;
  return row.offsets[index] ?? 0;
}

/** The end of the character that begins at an offset. */
export function endOfCharacter(row: CopyRow, offset: number): number {
  return row.offsets[characterAt(row, offset) + 1] ?? 0;
}

/** The offset of the last character; 0 in an empty row. */
export function lastOffset(row: CopyRow): number {
  return row.offsets[Math.max(0, row.offsets.length - 2)] ?? 0;
}

/** The cell where the character at an offset begins. */
export function columnAt(row: CopyRow, offset: number): number {
  return row.columns[characterAt(row, offset)] ?? 0;
}
