/** Copy mode as numbers: vi's motions over rows, and a selection that is the source's own text. */
import { describe, expect, it } from 'vitest';
import { graphemes } from '../../../src/base/display/width.ts';
import {
  type CopyMotion,
  type CopyState,
  goTo,
  moveCursor,
  type SelectionShape,
  startCopy,
  swapEnds,
  toggleSelection,
} from '../../../src/tui/copy/copy-model.ts';
import { selectedRange, selectedText } from '../../../src/tui/copy/copy-selection.ts';
import { CopyText, toTextRow } from '../../../src/tui/copy/copy-text.ts';
import { plain, wrap } from '../../../src/tui/present/text.ts';
import fc from '../../fixtures/properties.ts';

const motions: readonly CopyMotion[] = [
  ...(['left', 'right', 'up', 'down', 'wordForward', 'wordBack', 'wordEnd', 'lineStart', 'lineText'] as const),
  ...(['lineEnd', 'textStart', 'textEnd', 'halfPageDown', 'halfPageUp', 'pageDown', 'pageUp'] as const),
  ...(['paragraphForward', 'paragraphBack', 'viewTop', 'viewMiddle', 'viewBottom'] as const),
];

function toText(lines: readonly string[]): CopyText {
  return new CopyText(lines.map((line) => toTextRow(plain(line))));
}

function run(text: CopyText, keys: readonly CopyMotion[], from: readonly [number, number] = [0, 0]): CopyState {
  const start = goTo(startCopy(text, 0, 5, 0), text, { row: from[0], at: from[1] });
  return keys.reduce((state, motion) => moveCursor(state, motion, text), start);
}

describe('a motion', () => {
  const words = ['alpha beta.gamma', '', '  delta 語言 é', 'last'];

  it.each<[readonly CopyMotion[], readonly [number, number], readonly [number, number]]>([
    [
      ['right', 'right'],
      [0, 0],
      [0, 2],
    ],
    [['left'], [0, 0], [0, 0]],
    [['wordForward'], [0, 0], [0, 6]],
    [['wordForward'], [0, 6], [0, 10]],
    [['wordForward'], [0, 10], [0, 11]],
    [['wordForward'], [0, 11], [1, 0]],
    [['wordForward'], [1, 0], [2, 2]],
    [['wordForward'], [3, 0], [3, 3]],
    [['wordEnd'], [0, 0], [0, 4]],
    [['wordEnd'], [0, 4], [0, 9]],
    [['wordEnd'], [0, 15], [2, 6]],
    [['wordBack'], [2, 2], [1, 0]],
    [['wordBack'], [0, 8], [0, 6]],
    [['wordBack'], [0, 0], [0, 0]],
    [
      ['wordForward', 'wordEnd'],
      [2, 2],
      [2, 9],
    ],
    [['lineEnd'], [0, 0], [0, 15]],
    [['lineText'], [2, 8], [2, 2]],
    [['lineStart'], [2, 8], [2, 0]],
    [
      ['lineEnd', 'down'],
      [0, 0],
      [1, 0],
    ],
    [
      ['lineEnd', 'down', 'down'],
      [0, 0],
      [2, 11],
    ],
    [
      ['lineEnd', 'down', 'up'],
      [0, 0],
      [0, 15],
    ],
    [['textEnd'], [0, 0], [3, 0]],
    [
      ['textEnd', 'textStart'],
      [0, 3],
      [0, 3],
    ],
    [['paragraphForward'], [0, 0], [1, 0]],
    [['paragraphForward'], [1, 0], [3, 0]],
    [['paragraphBack'], [3, 0], [1, 0]],
    [['viewBottom'], [0, 0], [3, 0]],
    [
      ['down', 'down', 'down', 'down', 'down'],
      [0, 0],
      [3, 0],
    ],
  ])('%j from %j leads to %j', (keys, from, [row, at]) => {
    expect(run(toText(words), keys, from).cursor).toEqual({ row, at });
  });

  it('keeps the cell it came from over shorter rows and wide characters', () => {
    const text = toText(['abcdefgh', 'x', '語語語語', 'abcdefgh']);
    const down = (count: number): CopyState => run(text, Array<CopyMotion>(count).fill('down'), [0, 5]);
    expect([1, 2, 3].map((count) => down(count).cursor)).toEqual([
      { row: 1, at: 0 },
      { row: 2, at: 2 },
      { row: 3, at: 5 },
    ]);
  });

  it('takes a word that the side of the screen broke for one', () => {
    const text = new CopyText(wrap(plain('abcdefghijklmnop next'), 8).map(toTextRow));
    expect(run(text, ['wordForward']).cursor).toEqual({ row: 2, at: 3 });
    expect(run(text, ['wordEnd']).cursor).toEqual({ row: 2, at: 1 });
  });

  it('scrolls by half a page and by a page, and the cursor goes with it', () => {
    const text = toText(Array.from({ length: 50 }, (_, line) => `line ${line}`));
    const start = startCopy(text, 10, 10, 12);
    expect(moveCursor(start, 'halfPageDown', text)).toMatchObject({ top: 15, cursor: { row: 17 } });
    expect(moveCursor(start, 'pageUp', text)).toMatchObject({ top: 2, cursor: { row: 4 } });
    expect(moveCursor(start, 'pageDown', text)).toMatchObject({ top: 18, cursor: { row: 20 } });
    expect(moveCursor(moveCursor(start, 'textEnd', text), 'halfPageDown', text)).toMatchObject({ top: 40 });
  });
});

