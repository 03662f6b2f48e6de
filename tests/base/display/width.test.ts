/** Widths of texts: what the short way says about plain characters is what the segmenter and the tables would have said. */

import { describe, expect, it } from 'vitest';
import { graphemes, graphemeWidth, textWidth } from '../../../src/base/display/width.ts';
import fc from '../../fixtures/properties.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const segment = (text: string): string[] => Array.from(segmenter.segment(text), (part) => part.segment);

const plainRanges = [
  [0x20, 0x7e],
  [0xa1, 0xac],
  [0xae, 0x2ff],
  [0x2010, 0x2027],
  [0x2190, 0x21ff],
  [0x2500, 0x25fc],
  [0x2713, 0x2713],
  [0x2717, 0x2717],
  [0x276f, 0x276f],
] as const;
const plain = plainRanges.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)),
);

describe('the width of plain text', () => {
  it('is one cell for each of its characters, by the tables too', () => {
    expect(plain.filter((character) => graphemeWidth(character) !== 1)).toEqual([]);
  });

  it('is cut where the segmenter would cut', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...plain)), (characters) => {
        const text = characters.join('');
        expect(graphemes(text)).toEqual(segment(text));
        expect(textWidth(text)).toBe(characters.length);
      }),
    );
  });
});

/** Of each kind that the segmenter's rules tell apart: marks, joiners, prepended and spacing signs, Hangul, flags, emoji, Indic conjuncts, controls. */
const joining = [
  ...['\u0301', '\u20dd', '\ufe0f', '\u{1f3fd}', '\u200d', '\u200b', '\u0600', '\u0903', '\u{e0061}', '\u{e007f}'],
  ...['\u1100', '\u1161', '\u11a8', '\uac00', '\u{1f1e9}', '\u{1f1ea}', '\u{1f469}', '\u2764', '\u0915', '\u094d'],
  ...['\r', '\n', '\t', '\x1b', '\u00ad', '\u00a0', '\ud83d', '\ude00', '漢', 'я'],
];

describe('the width of other text', () => {
  it('is cut where the segmenter would cut', () => {
    const character = fc.oneof(fc.constantFrom('a', ' ', '#', '©', '↔', '─', '5'), fc.constantFrom(...joining));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), (characters) => {
        const text = characters.join('');
        expect(graphemes(text)).toEqual(segment(text));
      }),
    );
  });

  it.each([
    ['a combining accent on a plain letter', 'e\u0301', 1],
    ['a variation selector that makes a plain arrow an emoji', '\u21a9\ufe0f', 2],
    ['a joiner between shapes', '\u25aa\u200d\u25aa', 2],
    ['a wide shape just past the plain ones', '\u25fd', 2],
    ['a soft hyphen between plain letters', '\u00ad', 1],
    ['a control character', '\x07', 0],
    ['wide characters among plain ones', 'a─漢', 4],
  ])('counts %s as one who reads it would', (_what, text, cells) => {
    expect(textWidth(text)).toBe(cells);
  });
});
