/** Servers where they are named: the colour of the environment, and production as a word that needs no colour. */
import { describe, expect, it } from 'vitest';
import { asciiGlyphs, type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import {
  toCarefulOrder,
  toMarkedServer,
  toNamedServer,
  toNamedWidth,
  toServerCell,
  toServerNames,
  toShortServer,
  wrapServer,
} from '../../../src/tui/present/server-name.ts';
import { columnsOf, plain, toText } from '../../../src/tui/present/text.ts';

const environments = {
  'db-1': { environment: 'production', environmentAssumed: false },
  'web-1': { environment: 'staging', environmentAssumed: false },
  nas: { environment: 'production', environmentAssumed: true },
} as const;
const page: Page = {
  columns: 80,
  nowMs: 0,
  glyphs: unicodeGlyphs,
  toEnvironment: (id) => environments[id as keyof typeof environments] ?? null,
};

describe('a server that is named', () => {
  it.each([
    ['db-1', 'db-1 PRODUCTION', 'production'],
    ['web-1', 'web-1 staging', 'staging'],
    ['nas', 'nas PRODUCTION (assumed)', 'production'],
    ['gone', 'gone', 'title'],
    ['\x1b[2Jx', '\\x1b[2Jx', 'title'],
  ])('%j is %j', (id, words, token) => {
    expect(toText(toNamedServer(id, page))).toBe(words);
    expect(toNamedServer(id, page)[0]?.token).toBe(token);
  });

  it('has the word of production even where the others have their name alone', () => {
    expect(toText(toServerNames(['web-1', 'db-1', 'gone'], page))).toBe('web-1, db-1 PRODUCTION, gone');
    expect(toMarkedServer('web-1', page)[0]?.token).toBe('staging');
  });

  it.each([
    ['db-1', 'db-1 PROD', 'production'],
    ['web-1', 'web-1 stg', 'staging'],
    ['nas', 'nas PROD?', 'production'],
    ['gone', 'gone', undefined],
  ])('%s has a short word in rows of lists: %s', (id, words, token) => {
    expect(toText(toShortServer(id, page))).toBe(words);
    expect(toShortServer(id, page)[1]?.token).toBe(token);
  });

  it.each([
    [{ needsWords: true }, 'web-1 stg, db-1 PRODUCTION, gone'],
    [{ glyphs: asciiGlyphs }, 'web-1 stg, db-1 PRODUCTION, gone'],
    [{}, 'web-1, db-1 PRODUCTION, gone'],
  ])('has its word everywhere on a page without colours: %j', (more, words) => {
    expect(toText(toServerNames(['web-1', 'db-1', 'gone'], { ...page, ...more }))).toBe(words);
  });

  it.each([
    [9, 'db-1 PROD'],
    [8, 'db-1'],
    [15, 'db-1 PRODUCTION'],
  ])('keeps its word in a cell of %i', (columns, words) => {
    expect(toText(toServerCell('db-1', columns, page)).trim()).toBe(words);
    const long = { ...page, toEnvironment: () => environments['db-1'] };
    expect(toText(toServerCell('database-of-the-shop', 12, long))).toBe('databa… PROD');
  });

  it('comes first in a row that may be cut when it is production', () => {
    expect(toCarefulOrder(['web-1', 'db-1', 'gone', 'nas'], page)).toEqual(['db-1', 'nas', 'web-1', 'gone']);
  });

  it.each([4, 8, 12, 15, 16, 30])('fills %i cells, with the word where all of it has room', (columns) => {
    for (const id of ['db-1', 'web-1', 'nas', 'gone', '漢字サーバー', '']) {
      const line = toServerCell(id, columns, page);
      expect(columnsOf(line)).toBe(columns);
      if (toNamedWidth(id, page) <= columns) expect(toText(line).trim()).toBe(toText(toNamedServer(id, page)));
    }
  });

  it.each([30, 20, 15, 12])('is whole in lines of %i cells, whatever its length', (columns) => {
    for (const id of ['db-1', 'nas', 'a-server-with-a-very-long-name']) {
      const lines = wrapServer(id, { ...page, columns }, plain('on '));
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      const marks = lines.map((line) => toText(line.filter((part) => !part.isWrapMark)).slice(3));
      expect(marks.join('')).toContain(id);
    }
  });

  it('is a name and nothing else on a page without environments', () => {
    expect(toText(toNamedServer('db-1', { ...page, toEnvironment: () => null }))).toBe('db-1');
  });
});
