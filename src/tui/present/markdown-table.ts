/**
 * A table of Markdown as styled lines, never wider than it may be: columns give way by wrapping their cells, and where even that has no room
 * each row becomes a list of its cells. Counts cells as the terminal draws them. Pure.
 */
import { Lexer, type Tokens } from 'marked';
import type { Span, StyledLine } from '../styled.ts';
import { type InlineLook, toInlineLines } from './markdown-inline.ts';
import type { MarkdownStyle } from './prose.ts';
import { columnsOf, emptyLine, span, wrap } from './text.ts';

/** The lines of one cell before they are wrapped. */
type Cell = readonly StyledLine[];
type Align = 'left' | 'right' | 'center';

interface Grid {
  readonly head: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  readonly aligns: readonly Align[];
}

/** Narrower columns would be read letter by letter. */
const cellColumnsMin = 5;
/** Between two columns: a blank, a line, a blank. */
const gapColumns = 3;

export function layOutTable(table: Tokens.Table, style: MarkdownStyle): readonly StyledLine[] {
  const grid = toGrid(table, style);
  const wanted = grid.aligns.map((_, column) =>
    Math.max(1, ...[grid.head, ...grid.rows].map((row) => Math.max(0, ...(row[column] ?? []).map(columnsOf)))),
  );
  const widths = toWidths(wanted, style.columns - gapColumns * (wanted.length - 1));
  return widths === null ? layOutAsLists(grid, style) : layOutAsGrid(grid, widths, style);
}

function layOutAsGrid(grid: Grid, widths: readonly number[], style: MarkdownStyle): readonly StyledLine[] {
  const { glyphs } = style;
  const rule = widths.map((width) => glyphs.rule.repeat(width)).join(`${glyphs.rule}${glyphs.cross}${glyphs.rule}`);
  const rows = grid.rows.map((row) => layOutRow(row, widths, grid.aligns, style));
  // Rows of several lines would run into each other.
  const isTall = rows.some((lines) => lines.length > 1);
  const body = rows.flatMap((lines, index) => (isTall && index > 0 ? [[span(rule, 'border')], ...lines] : lines));
  return [...layOutRow(grid.head, widths, grid.aligns, style), [span(rule, 'border')], ...body];
}

function layOutRow(
  row: readonly Cell[],
  widths: readonly number[],
  aligns: readonly Align[],
  { glyphs }: MarkdownStyle,
): readonly StyledLine[] {
  const cells = widths.map((width, column) =>
    (row[column] ?? []).flatMap((line) => (columnsOf(line) <= width ? [line] : wrap(line, width).map(toOwnLine))),
  );
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y): StyledLine => {
    const spans: Span[] = [];
    widths.forEach((width, column) => {
      const line = cells[column]?.[y] ?? emptyLine;
      const isLast = column === widths.length - 1;
      const isEmptyEnd = isLast && columnsOf(line) === 0;
      if (column > 0) spans.push(span(` ${glyphs.column}${isEmptyEnd ? '' : ' '}`, 'border'));
      if (!isEmptyEnd) spans.push(...toAligned(line, width, aligns[column] ?? 'left', isLast));
    });
    return spans;
  });
}

/** Beside other cells no line goes on with the one above: a row of the table is copied as it stands there. */
function toOwnLine(line: StyledLine): StyledLine {
  return line.map(({ continues: _gap, isWrapMark: _mark, ...rest }) => rest);
}

/** @param isLast nothing follows, so no blanks do: they would be copied. */
function toAligned(line: StyledLine, width: number, align: Align, isLast: boolean): StyledLine {
  const free = Math.max(0, width - columnsOf(line));
  const left = align === 'right' ? free : align === 'center' ? Math.floor(free / 2) : 0;
  return [
    ...(left > 0 ? [span(' '.repeat(left))] : []),
    ...line,
    ...(free > left && !isLast ? [span(' '.repeat(free - left))] : []),
  ];
}

/** Where there is no room side by side: each cell below the other, behind the heading of its column. */
function layOutAsLists(grid: Grid, style: MarkdownStyle): readonly StyledLine[] {
  const columns = Math.max(1, style.columns);
  if (grid.rows.length === 0) return grid.head.flatMap((cell) => cell.flatMap((line) => wrap(line, columns)));
  return grid.rows.flatMap((row, index) => {
    const lines = row.flatMap((cell, column) => {
      const [name = emptyLine] = grid.head[column] ?? [];
      const isNamed = columnsOf(name) > 0;
      return cell.flatMap((line, at) =>
        wrap(at === 0 && isNamed ? [...name, span(': ', 'muted'), ...line] : line, columns),
      );
    });
    return index === 0 ? lines : [[span(style.glyphs.rule.repeat(Math.min(columns, 8)), 'border')], ...lines];
  });
}

/** What each column gets of `room`: narrow ones all they want, the others what is left, evenly. Null where that is too little to read. */
export function toWidths(wanted: readonly number[], room: number): readonly number[] | null {
  if (wanted.reduce((sum, width) => sum + width, 0) <= room) return wanted;
  if (wanted.reduce((sum, width) => sum + Math.min(width, cellColumnsMin), 0) > room) return null;
  const widths = wanted.map((width) => Math.min(width, cellColumnsMin));
  let left = room - widths.reduce((sum, width) => sum + width, 0);
  while (left > 0) {
    const open = widths.flatMap((width, column) => (width < (wanted[column] ?? 0) ? [column] : []));
    const share = Math.max(1, Math.floor(left / open.length));
    for (const column of open) {
      const more = Math.min(share, (wanted[column] ?? 0) - (widths[column] ?? 0), left);
      widths[column] = (widths[column] ?? 0) + more;
      left -= more;
    }
  }
  return widths;
}

/** From the source: the parser drops cells that have no heading, and here nothing is dropped. */
function toGrid({ raw, align }: Tokens.Table, style: MarkdownStyle): Grid {
  const [head = '', _delimiter, ...rows] = raw.replace(/\n+$/, '').split('\n');
  const look: InlineLook = {
    ...(style.token ? { token: style.token } : {}),
    ...(style.isItalic ? { italic: true } : {}),
  };
  const cells = [toCells(head, { ...look, token: 'title', bold: true }), ...rows.map((row) => toCells(row, look))];
  const count = Math.max(...cells.map((row) => row.length));
  const aligns = Array.from({ length: count }, (_, column): Align => align[column] ?? 'left');
  const [first = [], ...others] = cells.map((row) => aligns.map((_, column) => row[column] ?? []));
  return { head: first, rows: others, aligns };
}

function toCells(row: string, look: InlineLook): readonly Cell[] {
  const parts = row.trim().split(/(?<!\\)\|/);
  if (parts[0]?.trim() === '') parts.shift();
  if (parts.length > 1 && parts.at(-1)?.trim() === '') parts.pop();
  return parts.map((part) => toCell(part.trim().replaceAll('\\|', '|'), look));
}

/** Cells by their source and look: a table that grows by a row has all others again. */
const known = new Map<string, Cell>();
const knownMax = 4_000;

function toCell(source: string, look: InlineLook): Cell {
  const key = `${look.token ?? ''} ${look.bold ? 'b' : ''}${look.italic ? 'i' : ''} ${source}`;
  let cell = known.get(key);
  if (!cell) {
    cell = toInlineLines(Lexer.lexInline(source), look);
    if (known.size >= knownMax) known.clear();
    known.set(key, cell);
  }
  return cell;
}
