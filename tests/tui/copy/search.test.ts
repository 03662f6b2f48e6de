/** Searching frozen rows: smart case, patterns or plain text, matches over broken rows, and a count while it goes on. */
import { describe, expect, it } from 'vitest';
import { CopyText, toTextRow } from '../../../src/tui/copy/copy-text.ts';
import { toSearchQuery } from '../../../src/tui/copy/search-query.ts';
import { SearchRun, toMatchCount } from '../../../src/tui/copy/search-run.ts';
import { plain, wrap } from '../../../src/tui/present/text.ts';
import fc from '../../fixtures/properties.ts';

function toRun(lines: readonly string[], query: string, columns = 80): SearchRun {
  const run = new SearchRun(
    new CopyText(lines.flatMap((line) => wrap(plain(line), columns)).map(toTextRow)),
    toSearchQuery(query),
  );
  while (!run.isDone) run.advance();
  return run;
}

describe('a query', () => {
  it.each<[string, string, readonly string[]]>([
    ['error', 'Error ERROR error', ['Error', 'ERROR', 'error']],
    ['Error', 'Error ERROR error', ['Error']],
    ['ÄRGER', 'ärger ÄRGER', ['ÄRGER']],
    ['ärger', 'ärger ÄRGER', ['ärger', 'ÄRGER']],
    ['\\S+', 'one two', ['one', 'two']],
    ['[^a]b', 'AB cB', ['cB']],
    ['err|warn', 'WARN err', ['WARN', 'err']],
    ['^one', 'one one', ['one']],
    ['5\\d\\d$', '500 502', ['502']],
    ['i', 'İ I i', ['I', 'i']],
    ['', 'anything', []],
    ['x', '', []],
  ])('%j finds in %j %j', (query, text, expected) => {
    const found = toSearchQuery(query).find(text);
    expect(found.map(({ from, to }) => text.slice(from, to))).toEqual(expected);
  });

  it.each([
    ['foo(', 'a foo( b', 'not closed'],
    ['[x', 'a[x', 'not closed'],
    ['*', '2 * 3', 'nothing to repeat'],
    ['(?=a)', 'b (?=a)', 'look-around'],
    ['\\b', 'a\\b', 'not known'],
  ])('%j is plain text where it is no pattern, and says why', (query, text, reason) => {
    const known = toSearchQuery(query);
    expect(known.problem).toContain(reason);
    expect(known.find(text).map(({ from, to }) => text.slice(from, to))).toEqual([query]);
  });

  it('is plain text or a pattern without a word about it otherwise', () => {
    for (const query of ['abc', 'a.c', 'a|b']) expect(toSearchQuery(query).problem).toBeNull();
  });
});

describe('a search', () => {
  it('finds what the side of the screen broke, and marks the parts in their rows', () => {
    const run = toRun(['see /var/log/nginx/error.log there'], 'nginx/error', 12);
    expect(run.matches).toHaveLength(1);
    expect(run.matches[0]?.parts.length).toBeGreaterThan(1);
    expect(run.inRow(run.matches[0]?.start.row ?? -1)).toEqual(run.matches);
  });

  it('goes from match to match around both ends', () => {
    const run = toRun(['a x', 'x x', 'b'], 'x');
    expect(run.after({ row: 0, at: 0 }, 'here too')).toBe(0);
    expect(run.after({ row: 0, at: 2 }, 'beyond')).toBe(1);
    expect(run.after({ row: 2, at: 0 }, 'beyond')).toBe(0);
    expect(run.before({ row: 1, at: 2 }, 'beyond')).toBe(1);
    expect(run.before({ row: 1, at: 2 }, 'here too')).toBe(2);
    expect(run.before({ row: 0, at: 0 }, 'beyond')).toBe(2);
    expect(toRun(['a'], 'x').after({ row: 0, at: 0 }, 'beyond')).toBeNull();
  });

  it('counts as it goes, and says when it is not done', () => {
    const lines = Array.from({ length: 5_000 }, (_, line) => `line ${line} ${line % 5 === 0 ? 'x' : ''}`);
    const run = new SearchRun(new CopyText(lines.map((line) => toTextRow(plain(line)))), toSearchQuery('x$'));
    let nowMs = 0;
    run.advance(() => (nowMs += 1));
    expect(run.isDone).toBe(false);
    expect(toMatchCount(run, 0)).toMatch(/^1 of \d+\+$/);
    while (!run.isDone) run.advance();
    expect(toMatchCount(run, 16)).toBe('17 of 1,000');
    expect(toMatchCount(toRun(['a'], 'b'), null)).toBe('not found');
  });

  it('finds exactly what the whole lines hold, however they are wrapped', () => {
    const words = fc.array(fc.constantFrom('ab', 'abc', 'b', '語', 'abab', ' ', 'c d'), { maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 30 }), (parts, columns) => {
        const line = parts.join(' ').trimEnd();
        const run = toRun([line], 'ab', columns);
        expect(run.matches).toHaveLength(line.split('ab').length - 1);
      }),
      { numRuns: 100 },
    );
  });
});
