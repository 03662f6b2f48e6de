/**
 * The small tools of presentation: spans, widths, clipping and word wrap of styled text. Knows no colours and no screen.
 */
import { escapeProse } from '../../base/display/escape.ts';
import { escapeReadable } from '../../base/display/escape-readable.ts';
import { wrapColumnsMin, wrapMarks, wrapText } from '../../base/display/wrap.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import { cellWidth, drawnCharset, graphemes } from '../widgets/width.ts';
import { joinSpans } from './join-spans.ts';

export type SpanStyle = Omit<Span, 'text' | 'token'>;

export function span(text: string, token?: Token, style: SpanStyle = {}): Span {
  return token === undefined ? { text, ...style } : { text, token, ...style };
}

/** A line of one span. */
export function plain(text: string, token?: Token, style: SpanStyle = {}): StyledLine {
  return [span(text, token, style)];
}

export const emptyLine: StyledLine = [];

/** Foreign text on one line: everything that could deceive becomes a visible escape, line ends and a blank at the end among it. */
export function foreign(text: string): string {
  const escaped = escapePart(text);
  return escaped.endsWith(' ') ? `${escaped.slice(0, -1)}\\x20` : escaped;
}

function escapePart(text: string): string {
  return escapeProse(text, drawnCharset());
}

/** Foreign text that people only read, line by line: tabs are four spaces. */
export function foreignLines(text: string): readonly string[] {
  return toLines(text).map(escapePart);
}

/** A foreign sentence or several, as an agent's error has them: line ends are lines and blanks are blanks, what acts is an escape. */
export function proseLines(text: string): readonly string[] {
  return foreignLines(text.trim());
}

/** Foreign text that is decided upon, line by line: only a line feed ends one, and nothing else is left out. */
export function exactLines(text: string): readonly string[] {
  return text.split('\n').map(foreign);
}

/** Foreign words that are only read, as a title or a name in a list: as `foreign`, but typographic signs and emoji stay. Never for what is decided upon. */
export function readable(text: string): string {
  const escaped = escapeReadable(text, drawnCharset());
  return escaped.endsWith(' ') ? `${escaped.slice(0, -1)}\\x20` : escaped;
}

/** What is said in a conversation, line by line: as `foreignLines`, but typographic signs and emoji stay. Never for what is decided upon. */
export function conversationLines(text: string): readonly string[] {
  return toLines(text).map((line) => escapeReadable(line, drawnCharset()));
}

function toLines(text: string): readonly string[] {
  return text.replaceAll('\t', '    ').split(/\r?\n/);
}

/** Cells that the text takes; ASCII, by far the most, is counted without looking at clusters. */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : cellWidth(text);
}

export function columnsOf(line: StyledLine): number {
  let columns = 0;
  for (const part of line) columns += textWidth(part.text);
  return columns;
}

