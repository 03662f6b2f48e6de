/** Escaping: what foreign text looks like, and that two different texts never look the same. */

import { describe, expect, it } from 'vitest';
import { escapeExact, escapeProse } from '../../../src/base/display/escape.ts';
import fc from '../../fixtures/properties.ts';
import { awkwardText } from './awkward-text.ts';

describe('text in which every character counts', () => {
  it.each([
    ['plain text', 'plain text'],
    ['', ''],
    ['\x1b[31mred', '\\x1b[31mred'],
    ['a\nb\tc\r\0', 'a\\x0ab\\x09c\\x0d\\x00'],
    ['\x7f\x9b', '\\x7f\\x9b'],
    ['photo\u202egpj.exe', 'photo\\u202egpj.exe'],
    ['zero\u200bwidth', 'zero\\u200bwidth'],
    ['\ufeff', '\\ufeff'],
    ['\u{1f600}', '\\u{1f600}'],
    ['\ud800', '\\ud800'],
    ['caf\u00e9', 'caf\\xe9'],
    ['\u0441at', '\\u0441at'],
    ['\\x1b', '\\x5cx1b'],
    ['\\u202e', '\\x5cu202e'],
    ['a\\b', 'a\\b'],
    ['\\\x1b', '\\\\x1b'],
    ['\\\\x1b', '\\\\x5cx1b'],
    [' a ', '\\x20a\\x20'],
    [' ', '\\x20'],
    ['a  b', 'a  b'],
    ['\u00ac', '\\xac'],
  ])('%j is shown as %s', (text, shown) => {
    expect(escapeExact(text)).toBe(shown);
  });

  it('is always printable ASCII', () => {
    fc.assert(fc.property(awkwardText, (text) => /^[\x20-\x7e]*$/.test(escapeExact(text))));
  });

  it('can be read back, so different texts never look the same', () => {
    fc.assert(
      fc.property(awkwardText, (text) => {
        expect(unescape(escapeExact(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('prose', () => {
  it.each([
    ['caf\u00e9 na\u00efve', 'caf\u00e9 na\u00efve'],
    ['\u043f\u0440\u0438\u0432\u0435\u0442', '\u043f\u0440\u0438\u0432\u0435\u0442'],
    ['\u65e5\u672c\u8a9e\u3001\u30c6\u30ad\u30b9\u30c8', '\u65e5\u672c\u8a9e\u3001\u30c6\u30ad\u30b9\u30c8'],
    ['\ud55c\uad6d\uc5b4', '\ud55c\uad6d\uc5b4'],
    ['p\u0430ypal', 'p\\u0430ypal'],
    ['\u0441\u043e\u0441\u043e', '\\u0441\\u043e\\u0441\\u043e'],
    ['\u0391\u0392', '\\u0391\\u0392'],
    ['e\u0301', 'e\\u0301'],
    ['\uff21\uff22', '\\uff21\\uff22'],
    ['\ufb01le', '\\ufb01le'],
    ['\u05d0\u05d1', '\\u05d0\\u05d1'],
    ['\u30fc', '\\u30fc'],
    ['a\u2014b', 'a\\u2014b'],
    ['\u{1f600}', '\\u{1f600}'],
    ['\x1b[2J', '\\x1b[2J'],
    ['a\\x1b', 'a\\x5cx1b'],
    ['\u00ac', '\\xac'],
    ['\u0131', '\\u0131'],
    ['x\u2028y', 'x\\u2028y'],
  ])('%j is shown as %s', (text, shown) => {
    expect(escapeProse(text)).toBe(shown);
  });

  it('can be read back, so different texts are different on the screen', () => {
    fc.assert(
      fc.property(awkwardText, (text) => {
        expect(unescape(escapeProse(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('never shows two texts that differ only in letters that look alike', () => {
    const pairs = [
      ...'a\u0430\u03b1',
      ...'o\u043e\u03bf',
      ...'p\u0440\u03c1',
      ...'\u4e00\u30fc',
      ...'\u53e3\u30ed',
      'b',
      '\u043f',
      '\u30b5',
      '\u4eba',
    ];
    const word = fc.array(fc.constantFrom(...pairs), { minLength: 1, maxLength: 4 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(word, word, (one, other) => {
        fc.pre(one !== other);
        expect(look(escapeProse(one))).not.toBe(look(escapeProse(other)));
      }),
      { numRuns: 5000 },
    );
  });
});

/** Reads escapes back; the reverse of both functions. */
function unescape(shown: string): string {
  return shown.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})/g, (_all, byte, four, more) =>
    String.fromCodePoint(Number.parseInt(byte ?? four ?? more, 16)),
  );
}

/** Letters that look alike become one. */
function look(shown: string): string {
  const twins: Readonly<Record<string, string>> = {
    '\u0430': 'a',
    '\u03b1': 'a',
    '\u043e': 'o',
    '\u03bf': 'o',
    '\u0440': 'p',
    '\u03c1': 'p',
    '\u30fc': '\u4e00',
    '\u30ed': '\u53e3',
  };
  return [...shown].map((character) => twins[character] ?? character).join('');
}
