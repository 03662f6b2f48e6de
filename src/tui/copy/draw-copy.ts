/**
 * Draws frozen rows with what is found and selected marked, and the cursor: the one decorator of all texts that can be looked at. Knows no key
 * and keeps no state.
 */
import type { Span, StyledLine } from '../styled.ts';
import type { Surface } from '../widgets/surface.ts';
import type { CopyState } from './copy-model.ts';
import { type RowRange, selectedRange } from './copy-selection.ts';
import { type CopyText, characterAt, columnAt } from './copy-text.ts';
import type { SearchMatch, SearchRun } from './search-run.ts';

export interface CopyPicture {
  readonly text: CopyText;
  readonly state: CopyState;
  readonly run: SearchRun | null;
  readonly current: SearchMatch | null;
}

/** Returns the first column that is shown: wider rows move to the side so that the cursor is in sight. */
export function drawCopy(surface: Surface, picture: CopyPicture): number {
  const { text, state } = picture;
  const cursorRow = text.row(state.cursor.row);
  const column = columnAt(cursorRow, state.cursor.at);
  const width = (cursorRow.columns[characterAt(cursorRow, state.cursor.at) + 1] ?? column + 1) - column;
  const left = Math.max(0, column + Math.max(1, width) - surface.width);
  for (let y = 0; y < surface.height; y += 1) {
    const index = state.top + y;
    if (index >= text.count) break;
    surface.put(-left, y, toMarkedLine(picture, index));
  }
  surface.cursor(column - left, state.cursor.row - state.top);
  return left;
}

/** A row with its matches underlined and inverted, the one that one is at in the colour of the selection, and the selection over all. */
export function toMarkedLine({ text, state, run, current }: CopyPicture, index: number): StyledLine {
  const row = text.row(index);
  const marks: Mark[] = [];
  for (const match of run?.inRow(index) ?? []) {
    const look: Look =
      match === current ? { token: 'key', inverse: true, bold: true } : { inverse: true, underline: true };
    for (const part of match.parts) if (part.row === index) marks.push({ ...part, look });
  }
  const selected = selectedRange(state, text, index);
  if (selected) marks.push({ ...selected, look: { token: 'selection' } });
  const line = marks.reduce<StyledLine>((spans, mark) => markRange(spans, mark, mark.look), row.line);
  // An empty row in the middle of a selection shows that its line end is in it.
  const isEmpty = row.text === '' && selected !== null && state.shape !== 'block';
  return isEmpty ? [{ text: ' ', token: 'selection' }] : line;
}

type Look = Omit<Span, 'text'>;
type Mark = RowRange & { readonly look: Look };

/** The spans with another look between two offsets. */
export function markRange(line: StyledLine, range: RowRange, look: Look): StyledLine {
  const spans: Span[] = [];
  let at = 0;
  for (const span of line) {
    const end = at + span.text.length;
    const from = Math.max(at, Math.min(range.from, end)) - at;
    const to = Math.max(from, Math.min(range.to, end) - at);
    if (to > from) {
      const { cell: _, ...rest } = span;
      if (from > 0) spans.push({ ...span, text: span.text.slice(0, from) });
      spans.push({ ...rest, ...look, text: span.text.slice(from, to) });
      if (to < span.text.length) spans.push({ ...span, text: span.text.slice(to) });
    } else spans.push(span);
    at = end;
  }
  return spans;
}