/** Cuts text of the program's own frame (never a card) to `columns`, with an ellipsis where something is missing. */
export function clipText(text: string, columns: number, ellipsis = toEllipsis()): string {
  if (textWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const room = columns - textWidth(ellipsis);
  if (room < 0) return ellipsis.slice(0, columns);
  let width = 0;
  let kept = '';
  for (const cluster of graphemes(text)) {
    if (width + cluster.width > room) break;
    kept += cluster.text;
    width += cluster.width;
  }
  return kept + ellipsis;
}

function toEllipsis(): string {
  return drawnCharset() === 'ascii' ? '...' : '…';
}

/** The same for a styled line; the ellipsis has the look of the span that was cut. */
export function clip(line: StyledLine, columns: number, ellipsis = toEllipsis()): StyledLine {
  if (columnsOf(line) <= columns) return line;
  const kept: Span[] = [];
  let left = columns;
  for (const part of line) {
    const width = textWidth(part.text);
    if (width < left) {
      kept.push(part);
      left -= width;
      continue;
    }
    kept.push({ ...part, text: clipText(`${part.text}  `, left, ellipsis) });
    break;
  }
  return kept;
}

/** Puts `left` and `right` at the two ends of a line; `left` gives way when both do not fit. */
export function spread(left: StyledLine, right: StyledLine, columns: number): StyledLine {
  const rightColumns = columnsOf(right);
  if (rightColumns === 0 || rightColumns + 4 > columns) return clip(left, columns);
  const kept = clip(left, columns - rightColumns - 1);
  const gap = columns - rightColumns - columnsOf(kept);
  return [...kept, span(' '.repeat(gap)), ...right];
}

/** Text padded or clipped to exactly `columns`. */
export function cell(text: string, columns: number, ellipsis = toEllipsis()): string {
  const clipped = clipText(text, columns, ellipsis);
  return clipped + ' '.repeat(Math.max(0, columns - textWidth(clipped)));
}

interface Word {
  readonly text: string;
  readonly style: Omit<Span, 'text'>;
  readonly width: number;
  readonly isSpace: boolean;
  /** Its width with all that follows it without a space: of another look, as a bracket before an address. */
  together: number;
  /** What is drawn behind it when it is the part of a longer word; counted in the width. */
  readonly mark?: string;
}

/**
 * Wraps at spaces; a word longer than a line is broken, and says so with the wrap mark. `first` and `rest` are put before the first and the further lines and count
 * as part of `columns`. Spaces at a break are dropped, everything else is kept.
 */
export function wrap(
  line: StyledLine,
  columns: number,
  first: StyledLine = emptyLine,
  rest: StyledLine = first,
): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const room = Math.max(1, columns - Math.max(columnsOf(first), columnsOf(rest)));
  let current: Span[] = [];
  let width = 0;
  /** What was dropped before the current line. */
  let gap = '';
  const flush = (): void => {
    let dropped = '';
    while (current.at(-1)?.text.trim() === '') dropped = (current.pop()?.text ?? '') + dropped;
    const start = lines.length === 0 ? first : [...rest, { text: '', continues: gap }];
    lines.push([...start, ...joinSpans(current)]);
    gap = dropped;
    current = [];
    width = 0;
  };
  for (const word of toWords(line)) {
    if (word.isSpace && width === 0 && lines.length > 0) {
      gap += word.text;
      continue;
    }
    const together = word.together <= room ? word.together : word.width;
    if (width + together > room && !word.isSpace && width > 0) flush();
    for (const piece of toPieces(word, room)) {
      const isFull = width + piece.width > room && width > 0;
      if (isFull) flush();
      // The space at a break belongs to neither line.
      if (isFull && piece.isSpace) {
        gap += piece.text;
        continue;
      }
      current.push({ ...piece.style, text: piece.text });
      if (piece.mark) current.push({ ...piece.style, text: piece.mark, isWrapMark: true });
      width += piece.width;
    }
  }
  if (current.length > 0 || lines.length === 0) flush();
  return lines;
}

/**
 * For what is decided upon: nothing is dropped at a break, and every line that goes on ends with the mark (base/display/wrap.ts). The text is
 * escaped already; `first` and `rest` as in `wrap`.
 */
export function wrapExact(
  escaped: Span,
  columns: number,
  first: StyledLine = emptyLine,
  rest: StyledLine = first,
): readonly StyledLine[] {
  const room = Math.max(wrapColumnsMin, columns - Math.max(columnsOf(first), columnsOf(rest)));
  const lines = wrapText(escaped.text, room, drawnCharset());
  const mark = wrapMarks[drawnCharset()];
  return lines.map((text, index) => {
    const start = index === 0 ? first : [...rest, { text: '', continues: '' }];
    if (index === lines.length - 1) return [...start, { ...escaped, text }];
    return [...start, { ...escaped, text: text.slice(0, -mark.length) }, { ...escaped, text: mark, isWrapMark: true }];
  });
}

function toWords(line: StyledLine): readonly Word[] {
  const words: Word[] = [];
  for (const { text, ...style } of line) {
    for (const part of text.match(/ +|[^ ]+/g) ?? []) {
      const width = textWidth(part);
      words.push({ text: part, style, width, isSpace: part.startsWith(' '), together: width });
    }
  }
  let next: Word | undefined;
  for (const word of words.toReversed()) {
    if (next && !next.isSpace && !word.isSpace) word.together += next.together;
    next = word;
  }
  return words;
}

function toPieces(word: Word, room: number): readonly Word[] {
  if (word.width <= room) return [word];
  const pieces: Word[] = [];
  let text = '';
  let width = 0;
  const mark = word.isSpace || room < wrapColumnsMin ? '' : wrapMarks[drawnCharset()];
  for (const cluster of graphemes(word.text)) {
    if (width + cluster.width > room - mark.length && text !== '') {
      pieces.push({ ...word, text, mark, width: width + mark.length });
      text = '';
      width = 0;
    }
    text += cluster.text;
    width += cluster.width;
  }
  if (text !== '') pieces.push({ ...word, text, width });
  return pieces;
}

/** Prose of somebody else, wrapped: `first` stands before its first row, `rest` before all others. */
export function wrapProse(
  text: string,
  token: Token,
  columns: number,
  first: StyledLine = emptyLine,
  rest: StyledLine = first,
): readonly StyledLine[] {
  return proseLines(text).flatMap((line, index) =>
    wrap([span(line, token)], columns, index === 0 ? first : rest, rest),
  );
}

/** The plain text of a line. */
export function toText(line: StyledLine): string {
  return line.map((part) => part.text).join('');
}
