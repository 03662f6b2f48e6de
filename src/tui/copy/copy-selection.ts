/**
 * What is selected: which characters of each row, and the text as its source has it. Rows that were only broken at the side of the screen are
 * one line again. Pure; copies nothing anywhere.
 */
import type { CopyPlace, CopyState } from './copy-model.ts';
import { type CopyRow, type CopyText, characterAt, columnAt, endOfCharacter } from './copy-text.ts';

/** Code-unit offsets in the text of a row; `to` is behind the last character. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** First and last row of the selection; null without one. */
export function selectedRows(
  state: CopyState,
  text: CopyText,
): { readonly first: number; readonly last: number } | null {
  if (state.anchor === null) return null;
  let first = Math.min(state.anchor.row, state.cursor.row);
  let last = Math.max(state.anchor.row, state.cursor.row);
  if (state.shape !== 'lines') return { first, last };
  while (first > 0 && text.isContinued(first)) first -= 1;
  while (last + 1 < text.count && text.isContinued(last + 1)) last += 1;
  return { first, last };
}

/** What of a row is selected; null for nothing. An empty row in the middle of a selection has an empty range. */
export function selectedRange(state: CopyState, text: CopyText, index: number): RowRange | null {
  const rows = selectedRows(state, text);
  const { anchor, cursor } = state;
  if (!rows || !anchor || index < rows.first || index > rows.last) return null;
  const row = text.row(index);
  switch (state.shape) {
    case 'lines':
      return toSideRange(row, toSideOf(state, text), { from: 0, to: row.text.length });
    case 'block':
      return toSideRange(
        row,
        toBlockSide(row, state, text),
        toBlockRange(row, columnsOf(text, anchor), columnsOf(text, cursor)),
      );
    case 'characters': {
      const [start, end] = isBefore(anchor, cursor) ? [anchor, cursor] : [cursor, anchor];
      return toSideRange(row, toSideOf(state, text), {
        from: index === start.row ? start.at : 0,
        to: index === end.row ? endOfCharacter(row, end.at) : row.text.length,
      });
    }
  }
}

/** The selected text; '' without a selection. */
export function selectedText(state: CopyState, text: CopyText): string {
  const rows = selectedRows(state, text);
  if (!rows) return '';
  let copied = '';
  let isBegun = false;
  const side = toSideOf(state, text);
  for (let index = rows.first; index <= rows.last; index += 1) {
    const row = text.row(index);
    const range = selectedRange(state, text, index) ?? { from: 0, to: 0 };
    const isBlock = state.shape === 'block';
    // The other text has a line here that this one does not have.
    if (row.sides && row.sides[isBlock ? toBlockSide(row, state, text) : side] === null) continue;
    if (isBlock) {
      copied += `${isBegun ? '\n' : ''}${row.text.slice(range.from, range.to).trimEnd()}`;
      isBegun = true;
      continue;
    }
    const continues = row.sides ? row.sides[side]?.continues : row.continues;
    if (isBegun) copied += continues ?? '\n';
    isBegun = true;
    // The indentation of a row that goes on, and the mark of a broken word, are the screen's.
    const from = row.continues === null ? range.from : Math.max(range.from, row.from);
    copied += row.text.slice(from, Math.max(from, Math.min(range.to, row.to)));
  }
  return copied;
}

/** Of two texts beside each other the one where the selection began; of whole rows the right one, unless it began in the words of the other. */
function toSideOf({ shape, anchor }: CopyState, text: CopyText): 'before' | 'after' {
  const sides = anchor ? text.row(anchor.row).sides : undefined;
  if (!anchor || !sides) return 'after';
  if (shape !== 'lines') return anchor.at < sides.divide ? 'before' : 'after';
  if (sides.after === null) return 'before';
  return sides.before !== null && anchor.at >= sides.before.from && anchor.at < sides.divide ? 'before' : 'after';
}

/** Of a rectangle the one where it began, also in a row across both. */
function toBlockSide({ sides, ...row }: CopyRow, { anchor }: CopyState, text: CopyText): 'before' | 'after' {
  if (!sides || !anchor) return 'after';
  return columnsOf(text, anchor).from < columnAt(row, sides.divide) ? 'before' : 'after';
}

function toSideRange({ sides }: CopyRow, side: 'before' | 'after', range: RowRange): RowRange | null {
  if (!sides) return range;
  const part = sides[side];
  if (part === null) return null;
  const from = Math.max(range.from, part.from);
  return { from, to: Math.max(from, Math.min(range.to, part.to)) };
}

function columnsOf(text: CopyText, place: CopyPlace): { readonly from: number; readonly to: number } {
  const row = text.row(place.row);
  const index = characterAt(row, place.at);
  const from = columnAt(row, place.at);
  return { from, to: Math.max(from + 1, row.columns[index + 1] ?? 0) };
}

/** Every character that has a cell between the two; none is ever cut in half. */
function toBlockRange(row: CopyRow, one: RowRange, other: RowRange): RowRange {
  const left = Math.min(one.from, other.from);
  const right = Math.max(one.to, other.to);
  let from = row.text.length;
  let to = 0;
  for (let index = 0; index + 1 < row.offsets.length; index += 1) {
    if ((row.columns[index + 1] ?? 0) <= left || (row.columns[index] ?? 0) >= right) continue;
    from = Math.min(from, row.offsets[index] ?? 0);
    to = Math.max(to, row.offsets[index + 1] ?? 0);
  }
  return from < to ? { from, to } : { from: row.text.length, to: row.text.length };
}

export function isBefore(one: CopyPlace, other: CopyPlace): boolean {
  return one.row < other.row || (one.row === other.row && one.at <= other.at);
}
