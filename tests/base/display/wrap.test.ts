/** Widths and wrapping: every line fits, nothing is lost, and a wrapped text can be told from one with line ends. */

import { describe, expect, it } from 'vitest';
import { escapeExact, escapeProse } from '../../../src/base/display/escape.ts';
import { graphemes, textWidth } from '../../../src/base/display/width.ts';
import { wrapMarks, wrapSentence, wrapText } from '../../../src/base/display/wrap.ts';
import fc from '../../fixtures/properties.ts';
import { awkwardText } from './awkward-text.ts';

describe('the width of a text in cells', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['caf\u00e9', 4],
    ['e\u0301', 1],
    ['\u65e5\u672c', 4],
    ['\uff21', 2],
    ['\ud55c\uad6d', 4],
    ['\u1112\u1161\u11ab', 2],
    ['\u{1f600}', 2],
    ['\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', 2],
    ['\u{1f1e9}\u{1f1ea}', 2],
    ['\u2714', 1],
    ['\u2714\ufe0f', 2],
    ['1\ufe0f\u20e3', 2],
    ['\u200b', 0],
    ['a\u200db', 2],
    ['\u00ac', 1],
    ['\u{20000}', 2],
  ])('of %j is %i', (text, cells) => {
    expect(textWidth(text)).toBe(cells);
  });

  it('counts a family as one user-perceived character', () => {
    expect(graphemes('a\u{1f468}\u200d\u{1f469}b')).toEqual(['a', '\u{1f468}\u200d\u{1f469}', 'b']);
  });
});

describe('wrapping', () => {
  it('leaves a text alone that fits exactly', () => {
    expect(wrapText('12345678', 8)).toEqual(['12345678']);
  });

  it('breaks after a space when one is near, and marks the line', () => {
    expect(wrapText('systemctl restart nginx', 20)).toEqual(['systemctl restart \u00ac', 'nginx']);
    expect(wrapText('systemctl restart nginx', 22, 'ascii')).toEqual(['systemctl restart \\x>', 'nginx']);
  });

  it('breaks anywhere when it must', () => {
    expect(wrapText('aaaaaaaaaaaa', 8)).toEqual(['aaaaaaa\u00ac', 'aaaaa']);
  });

  it.each([
    ['a sentence of some words', 12, ['a sentence ', 'of some ', 'words']],
    ['two  spaces are kept in sight', 12, ['two  spaces ', 'are kept in ', 'sight']],
    ['aaaaaaaaaaaa', 8, ['aaaaaaa\u00ac', 'aaaaa']],
    ['a bbbbbbbbbbbb', 8, ['a ', 'bbbbbbb\u00ac', 'bbbbb']],
    ['aaaaaaa  bbbbbb', 9, ['aaaaaaa \u00ac', ' bbbbbb']],
  ])('breaks the sentence %j at %i between words, and marks every other break', (text, columns, lines) => {
    expect(wrapSentence(text, columns)).toEqual(lines);
  });

  it('loses nothing of a sentence, and fits', () => {
    fc.assert(
      fc.property(awkwardText, fc.integer({ min: 8, max: 40 }), (text, columns) => {
        const escaped = escapeProse(text);
        const lines = wrapSentence(escaped, columns);
        expect(lines.map((line) => (line.endsWith('\u00ac') ? line.slice(0, -1) : line)).join('')).toBe(escaped);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it('takes a line of a megabyte in its stride', () => {
    expect(wrapText('x'.repeat(1024 * 1024), 80).length).toBe(Math.ceil((1024 * 1024 - 80) / 79) + 1);
  });

  it('does not cut a wide character in two', () => {
    expect(wrapText('\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e', 8)).toEqual([
      '\u65e5\u672c\u8a9e\u00ac',
      '\u65e5\u672c\u8a9e',
    ]);
  });

  for (const charset of ['unicode', 'ascii'] as const) {
    for (const [name, escape] of [
      ['exact', escapeExact],
      ['prose', escapeProse],
    ] as const) {
      it(`loses nothing and never overflows (${name} text, ${charset} mark)`, () => {
        fc.assert(
          fc.property(awkwardText, fc.integer({ min: 8, max: 100 }), (text, columns) => {
            const escaped = escape(text);
            const lines = wrapText(escaped, columns, charset);
            for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
            expect(unwrap(lines, wrapMarks[charset])).toBe(escaped);
          }),
          { numRuns: 1000 },
        );
      });
    }
  }
});

/** Only the marks tell what belongs together; a mark anywhere else would break this. */
function unwrap(lines: readonly string[], mark: string): string {
  const logical: string[] = [''];
  lines.forEach((line, index) => {
    const isOpen = line.endsWith(mark);
    logical[logical.length - 1] += isOpen ? line.slice(0, -mark.length) : line;
    if (!isOpen && index < lines.length - 1) logical.push('');
  });
  return logical.join('\n');
}
