/** Tokens by their shape: every shape is found wherever a word can begin, also though only some beginnings are looked at. */

import { describe, expect, it } from 'vitest';
import { findTokens } from '../../../src/core/audit/secret-shapes.ts';
import { tokenShapes } from '../../../src/core/audit/token-shapes.ts';
import fc from '../../fixtures/properties.ts';

const surroundings = ['', ' ', '=', '"', '(', '/', '\\n', '%3D', '\u0441', '\u043d', '\u00ff', 'line\n'];

describe('a token', () => {
  it.each(tokenShapes.map((shape) => [shape.source]))('of the shape %s is found', (source) => {
    // Generators know no assertions about neighbours; the text around is chosen so that they hold.
    const plain = new RegExp(source.replace(/\(\?<?![^)]*\)/g, ''));
    fc.assert(
      fc.property(
        fc.stringMatching(new RegExp(`^(?:${plain.source})$`)),
        fc.constantFrom(...surroundings),
        (token, before) => {
          // One shape may hold another one, which is then found as well.
          const starts = findTokens(`${before}${token} after`).map(({ start }) => start);
          expect(Math.min(...starts)).toBe(before.length);
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each(['xghp_', 'Aghp_', '0ghp_', '_ghp_'])('does not begin inside of a word: %s', (beginning) => {
    expect(findTokens(`${beginning}${'a1B2'.repeat(9)}`)).toEqual([]);
  });
});
