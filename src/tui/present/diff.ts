/**
 * A unified diff as styled lines. The marks + and - stay: the colour only repeats them; what changed within a line is underlined. Pure.
 */
import { wrapMarks, wrapText } from '../../base/display/wrap.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import { drawnCharset } from '../widgets/width.ts';
import type { Change } from './changed-words.ts';
import { type DiffRow, toDiffRows } from './diff-rows.ts';
import type { Page } from './page.ts';
import { type DiffColours, withColours } from './row-colours.ts';
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

export function toDiffLines(diff: string, page: Page, colours: DiffColours | null = null): readonly StyledLine[] {
  const rest = page.columns >= columnsForRest ? restColumns : 0;
  return withColours(toDiffRows(diff), colours).flatMap((row) =>
    toRowLines(row, page.columns - rest).map((line, index) =>
      index === 0 || rest === 0 ? line : [...plain(' '.repeat(rest), 'muted'), ...line],
    ),
  );
}

/** One line of the diff with its sign; nothing of it is dropped at a break. */
export function toRowLines(row: DiffRow, columns: number): readonly StyledLine[] {
  const token = diffTokens[row.kind];
  const text = row.sign + row.text;
  const changes = row.changes.map(({ from, to }) => ({ from: from + row.sign.length, to: to + row.sign.length }));
  const code = row.code?.map((part) => toChangedCode(part, token)) ?? [span(row.text, token)];
  return wrapMarked(text === '' ? [span(' ', token)] : [span(row.sign, token), ...code], token, changes, columns);
}

/** What a line says is never less plain than the line: a comment is decided upon like everything else. */
function toChangedCode(part: Span, token: Token): Span {
  if (part.token === undefined || part.token === 'code' || part.token === 'codeComment') return { ...part, token };
  return token === 'text' ? part : { ...part, under: token };
}

/** As `wrapExact`, with parts of the text underlined. */
function wrapMarked(
  line: StyledLine,
  token: Token,
  changes: readonly Change[],
  columns: number,
): readonly StyledLine[] {
  const mark = wrapMarks[drawnCharset()];
  const text = line.map((part) => part.text).join('');
  const rows = wrapText(text, Math.max(8, columns), drawnCharset());
  let at = 0;
  return rows.map((row, index) => {
    const isLast = index === rows.length - 1;
    const end = at + (isLast ? row.length : row.length - mark.length);
    const spans = toSpans(line, { from: at, to: end }, changes);
    at = end;
    const start = index === 0 ? [] : [{ text: '', continues: '' }];
    return isLast ? [...start, ...spans] : [...start, ...spans, { text: mark, token, isWrapMark: true }];
  });
}

function toSpans(line: StyledLine, row: Change, changes: readonly Change[]): readonly Span[] {
  let at = row.from;
  const spans: Span[] = [];
  for (const { from, to } of changes) {
    if (to <= at || from >= row.to) continue;
    const begin = Math.max(at, from);
    spans.push(...cut(line, { from: at, to: begin }));
    at = Math.min(row.to, to);
    for (const part of cut(line, { from: begin, to: at })) spans.push({ ...part, underline: true, bold: true });
  }
  return [...spans, ...cut(line, { from: at, to: row.to })];
}

/** The part of a line between two positions in its text. */
function cut(line: StyledLine, { from, to }: Change): readonly Span[] {
  let at = 0;
  return line.flatMap((part): readonly Span[] => {
    const start = at;
    at += part.text.length;
    const text = part.text.slice(Math.max(0, from - start), Math.max(0, to - start));
    return text === '' ? [] : [{ ...part, text }];
  });
}
