/** The filter of a pane: what passes, in which case of letters, and what is no pattern. */
import { describe, expect, it } from 'vitest';
import { toLineFilter } from '../../../src/tui/stream/line-filter.ts';

const passes = (source: string, line: string): boolean => {
  const filter = toLineFilter(source);
  if (!filter.ok) throw new Error(filter.problem);
  return filter.passes(line);
};

describe('a filter', () => {
  it.each([
    ['error', 'an Error occurred'],
    ['Error', 'an Error occurred'],
    ['5[0-9][0-9]', 'GET / 503'],
    ['warn|error', 'WARN: disk'],
    ['^nginx', 'nginx[12]: start'],
    ['a b', 'xa by'],
    ['größe', 'GRÖSSE Größe'],
  ])('%j lets %j through', (source, line) => {
    expect(passes(source, line)).toBe(true);
  });

  it.each([
    ['Error', 'an error occurred'],
    ['5[0-9][0-9]', 'GET / 404'],
    ['^nginx', 'the nginx'],
    ['a.c', 'ac'],
    ['x', ''],
    ['W[a-z]', 'wa'],
    ['b$', 'bc'],
  ])('%j holds %j back', (source, line) => {
    expect(passes(source, line)).toBe(false);
  });

  it.each(['(', '[', 'a{', '(a', '\\l', '*', '(?=a)'])('%j is no pattern, and says so', (source) => {
    expect(toLineFilter(source)).toMatchObject({ ok: false, problem: expect.stringMatching(/./) });
  });

  it('takes no longer on a text that was made for it', () => {
    const filter = toLineFilter('(a*)*b');
    expect(filter.ok && filter.passes('a'.repeat(20_000))).toBe(false);
  });
});
