/** Patterns mean what they mean in ECMAScript, and take linear time on every text. */

import { describe, expect, it } from 'vitest';
import { linearPattern } from '../../../src/base/pattern/linear-pattern.ts';
import { PatternError } from '../../../src/base/pattern/pattern-syntax.ts';
import fc from '../../fixtures/properties.ts';

const source = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\.', '[a-c]', '', '\\/'),
    fc.tuple(tie('node'), tie('node')).map(([one, other]) => one + other),
    fc.tuple(tie('node'), tie('node')).map(([one, other]) => `(?:${one}|${other})`),
    fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}')).map(([one, by]) => `(?:${one})${by}`),
  ),
})).node;

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '.', '/'), maxLength: 8 });

describe('a pattern', () => {
  it('matches what the same regular expression matches as a whole', () => {
    fc.assert(
      fc.property(source, fc.array(text, { maxLength: 6 }), (pattern, texts) => {
        const ours = linearPattern(pattern);
        const theirs = new RegExp(`^(?:${pattern})$`);
        for (const one of texts) expect([pattern, one, ours.test(one)]).toEqual([pattern, one, theirs.test(one)]);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['(a*)*b', 'a'.repeat(4_000)],
    ['(a|a)*b', 'a'.repeat(4_000)],
    ['(a|aa)+$', `${'a'.repeat(4_000)}b`],
    ['(.*a){20}', 'a'.repeat(2_000)],
    ['((((a?){50})?){3})*b', 'a'.repeat(1_000)],
  ])('%s takes no more steps than the length and the size ask for', (pattern, long) => {
    const known = linearPattern(pattern);
    known.test(long);
    expect(known.steps()).toBeGreaterThan(0);
    expect(known.steps()).toBeLessThanOrEqual((long.length + 1) * known.size);
  });

  it('stays within that bound for any pattern, over many texts', () => {
    fc.assert(
      fc.property(source, fc.array(text, { maxLength: 6 }), (pattern, texts) => {
        const known = linearPattern(pattern);
        for (const one of texts) known.test(one);
        expect(known.steps()).toBeLessThanOrEqual(texts.reduce((sum, one) => sum + (one.length + 1) * known.size, 0));
      }),
    );
  });

  it.each([
    ['(', 'not closed'],
    [')', 'no "("'],
    ['[a', 'not closed'],
    ['*a', 'nothing to repeat'],
    ['a**', 'follow each other'],
    ['a{3,2}', 'upside down'],
    ['a{999}', 'larger than'],
    ['a{', 'a count'],
    ['[z-a]', 'upside down'],
    ['a\\', 'backslash'],
    ['(a)\\1', 'not known'],
    ['(?=a)', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['\\bword', 'not known'],
    ['a^b', 'end it anchors'],
    ['a$b', 'end it anchors'],
    ['(a{200}){200}', 'too large'],
    ['('.repeat(40), 'deeper'],
  ])('%s is refused with a reason', (pattern, reason) => {
    expect(() => linearPattern(pattern)).toThrow(PatternError);
    expect(() => linearPattern(pattern)).toThrow(reason);
  });

  it('of nothing, repeated in repetitions, is made at once', () => {
    expect(linearPattern('(((((){256}){256}){256}){256}){256}').test('')).toBe(true);
  });

  it('may be anchored, and a dollar sign may be a character', () => {
    expect(linearPattern('^a$').test('a')).toBe(true);
    expect(linearPattern('a\\$').test('a$')).toBe(true);
    expect(linearPattern('a\\\\$').test('a\\')).toBe(true);
  });
});
