/** What each of the three escapers shows of one text, and that the mildest lets nothing through that hides, acts or joins. */
import { describe, expect, it } from 'vitest';
import { isEmoji } from '../../../src/base/display/emoji.ts';
import { escapeActing, escapeExact, escapeProse } from '../../../src/base/display/escape.ts';
import { escapeReadable } from '../../../src/base/display/escape-readable.ts';
import { graphemes, graphemeWidth } from '../../../src/base/display/width.ts';
import fc from '../../fixtures/properties.ts';
import { awkwardText } from './awkward-text.ts';

const england = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';

/** Shown as it is where it is only read; never where something is decided upon. */
const emoji: readonly (readonly [text: string, name: string])[] = [
  ['\u{1f680}', 'a pictograph'],
  ['\u2764\ufe0f', 'a sign with the selector that makes it an emoji'],
  ['1\ufe0f\u20e3', 'a keycap'],
  ['\u{1f44d}\u{1f3fd}', 'a skin tone'],
  ['\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}', 'a family'],
  ['\u{1f3f3}\ufe0f\u200d\u{1f308}', 'a flag of two signs'],
  ['\u{1f1e9}\u{1f1ea}', 'the flag of a country'],
  [england, 'the flag of a part of one'],
];

describe('an emoji', () => {
  it.each(emoji)('%s (%s) is whole where it is only read, and an escape elsewhere', (text) => {
    const inside = `deploy ${text}${text} now`;
    expect(escapeReadable(inside)).toBe(inside);
    expect(escapeActing(inside)).toBe(inside);
    expect(isEmoji(text)).toBe(true);
    expect(graphemes(text).map(graphemeWidth)).toEqual([2]);
    for (const shown of [escapeReadable(inside, 'ascii'), escapeExact(inside)]) expect(shown).toMatch(/^[\x20-\x7e]+$/);
    expect(escapeProse(inside)).not.toContain(text);
  });
});

describe('what is only read', () => {
  it.each([
    ['it\u2019s \u2014 fine\u2026', 'it\u2019s \u2014 fine\u2026'],
    ['\u25cf nginx.service \u2514\u2500 812', '\u25cf nginx.service \u2514\u2500 812'],
    ['\u65e5\u672c\u8a9e \u{1f680}', '\u65e5\u672c\u8a9e \u{1f680}'],
    ['\u{1f680}\u202egpj.exe', '\u{1f680}\\u202egpj.exe'],
    ['\u{1f680}\u200b', '\u{1f680}\\u200b'],
    ['\u{1f468}\u200dx', '\u{1f468}\\u200dx'],
    ['\u{1f468}\u200d\u{1f355}', '\u{1f468}\\u200d\u{1f355}'],
    ['\u{1f680}\ufe0f\ufe0f', '\u{1f680}\\ufe0f\\ufe0f'],
    ['\u{1f680}\ufe0e', '\u{1f680}\\ufe0e'],
    ['\u{1f680}\u{e0041}', '\u{1f680}\\u{e0041}'],
    ['\u{1f680}\u0301\u0301', '\u{1f680}\\u0301\\u0301'],
    ['\u2764\ufe0f\u{1f3fd} \u{1f3fd}', '\u2764\ufe0f\\u{1f3fd} \\u{1f3fd}'],
    ['\u{1f1e9}x', '\\u{1f1e9}x'],
    ['a\ufe0f 1\ufe0f', 'a\\ufe0f 1\\ufe0f'],
    ['x\u20e3', 'x\\u20e3'],
    ['\u2764', '\\u2764'],
    ['p\u0430ypal', 'p\\u0430ypal'],
    ['e\u0301', 'e\\u0301'],
    ['\x1b[2J\t\n', '\\x1b[2J\\x09\\x0a'],
    ['\\\u{1f680}x1b \\x1b', '\\\u{1f680}x1b \\x5cx1b'],
    ['\u05d0\u{1f680}\u05d1', '\\u05d0\u{1f680}\\u05d1'],
  ])('%j is shown as %s', (text, shown) => {
    expect(escapeReadable(text)).toBe(shown);
  });

  it('can be read back, and holds nothing that hides or acts but within a whole emoji', () => {
    const text = fc
      .array(fc.oneof(awkwardText, fc.constantFrom(...emoji.map(([one]) => one), '\u200d', '\ufe0f', '\u{1f3fd}')))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (one) => {
        const shown = escapeReadable(one);
        expect(unescape(shown)).toBe(one);
        expect(escapeActing(shown)).toBe(shown);
        for (const cluster of graphemes(shown))
          if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufe0e\ufe0f]/u.test(cluster)) expect(isEmoji(cluster)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

function unescape(shown: string): string {
  return shown.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})/g, (_all, byte, four, more) =>
    String.fromCodePoint(Number.parseInt(byte ?? four ?? more, 16)),
  );
}
