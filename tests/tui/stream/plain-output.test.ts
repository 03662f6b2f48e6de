/** Output as text without an emulator: what a reader saw last, and nothing that would act where it is pasted. */
import { describe, expect, it } from 'vitest';
import { toPlainLines, toPlainRows } from '../../../src/tui/stream/plain-output.ts';
import { Ingest } from '../../../src/tui/widgets/ingest.ts';
import { VtPane } from '../../../src/tui/widgets/vt-pane.ts';
import { attacks } from '../../fixtures/attacks.ts';
import fc from '../../fixtures/properties.ts';

describe('the lines of an output', () => {
  it.each<[name: string, text: string, lines: readonly string[]]>([
    ['nothing', '', []],
    ['a line with its end', 'one\n', ['one']],
    ['a line without one', 'one', ['one']],
    ['an empty line between', 'one\n\nthree\n', ['one', '', 'three']],
    ['ends of two characters', 'one\r\ntwo\r\n', ['one', 'two']],
    ['colours', '\x1b[1;31mred\x1b[0m plain\n', ['red plain']],
    ['a progress bar', '10%\r50%\r99%\n', ['99%']],
    ['a shorter text over a longer one', 'abcdef\rXY\n', ['XYcdef']],
    ['a title of the window', 'a\x1b]0;title\x07b\n', ['ab']],
    ['a link', '\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\\n', ['text']],
    ['a sequence that never ends', 'a\x1b]0;never\nnext', ['a']],
    ['a sequence that is cut', 'one\n\x1b[3', ['one']],
    ['nothing but colours', '\x1b[0m', []],
    ['backspaces', 'abc\b\bX\n', ['aXc']],
    ['tabs', 'a\tb\n', ['a       b']],
    ['blanks at the end', 'a   \n', ['a   ']],
  ])('are, of %s', (_name, text, lines) => {
    expect(toPlainLines(text)).toEqual(lines);
  });

  it.each(attacks)('let nothing of "$name" act', ({ text }) => {
    for (const line of toPlainLines(`before ${text} after\n`))
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
  });

  it('are broken where an emulator breaks them', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab 日é\n'), maxLength: 80 });
    fc.assert(
      fc.property(word, fc.integer({ min: 4, max: 30 }), (text, columns) => {
        const turns: (() => void)[] = [];
        const screen = new VtPane({
          ...{ columns, rows: 24, source: 'output' },
          ingest: new Ingest({ later: (call) => turns.push(call) }),
        });
        screen.write(text);
        for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
        const seen = Array.from({ length: screen.usedRows }, (_, row) => screen.rowText(row).trimEnd());
        const rows = toPlainRows(text, { columns, lines: 'wrapped', filter: null }, 2_024);
        const plain = Array.from({ length: rows.count }, (_, row) => rows.textAt(row).trimEnd());
        screen.dispose();
        expect(plain).toEqual(seen);
      }),
      { numRuns: 60 },
    );
  });

  it('are at most as many as an emulator keeps, the newest, and the others are counted', () => {
    const text = Array.from({ length: 5_000 }, (_, line) => `row ${line}`).join('\n');
    const rows = toPlainRows(text, { columns: 40, lines: 'wrapped', filter: null }, 2_024);
    expect([rows.count, rows.gone, rows.textAt(2_023)]).toEqual([2_024, 2_976, 'row 4999']);
  });
});
