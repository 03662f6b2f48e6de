/**
 * A unified diff as styled lines. The marks + and - stay: the colour only repeats them; what changed within a line is underlined. Pure.
 */
import { wrapMarks, wrapText } from '../../base/display/wrap.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import { drawnCharset } from '../widgets/width.ts';
import { type Change, type DiffRow, toDiffRows } from './diff-rows.ts';
import type { Page } from './page.ts';
import { plain, span } from './text.ts';

const restColumns = 2;
/** Below this the wrapped rows of a line stand at the left border. */
const columnsForRest = 12;

export const diffTokens: Readonly<Record<DiffRow['kind'], Token>> = {
  header: 'muted',
  hunk: 'diffHunk',
  context: 'text',
  remove: 'diffRemove',
  add: 'diffAdd',
  note: 'text',
};

export function toDiffLines(diff: string, page: Page): readonly StyledLine[] {
  const rest = page.columns >= columnsForRest ? restColumns : 0;
  return toDiffRows(diff).flatMap((row) =>
    toRowLines(row, page.columns - rest).map((line, index) =>
      index === 0 || rest === 0 ? line : [...plain(' '.repeat(rest), 'muted'), ...line],
    ),
  );
}

/** One line of the diff with its sign; nothing of it is dropped at a break. */
export function toRowLines(row: DiffRow, columns: number): readonly StyledLine[] {
  const text = row.sign + row.text;
  const change = row.change && { from: row.change.from + row.sign.length, to: row.change.to + row.sign.length };
  return wrapMarked(text === '' ? ' ' : text, diffTokens[row.kind], change, columns);
}

/** As `wrapExact`, with a part of the text underlined. */
function wrapMarked(text: string, token: Token, change: Change | null, columns: number): readonly StyledLine[] {
  const mark = wrapMarks[drawnCharset()];
  const rows = wrapText(text, Math.max(8, columns), drawnCharset());
  let at = 0;
  return rows.map((row, index) => {
    const isLast = index === rows.length - 1;
    const piece = isLast ? row : row.slice(0, -mark.length);
    const spans = toSpans(piece, at, token, change);
    at += piece.length;
    const start = index === 0 ? [] : [{ text: '', continues: '' }];
    return isLast ? [...start, ...spans] : [...start, ...spans, { text: mark, token, isWrapMark: true }];
  });
}

function toSpans(piece: string, at: number, token: Token, change: Change | null): readonly Span[] {
  if (!change || change.to <= at || change.from >= at + piece.length) return [span(piece, token)];
  const from = Math.max(0, change.from - at);
  const to = Math.min(piece.length, change.to - at);
  return [
    span(piece.slice(0, from), token),
    span(piece.slice(from, to), token, { underline: true, bold: true }),
    span(piece.slice(to), token),
  ].filter(({ text }) => text !== '');
}
