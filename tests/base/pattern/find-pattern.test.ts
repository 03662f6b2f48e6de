/** A pattern is found where the same regular expression finds it, in time that is linear in the text. */
import { describe, expect, it } from 'vitest';
import { patternFinder } from '../../../src/base/pattern/find-pattern.ts';
import { PatternError } from '../../../src/base/pattern/pattern-syntax.ts';
import fc from '../../fixtures/properties.ts';

const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '.', '語', '😀'), maxLength: 12 });
/** Without choices the longest match is the one that ECMAScript takes. */
const patterns = fc
  .array(
    fc
      .tuple(fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '語', '😀'), fc.constantFrom('', '', '+', '{2}'))
      .map(([one, by]) => one + by),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(''));

describe('a finder', () => {
  it('finds what the same regular expression finds', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const theirs = [...text.matchAll(new RegExp(pattern, 'gu'))].map(({ index, 0: { length } }) => ({
          from: index,
          to: index + length,
        }));
        expect([pattern, text, patternFinder(pattern).find(text)]).toEqual([pattern, text, theirs]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['err|error', 'an error err', ['error', 'err']],
    ['a*', 'baab', ['aa']],
    ['^ab', 'abab', ['ab']],
    ['ab$', 'abab', ['ab']],
    ['^ab$', 'abab', []],
    ['a\\$', 'a$ a', ['a$']],
    ['', 'abc', []],
    ['(foo|bar)+', 'foobarbaz', ['foobar']],
    ['x', '', []],
  ])('%s in %j finds %j', (pattern, text, expected) => {
    const found = patternFinder(pattern).find(text);
    expect(found.map(({ from, to }) => text.slice(from, to))).toEqual(expected);
  });

  it('compares folded characters, and offsets stay those of the text', () => {
    const lower = (code: number): number => String.fromCodePoint(code).toLowerCase().codePointAt(0) ?? code;
    expect(patternFinder('[^a]é', lower).find('😀AÉ bÉ')).toEqual([{ from: 5, to: 7 }]);
  });

  it.each([
    ['a|a.*z', 'a'.repeat(4_000)],
    ['(a*)*b', 'a'.repeat(4_000)],
    ['(a|aa)+c', `${'a'.repeat(4_000)}b`],
    ['(.*a){10}', 'a'.repeat(2_000)],
  ])('%s reads a long text a bounded number of times', (pattern, text) => {
    const finder = patternFinder(pattern);
    finder.find(text);
    expect(finder.steps()).toBeGreaterThan(0);
    expect(finder.steps()).toBeLessThanOrEqual(12 * (text.length + 1));
  });

  it.each(['(', '[a', '*', '(?=a)', '\\1', '(a{200}){200}'])('refuses %s', (pattern) => {
    expect(() => patternFinder(pattern)).toThrow(PatternError);
  });
});
