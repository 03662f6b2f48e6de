/** Wrapping, clipping and foreign text: nothing is lost, nothing is wider than asked, nothing reaches the terminal raw. */

import { describe, expect, it } from 'vitest';
import {
  clip,
  clipText,
  columnsOf,
  conversationLines,
  foreign,
  plain,
  span,
  spread,
  textWidth,
  toText,
  wrap,
} from '../../../src/tui/present/text.ts';
import fc, { anyCharacter } from '../../fixtures/properties.ts';

const words = fc.array(fc.stringMatching(/^[a-zäöü語]{1,30}$/u), { minLength: 1, maxLength: 20 });

describe('word wrap', () => {
  it('keeps every character but spaces at breaks, and no line is wider than asked', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 4, max: 60 }), (list, columns) => {
        const text = list.join(' ');
        const lines = wrap(plain(text), columns).map(toText);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(/[ ¬]/g, '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });

  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['one  two', 4, ['one', 'two']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['a bcdefghij', 4, ['a', 'bcde', 'fghi', 'j']],
    ['  indented', 20, ['  indented']],
    ['', 10, ['']],
    ['abcdefghijkl', 8, ['abcdefg¬', 'hijkl']],
    ['語語語', 4, ['語語', '語']],
    ['full line x', 9, ['full line', 'x']],
  ])('%j at %i columns', (text, columns, expected) => {
    expect(wrap(plain(text), columns).map((line) => toText(line).trimEnd())).toEqual(expected);
  });

  it.each([
    ['see the manual (', ['see the manual', '(here). More']],
    ['see it (', ['see it (here).', 'More']],
    ['see the manual', ['see the', 'manualhere).', 'More']],
  ])('keeps together what no space parts, whatever it looks like: %j', (before, expected) => {
    const line = [span(before), span('here', 'accent'), span(').'), span(' More')];
    expect(wrap(line, 14).map(toText)).toEqual(expected);
  });

  it('puts a hanging indent before the further lines', () => {
    expect(wrap(plain('one two three'), 7, plain('- '), plain('  ')).map(toText)).toEqual([
      '- one',
      '  two',
      '  three',
    ]);
  });
});

describe('clipping of the frame around content', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly', 7, 'exactly'],
    ['too long', 5, 'too …'],
    ['語語語', 5, '語語…'],
    ['x', 0, ''],
  ])('%j to %i is %j', (text, columns, expected) => {
    expect(clipText(text, columns)).toBe(expected);
  });

  it('is never wider than asked, for lines of many spans', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (list, columns) => {
        expect(
          columnsOf(
            clip(
              list.map((text) => ({ text })),
              columns,
            ),
          ),
        ).toBeLessThanOrEqual(columns);
        expect(
          columnsOf(
            spread(
              list.map((text) => ({ text })),
              plain('end'),
              columns,
            ),
          ),
        ).toBeLessThanOrEqual(Math.max(columns, 0));
      }),
    );
  });

  it('puts two parts at the two ends', () => {
    expect(toText(spread(plain('left'), plain('right'), 20))).toBe('left           right');
  });
});

describe('foreign text', () => {
  it.each([
    ['a\x1b[31mb', 'a\\x1b[31mb'],
    ['a\nb', 'a\\x0ab'],
    ['\u202eabc', '\\u202eabc'],
    ['\u200bx', '\\u200bx'],
    ['\x9b31m', '\\x9b31m'],
    ['Größe', 'Größe'],
  ])('%j is shown as %j', (text, expected) => {
    expect(foreign(text)).toBe(expected);
  });

  it.each([
    ['it’s — fine…', ['it’s — fine…']],
    ['a\tb', ['a    b']],
    ['one\r\ntwo', ['one', 'two']],
    ['x\u202ey', ['x\\u202ey']],
    ['\x1b]52;c;aGk=\x07', ['\\x1b]52;c;aGk=\\x07']],
    ['\u{e0041}tag', ['\\u{e0041}tag']],
    ['done 😀 ✅', ['done 😀 ✅']],
    ['👨‍👩‍👧‍👦 and 👍🏽', ['👨‍👩‍👧‍👦 and 👍🏽']],
    ['🇩🇪🇫🇷', ['🇩🇪🇫🇷']],
    [
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
      ['🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
    ],
    ['❤️ 1️⃣', ['❤️ 1️⃣']],
    ['a\u200db', ['a\\u200db']],
    ['👨\u200dx', ['👨\\u200dx']],
    ['x\ufe0f', ['x\\ufe0f']],
    ['🇩x', ['\\u{1f1e9}x']],
    ['😀\u202eabc', ['😀\\u202eabc']],
  ])('in a conversation %j is %j', (text, expected) => {
    expect(conversationLines(text)).toEqual(expected);
  });

  it('never holds a control or format character', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (text) => {
        expect(foreign(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        // Joiners and tags stay inside of a whole emoji and nowhere else.
        for (const line of conversationLines(text))
          expect(line.replace(new RegExp('\\p{RGI_Emoji}', 'gv'), ' ')).not.toMatch(
            /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u,
          );
      }),
    );
  });
});

describe('emoji', () => {
  it.each(['😀', '👨‍👩‍👧‍👦', '🇩🇪', '❤️'])('%s stays an escape wherever something is decided upon', (text) => {
    expect(foreign(text)).toMatch(/^(\\u[0-9a-f{}]+)+$/);
  });

  it('are taken with any others around them', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 40 }), (text) => {
        // A letter on each side keeps what is generated from joining the emoji.
        expect(conversationLines(`${text}a👍🏽b`).at(-1)).toMatch(/👍🏽b$/);
      }),
    );
  });
});
