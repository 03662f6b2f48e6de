/**
 * A block of code as styled lines: its language, a bar in front, colours where there are some. A line that is too long goes on in the next
 * one behind a mark, with every blank of it. Pure.
 */
import type { Tokens } from 'marked';
import { wrapColumnsMin } from '../../base/display/wrap.ts';
import type { StyledLine } from '../styled.ts';
import type { MarkdownStyle } from './prose.ts';
import { columnsOf, plain, span, wrap } from './text.ts';
import { wrapCode } from './wrap-code.ts';

export function layOutCode(token: Tokens.Code, style: MarkdownStyle, place: 'inner' | 'last'): readonly StyledLine[] {
  const language = (token.lang ?? '').trim();
  const code = (place === 'last' ? withoutBegunEnd(token) : token.text).replace(/\n+$/, '');
  const coloured = style.toColours?.(language.split(/[\s{,]/)[0] ?? '', code) ?? null;
  const lines = coloured ?? code.split('\n').map((line): StyledLine => plain(line, 'code'));
  const bar = style.columns >= wrapColumnsMin + 2 ? plain(`${style.glyphs.bar} `, 'border') : [];
  const room = Math.max(1, style.columns - columnsOf(bar));
  const head = language === '' ? [] : wrap([span(language, 'muted')], Math.max(1, style.columns));
  return [...head, ...lines.flatMap((line) => wrapCode(line, room).map((row): StyledLine => [...bar, ...row]))];
}

/** The end of the block may be arriving, mark by mark; it is no line of the code, and would be one for a moment. */
function withoutBegunEnd({ raw, text }: Tokens.Code): string {
  const mark = /^ {0,3}(`{3,}|~{3,})/.exec(raw)?.[1];
  const last = text.slice(text.lastIndexOf('\n') + 1).trim();
  const isBegun = mark !== undefined && last !== '' && last.length < mark.length && mark.startsWith(last);
  return isBegun ? text.slice(0, Math.max(0, text.lastIndexOf('\n'))) : text;
}
