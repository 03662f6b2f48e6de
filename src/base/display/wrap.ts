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
  assert(columns >= wrapColumnsMin, `Text cannot be wrapped to fewer than ${wrapColumnsMin} columns.`);
  if (textWidth(text) <= columns) return [text];
  const mark = wrapMarks[charset];
  const room = columns - textWidth(mark);
  const lines: string[] = [];
  let rest = graphemes(text);
  while (!fits(rest, columns)) {
    const count = takeCount(rest, room);
    lines.push(rest.slice(0, count).join('') + mark);
    rest = rest.slice(count);
  }
  lines.push(rest.join(''));
  return lines;
}

function fits(pieces: readonly string[], columns: number): boolean {
  let cells = 0;
  for (const piece of pieces) {
    cells += graphemeWidth(piece);
    if (cells > columns) return false;
  }
  return true;
}

function takeCount(pieces: readonly string[], room: number): number {
  let cells = 0;
  let count = 0;
  let afterSpace = 0;
  for (const piece of pieces) {
    const width = graphemeWidth(piece);
    if (cells + width > room) break;
    cells += width;
    count += 1;
    if (piece === ' ') afterSpace = count;
  }
  // A cluster wider than the line still moves on: progress matters more than one overlong line.
  if (count === 0) return 1;
  return afterSpace >= count / 2 ? afterSpace : count;
}
