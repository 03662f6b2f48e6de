/**
 * A server wherever it is named: in the colour of its environment, and with the word where there is room. Pure.
 */
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { cell, columnsOf, foreign, plain, span, wrapExact } from './text.ts';
import { toEnvironmentToken, toEnvironmentWord } from './words.ts';

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

/** Name alone but for production, which is told apart without colour, too. */
export function toMarkedServer(id: string, page: Page): StyledLine {
  return page.toEnvironment?.(id)?.environment === 'production' ? toNamedServer(id, page) : [toServerName(id, page)];
}

/** All of the name in as many lines as it takes, and the word where it has room behind it. */
export function wrapServer(id: string, page: Page, first: StyledLine): readonly StyledLine[] {
  const lines = wrapExact(toServerName(id, page), page.columns, first, plain(' '.repeat(columnsOf(first))));
  const last = lines.at(-1) ?? [];
  const word = toNamedServer(id, page).slice(1);
  return columnsOf([...last, ...word]) > page.columns ? lines : [...lines.slice(0, -1), [...last, ...word]];
}

/** As many cells, with the word behind the name where all of both has room. */
export function toServerCell(id: string, columns: number, page: Page): StyledLine {
  const named = toNamedServer(id, page);
  const width = toNamedWidth(id, page);
  if (width > columns)
    return [span(cell(foreign(id), columns, page.glyphs.ellipsis), toNameToken(id, page), { bold: true })];
  return [...named, span(' '.repeat(columns - width))];
}

/** Cells of name and word. */
export function toNamedWidth(id: string, page: Page): number {
  return columnsOf(toNamedServer(id, page));
}

/** Several, with commas between; in rows of a list without the word, which their details have. */
export function toServerNames(
  ids: readonly string[],
  page: Page,
  toServer: (id: string, page: Page) => StyledLine = toMarkedServer,
): StyledLine {
  return ids.flatMap((id, at) => [...(at === 0 ? [] : [span(', ')]), ...toServer(id, page)]);
}

function toNameToken(id: string, page: Page): Token {
  const server = page.toEnvironment?.(id) ?? null;
  return server === null ? 'title' : toEnvironmentToken(server.environment);
}
