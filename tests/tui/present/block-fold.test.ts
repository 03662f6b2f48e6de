/** What of a block's output is shown: short output whole, long output with its beginning and end, what is folded as a number. */
import { describe, expect, it } from 'vitest';
import {
  type Fold,
  foldAboveRows,
  rowsOfPlan,
  toFoldLine,
  toFoldPlan,
  toNextFold,
} from '../../../src/tui/present/block-fold.ts';
import { asciiGlyphs, type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { toText } from '../../../src/tui/present/text.ts';

const page: Page = { columns: 76, nowMs: 0, glyphs: unicodeGlyphs };

describe('the rows of a block', () => {
  it.each<[rows: number, gone: number, fold: Fold, shown: readonly [number, number, number]]>([
    [0, 0, 'auto', [0, 0, 0]],
    [1, 0, 'auto', [0, 0, 1]],
    [foldAboveRows, 0, 'auto', [0, 0, 50]],
    [foldAboveRows + 1, 0, 'auto', [5, 26, 20]],
    [145, 0, 'auto', [5, 120, 20]],
    // What was printed first is not kept, so no row of it is shown as the beginning.
    [2_024, 998_000, 'auto', [0, 2_004, 20]],
    [10, 60, 'auto', [0, 0, 10]],
    [145, 0, 'open', [0, 0, 145]],
    [2_024, 998_000, 'open', [0, 0, 2_024]],
    [3, 0, 'folded', [0, 3, 0]],
    [145, 7, 'folded', [0, 145, 0]],
  ])('are, of %i and %i that are gone, %s: %j', (rows, gone, fold, [before, hidden, after]) => {
    const plan = toFoldPlan(rows, gone, fold);
    expect(plan).toEqual({ before, hidden, after, gone });
    expect(before + hidden + after).toBe(rows);
    expect(rowsOfPlan(plan)).toBe(before + after + (hidden + gone > 0 ? 1 : 0));
  });

  it('do not begin with the middle of an output whose beginning was never here', () => {
    expect(toFoldPlan(145, 0, 'auto', 'cut')).toEqual({ before: 0, hidden: 125, after: 20, gone: 0 });
  });

  it('are the same few while a flood goes on', () => {
    const heights = [60, 600, 2_024].map((rows) => rowsOfPlan(toFoldPlan(rows, 0, 'auto')));
    expect(new Set(heights).size).toBe(1);
  });
});

describe('Enter', () => {
  it.each<[rows: number, from: Fold, to: Fold]>([
    [10, 'auto', 'folded'],
    [10, 'open', 'folded'],
    [10, 'folded', 'auto'],
    [100, 'auto', 'open'],
    [100, 'open', 'folded'],
    [100, 'folded', 'open'],
  ])('leads with %i rows from %s to %s', (rows, from, to) => {
    expect(toNextFold(rows, 0, from)).toBe(to);
  });
});

describe('the row in place of what is not shown', () => {
  it.each<[rows: number, gone: number, fold: Fold, chosen: 'chosen' | 'not chosen', line: string]>([
    [145, 0, 'auto', 'chosen', '  … 120 more rows, Enter shows them'],
    [145, 0, 'auto', 'not chosen', '  … 120 more rows'],
    [1, 0, 'folded', 'chosen', '  ▸ 1 row, Enter shows them'],
    [12, 0, 'folded', 'not chosen', '  ▸ 12 rows'],
    [2_024, 1, 'open', 'chosen', '  … 1 earlier row only in the recording, P plays it'],
    [2_024, 500, 'auto', 'not chosen', '  … 2004 more rows; 500 earlier rows only in the recording'],
  ])('of %i rows and %i that are gone, %s, %s: %s', (rows, gone, fold, chosen, line) => {
    expect(toText(toFoldLine(toFoldPlan(rows, gone, fold), chosen, page))).toBe(line);
  });

  it('never is wider than the pane, and has an ASCII spelling', () => {
    const plan = toFoldPlan(2_024, 500, 'auto');
    for (const columns of [8, 20, 40])
      expect(toText(toFoldLine(plan, 'chosen', { ...page, columns })).length).toBeLessThanOrEqual(columns);
    expect(toText(toFoldLine(plan, 'chosen', { ...page, glyphs: asciiGlyphs }))).toMatch(/^[\x20-\x7e]+$/);
  });
});