describe('a selection', () => {
  const text = toText(['one two', 'three', 'four five', '語a語']);
  const select = (shape: SelectionShape, from: readonly [number, number], to: readonly [number, number]): CopyState => {
    const start = toggleSelection(run(text, [], from), shape);
    return goTo(start, text, { row: to[0], at: to[1] });
  };

  it.each<[SelectionShape, readonly [number, number], readonly [number, number], string]>([
    ['characters', [0, 4], [0, 6], 'two'],
    ['characters', [0, 6], [0, 4], 'two'],
    ['characters', [0, 4], [2, 3], 'two\nthree\nfour'],
    ['characters', [3, 2], [3, 2], '語'],
    ['lines', [0, 4], [1, 1], 'one two\nthree'],
    ['block', [0, 1], [2, 3], 'ne\nhre\nour'],
    ['block', [2, 0], [3, 0], 'fo\n語'],
    ['block', [2, 1], [3, 0], 'fo\n語'],
    ['block', [0, 5], [2, 6], 'wo\n\nfi'],
  ])('of %s from %j to %j is %j', (shape, from, to, expected) => {
    expect(selectedText(select(shape, from, to), text)).toBe(expected);
  });

  it('is swapped end for end, and ended by the key that began it', () => {
    const state = select('characters', [0, 4], [2, 3]);
    const swapped = swapEnds(state, text);
    expect([swapped.cursor, swapped.anchor]).toEqual([
      { row: 0, at: 4 },
      { row: 2, at: 3 },
    ]);
    expect(selectedText(swapped, text)).toBe(selectedText(state, text));
    expect(toggleSelection(state, 'characters').anchor).toBeNull();
    expect(toggleSelection(state, 'lines')).toMatchObject({ shape: 'lines', anchor: { row: 0, at: 4 } });
  });

  it('has the indentation of a list and the mark of a broken word out of it', () => {
    const rows = wrap(plain('a long/unbroken/path/that/is/broken and  more'), 14, plain('- '), plain('  '));
    const list = new CopyText(rows.map(toTextRow));
    const all = moveCursor(toggleSelection(startCopy(list, 0, 9, 0), 'lines'), 'textEnd', list);
    expect(selectedText(all, list)).toBe('- a long/unbroken/path/that/is/broken and  more');
  });
});

/** Lines of a source with everything that is difficult: wide characters, marks, emoji of several code points, blanks. */
const sources = fc.array(
  fc
    .array(fc.constantFrom('a', 'b', ' ', ' ', 'word', '語', 'é', '👩‍💻', '🇩🇪', '.', '/', 'ä'), { maxLength: 30 })
    .map((parts) => parts.join('').trimEnd()),
  { minLength: 1, maxLength: 6 },
);
const steps = fc.array(
  fc.oneof(
    fc.constantFrom(...motions),
    fc.constantFrom<SelectionShape | 'swap'>('characters', 'lines', 'block', 'swap'),
  ),
  { maxLength: 25 },
);

function isMotion(step: string): step is CopyMotion {
  return (motions as readonly string[]).includes(step);
}

describe('whatever is pressed', () => {
  it('the cursor stands on a border between characters, in sight, and so does the selection', () => {
    fc.assert(
      fc.property(
        sources,
        fc.integer({ min: 4, max: 30 }),
        fc.integer({ min: 1, max: 8 }),
        steps,
        (lines, columns, height, pressed) => {
          const text = new CopyText(lines.flatMap((line) => wrap(plain(line), columns)).map(toTextRow));
          const borders = Array.from({ length: text.count }, (_, row) => bordersOf(text.row(row).text));
          let state = startCopy(text, 0, height, 0);
          for (const step of pressed) {
            if (isMotion(step)) state = moveCursor(state, step, text);
            else state = step === 'swap' ? swapEnds(state, text) : toggleSelection(state, step);
            expect(borders[state.cursor.row]).toContain(state.cursor.at);
            expect(state.cursor.row).toBeGreaterThanOrEqual(state.top);
            expect(state.cursor.row).toBeLessThan(state.top + state.height);
            for (let row = 0; row < text.count; row += 1) {
              const range = selectedRange(state, text, row);
              const ends = range ? [range.from, range.to] : [];
              expect(ends.filter((end) => !borders[row]?.includes(end))).toEqual([]);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('what is selected is a piece of the source, and everything is all of it', () => {
    fc.assert(
      fc.property(sources, fc.integer({ min: 4, max: 30 }), steps, (lines, columns, pressed) => {
        const source = lines.join('\n');
        const text = new CopyText(lines.flatMap((line) => wrap(plain(line), columns)).map(toTextRow));
        let state = startCopy(text, 0, 5, 0);
        for (const step of pressed.filter(isMotion)) state = moveCursor(state, step, text);
        state = toggleSelection(state, 'characters');
        for (const step of pressed.filter(isMotion)) state = moveCursor(state, step, text);
        expect(source).toContain(selectedText(state, text));
        const all = toggleSelection(moveCursor(startCopy(text, 0, 5, 0), 'textStart', text), 'lines');
        expect(selectedText(moveCursor(all, 'textEnd', text), text)).toBe(source);
      }),
      { numRuns: 150 },
    );
  });
});

function bordersOf(text: string): readonly number[] {
  const borders = [0];
  for (const cluster of graphemes(text)) borders.push((borders.at(-1) ?? 0) + cluster.length);
  return borders;
}
