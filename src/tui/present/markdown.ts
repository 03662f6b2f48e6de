/**
 * What agents write, as styled lines: headings, lists, quotes, code and emphasis; anything else is shown as it came. Works line by line,
 * so that streamed text is only laid out where it grew.
 */
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Glyphs } from './page.ts';
import { conversationLines, emptyLine, plain, span, wrap } from './text.ts';

export interface MarkdownStyle {
  readonly columns: number;
  readonly glyphs: Glyphs;
  /** The look of ordinary words. */
  readonly token?: Token;
  readonly isItalic?: boolean;
}

/** What carries over from one line to the next. */
export interface MarkdownState {
  readonly isInCode: boolean;
}

export const markdownStart: MarkdownState = { isInCode: false };

/** Lays out whole lines; returns the state to go on with. */
export function toMarkdownLines(
  text: string,
  style: MarkdownStyle,
  start: MarkdownState = markdownStart,
): { readonly lines: readonly StyledLine[]; readonly state: MarkdownState } {
  const lines: StyledLine[] = [];
  let state = start;
  for (const source of conversationLines(text)) {
    if (/^\s*(```|~~~)/.test(source)) {
      state = { isInCode: !state.isInCode };
      const language = source.replace(/^\s*(```|~~~)/, '').trim();
      if (state.isInCode && language !== '') lines.push(plain(language, 'muted'));
      continue;
    }
    for (const line of state.isInCode ? toCodeLines(source, style) : toTextLines(source, style)) lines.push(line);
  }
  return { lines, state };
}

function toCodeLines(source: string, style: MarkdownStyle): readonly StyledLine[] {
  const bar = plain(`${style.glyphs.bar} `, 'border');
  return wrap([span(source === '' ? ' ' : source, 'code')], style.columns, bar);
}

function toTextLines(source: string, style: MarkdownStyle): readonly StyledLine[] {
  if (source.trim() === '') return [emptyLine];
  const heading = /^(#{1,6})\s+(.*)$/.exec(source);
  if (heading) return wrap(toInline(heading[2] ?? '', style, { token: 'title', bold: true }), style.columns);
  const item = /^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$/.exec(source);
  if (item) return toListLines(item[1] ?? '', item[2] ?? '', item[3] ?? '', style);
  const quote = /^\s*>\s?(.*)$/.exec(source);
  if (quote) {
    const bar = plain(`${style.glyphs.bar} `, 'muted');
    return wrap(toInline(quote[1] ?? '', style, { token: 'muted' }), style.columns, bar);
  }
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(source)) {
    return [plain(style.glyphs.rule.repeat(Math.min(style.columns, 24)), 'border')];
  }
  return wrap(toInline(source, style, {}), style.columns);
}

function toListLines(indent: string, mark: string, text: string, style: MarkdownStyle): readonly StyledLine[] {
  const depth = indent.slice(0, Math.max(0, Math.min(indent.length, style.columns - 12)));
  const shown = /\d/.test(mark) ? mark : style.glyphs.bullet;
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  const box = task ? `${task[1] === ' ' ? style.glyphs.pending : style.glyphs.done} ` : '';
  const first = [span(`${depth}${shown} ${box}`, 'accent')];
  const rest = [span(' '.repeat(depth.length + shown.length + 1 + box.length))];
  return wrap(toInline(task ? (task[2] ?? '') : text, style, {}), style.columns, first, rest);
}

const inline = /(`+)(.+?)\1|\*\*(.+?)\*\*|(?<![\w*])\*(?![\s*])([^*]+?)\*(?!\w)|(?<!\w)_(?!\s)([^_]+?)_(?!\w)/g;

/** Code, strong and emphasised words of one line; an unfinished mark is shown as it is. */
function toInline(text: string, style: MarkdownStyle, look: Omit<Span, 'text'>): StyledLine {
  const token = look.token ?? style.token;
  const base: Omit<Span, 'text'> = {
    ...look,
    ...(token ? { token } : {}),
    ...(style.isItalic ? { italic: true } : {}),
  };
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > from) spans.push({ ...base, text: text.slice(from, match.index) });
    if (match[2] !== undefined) spans.push({ ...base, text: match[2], token: 'code' });
    else if (match[3] !== undefined) spans.push({ ...base, text: match[3], bold: true });
    else spans.push({ ...base, text: match[4] ?? match[5] ?? '', italic: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) spans.push({ ...base, text: text.slice(from) });
  return spans;
}
