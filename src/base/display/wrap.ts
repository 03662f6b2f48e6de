/** Wraps escaped text to a number of cells without losing or hiding a character. It knows no meaning, only cells. */
import { assert } from '../assert.ts';
import { graphemes, graphemeWidth, textWidth } from './width.ts';

/**
 * Ends every line that goes on in the next one. Neither can occur in escaped text: `¬` is outside ASCII and no letter, and a
 * backslash before `x` is always followed by two hex digits there.
 */
export const wrapMarks = { unicode: '¬', ascii: '\\x>' } as const;
export type Charset = keyof typeof wrapMarks;

/** The narrowest width that can be asked for: one wide character and the longer mark. */
export const wrapColumnsMin = 8;

/**
 * Lines of at most `columns` cells; all but the last end with the mark. Taking the marks off and joining gives the text back,
 * so nothing is truncated and two different texts never wrap to the same lines. Breaks after a space where one is near.
 */
export function wrapText(text: string, columns: number, charset: Charset = 'unicode'): readonly string[] {
  return wrapAt(text, columns, charset, () => null);
}

/**
 * As `wrapText`, for sentences: a break at a single space between two words has no mark, because nothing can hide there; any other
 * break has it. Only for words of our own, or where the lines cannot be taken for anything else. Joining gives the text back.
 */
export function wrapSentence(text: string, columns: number, charset: Charset = 'unicode'): readonly string[] {
  return wrapAt(text, columns, charset, (pieces, start) => takeWords(pieces, start, columns));
}

/** @param breakWithoutMark where a line that begins at `start` may end without the mark; null where it may not. */
function wrapAt(
  text: string,
  columns: number,
  charset: Charset,
  breakWithoutMark: (pieces: readonly string[], start: number) => number | null,
): readonly string[] {
  assert(columns >= wrapColumnsMin, `Text cannot be wrapped to fewer than ${wrapColumnsMin} columns.`);
  if (textWidth(text) <= columns) return [text];
  const mark = wrapMarks[charset];
  const room = columns - textWidth(mark);
  const pieces = graphemes(text);
  const lines: string[] = [];
  // Positions instead of copies: a file may be one line of megabytes.
  let start = 0;
  while (!fits(pieces, start, columns)) {
    const unmarked = breakWithoutMark(pieces, start);
    const end = unmarked ?? takeUntil(pieces, start, room);
    lines.push(pieces.slice(start, end).join('') + (unmarked === null ? mark : ''));
    start = end;
  }
  lines.push(pieces.slice(start).join(''));
  return lines;
}

/** The end of the last word that fits with the one space after it, or null when there is none. */
function takeWords(pieces: readonly string[], start: number, columns: number): number | null {
  let cells = 0;
  let end: number | null = null;
  for (let index = start; index < pieces.length; index += 1) {
    cells += graphemeWidth(pieces[index] ?? '');
    if (cells > columns) break;
    const isSingleSpace = pieces[index] === ' ' && pieces[index - 1] !== ' ' && pieces[index + 1] !== ' ';
    if (isSingleSpace && index > start) end = index + 1;
  }
  return end;
}

function fits(pieces: readonly string[], start: number, columns: number): boolean {
  let cells = 0;
  for (let index = start; index < pieces.length; index += 1) {
    cells += graphemeWidth(pieces[index] ?? '');
    if (cells > columns) return false;
  }
  return true;
}

function takeUntil(pieces: readonly string[], start: number, room: number): number {
  let cells = 0;
  let end = start;
  let afterSpace = start;
  while (end < pieces.length) {
    cells += graphemeWidth(pieces[end] ?? '');
    if (cells > room) break;
    end += 1;
    if (pieces[end - 1] === ' ') afterSpace = end;
  }
  // A cluster wider than the line still moves on: progress matters more than one overlong line.
  if (end === start) return start + 1;
  return afterSpace - start >= (end - start) / 2 ? afterSpace : end;
}
