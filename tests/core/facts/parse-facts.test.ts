/** What the answers of a server mean that depend on when they came. What each probe prints is in `facts-desk.test.ts`. */
import { describe, expect, it } from 'vitest';
import { toClockSkew } from '../../../src/core/facts/parse-facts.ts';

describe('the clock of a server', () => {
  // Our clock when it was asked and when the answer was there, in seconds; what it printed; how far it is ahead.
  it.each([
    ['as ours', 100, 100.1, '100', 0],
    ['a moment from the next second', 100.9, 101.1, '100', 0],
    ['ahead', 100, 100.1, '130', 30],
    ['behind', 100, 100.1, '70', -30],
    ['asked through a login that waited for a person, answered at its end', 100, 160, '159', 0],
    ['asked through a slow line, answered at its beginning', 100, 160, '100', 0],
    ['ahead by more than the asking took', 100, 110, '165', 61],
    ['behind by more than the asking took', 100, 110, '44', -60],
    ['no number', 100, 100.1, '%s', null],
  ])('is %s', (_what, asked, answered, printed, ahead) => {
    expect(toClockSkew(printed, asked * 1_000, answered * 1_000)).toBe(ahead);
  });
});
