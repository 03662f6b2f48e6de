/**
 * A server wherever it is named: in the colour of its environment, and with the word where there is room. Pure.
 */
import type { Span, StyledLine, Token } from '../styled.ts';
import { asciiGlyphs, type Page } from './page.ts';
import { cell, columnsOf, foreign, plain, span, wrapExact } from './text.ts';
import { toEnvironmentToken, toEnvironmentWord, toShortWord } from './words.ts';

/** Cells of a name that is cut: with fewer nobody knows it again. */
const nameColumnsMin = 4;

/** One that is registered no more has no environment, and the colour of any name. */
export function toServerName(id: string, page: Page): Span {
  return span(foreign(id), toNameToken(id, page), { bold: true });
}

/** Name and word, as in "db-1 PRODUCTION". */
export function toNamedServer(id: string, page: Page): StyledLine {
  const server = page.toEnvironment?.(id) ?? null;
  const name = toServerName(id, page);
  return server === null
    ? [name]
    : [name, span(' '), span(toEnvironmentWord(server), toEnvironmentToken(server.environment))];
}

/** Name and short word, as in "web-1 stg": for rows of lists. */
export function toShortServer(id: string, page: Page): StyledLine {
  const server = page.toEnvironment?.(id) ?? null;
  const name = toServerName(id, page);
  return server === null ? [name] : [name, span(` ${toShortWord(server)}`, toEnvironmentToken(server.environment))];
}

/** Name alone but for production, which is told apart without colour, too; where there are no colours, so are all. */
export function toMarkedServer(id: string, page: Page): StyledLine {
  if (page.toEnvironment?.(id)?.environment === 'production') return toNamedServer(id, page);
  return page.needsWords || page.glyphs === asciiGlyphs ? toShortServer(id, page) : [toServerName(id, page)];
}

/** All of the name in as many lines as it takes, and the word where it has room behind it. */
export function wrapServer(id: string, page: Page, first: StyledLine): readonly StyledLine[] {
  const lines = wrapExact(toServerName(id, page), page.columns, first, plain(' '.repeat(columnsOf(first))));
  const last = lines.at(-1) ?? [];
  const word = toNamedServer(id, page).slice(1);
  return columnsOf([...last, ...word]) > page.columns ? lines : [...lines.slice(0, -1), [...last, ...word]];
}

/** As many cells, with the whole word where all of it has room, else the short one; rather is the name cut than the word lost. */
export function toServerCell(id: string, columns: number, page: Page, word: 'whole' | 'short' = 'whole'): StyledLine {
  const choices = word === 'whole' ? [toNamedServer(id, page), toShortServer(id, page)] : [toShortServer(id, page)];
  const named = choices.find((choice) => columnsOf(choice) <= columns);
  if (named) return [...named, span(' '.repeat(columns - columnsOf(named)))];
  const short = toShortServer(id, page).slice(1);
  const left = columns - columnsOf(short);
  const isCut = left >= nameColumnsMin;
  const name = cell(foreign(id), isCut ? left : columns, page.glyphs.ellipsis);
  return [span(name, toNameToken(id, page), { bold: true }), ...(isCut ? short : [])];
}

/** Cells of name and word. */
export function toNamedWidth(id: string, page: Page): number {
  return columnsOf(toNamedServer(id, page));
}

/** Several, with commas between. */
export function toServerNames(
  ids: readonly string[],
  page: Page,
  toServer: (id: string, page: Page) => StyledLine = toMarkedServer,
): StyledLine {
  return ids.flatMap((id, at) => [...(at === 0 ? [] : [span(', ')]), ...toServer(id, page)]);
}

/** A row may be cut at its end: what is most to be careful with comes first. */
export function toCarefulOrder(ids: readonly string[], page: Page): readonly string[] {
  const isProduction = (id: string): boolean => page.toEnvironment?.(id)?.environment === 'production';
  return [...ids.filter(isProduction), ...ids.filter((id) => !isProduction(id))];
}

function toNameToken(id: string, page: Page): Token {
  const server = page.toEnvironment?.(id) ?? null;
  return server === null ? 'title' : toEnvironmentToken(server.environment);
}
