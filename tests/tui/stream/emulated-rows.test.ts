/** Rows of an emulator, wrapped or cut, all or filtered: what has scrolled up is looked at once, and what is gone is counted. */
import { afterEach, describe, expect, it } from 'vitest';
import { EmulatedRows } from '../../../src/tui/stream/emulated-rows.ts';
import type { OutputView } from '../../../src/tui/stream/output-rows.ts';
import { Ingest } from '../../../src/tui/widgets/ingest.ts';
import { VtPane } from '../../../src/tui/widgets/vt-pane.ts';
import fc from '../../fixtures/properties.ts';
import { memorySurface } from '../../fixtures/widget-surface.ts';

const screens: VtPane[] = [];
afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

interface World {
  readonly rows: EmulatedRows;
  readonly screen: VtPane;
  write(text: string): void;
  texts(): string[];
}

function openRows(view: Partial<OutputView> = {}): World {
  const whole: OutputView = { columns: 10, lines: 'wrapped', filter: null, ...view };
  const turns: (() => void)[] = [];
  const ingest = new Ingest({ later: (call) => turns.push(call) });
  const screen = new VtPane({ columns: whole.columns, rows: 4, source: 'output', ingest });
  screens.push(screen);
  const rows = new EmulatedRows(screen, whole);
  return {
    rows,
    screen,
    write(text) {
      screen.write(text);
      for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
      rows.update('lines');
    },
    texts: () => Array.from({ length: rows.count }, (_, index) => rows.textAt(index)),
  };
}

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `n${from + index}\n`).join('');

describe('rows', () => {
  it.each<[name: string, view: Partial<OutputView>, text: string, rows: readonly string[]]>([
    ['wrapped', {}, 'abcdefghijKLM\nx\n', ['abcdefghij', 'KLM', 'x']],
    ['cut', { lines: 'cut' }, 'abcdefghijKLM\nx\n', ['abcdefghijKLM', 'x']],
    ['filtered', { filter: (line) => line.includes('b') }, 'ab\nac\nbb\n', ['ab', 'bb']],
    [
      'filtered by a word that a break goes through',
      { filter: (line) => line.includes('jK') },
      'abcdefghijKLM\nx\n',
      ['abcdefghij', 'KLM'],
    ],
    [
      'cut and filtered',
      { lines: 'cut', filter: (line) => line.endsWith('M') },
      'abcdefghijKLM\nx\n',
      ['abcdefghijKLM'],
    ],
    ['none', { filter: () => false }, 'a\nb\n', []],
  ])('are %s', (_name, view, text, rows) => {
    const world = openRows(view);
    world.write(text);
    expect(world.texts()).toEqual(rows);
  });

  it('are looked at once when they have scrolled up, however much comes after', () => {
    const seen: string[] = [];
    const world = openRows({
      filter: (line) => {
        seen.push(line);
        return line.endsWith('7');
      },
    });
    for (let at = 0; at < 1_000; at += 10) world.write(numbers(at, at + 10));
    expect(world.texts()).toHaveLength(100);
    // The rows of the emulator's own screen are looked at with each frame, and once more when they have left it.
    expect(seen.length).toBeLessThan(1_000 + 100 * 5);
    expect(seen.filter((line) => line === 'n17')).toHaveLength(2);
  });

  it('of a million lines are as many as are kept, and the others are counted', () => {
    const world = openRows({ lines: 'cut' });
    for (let at = 0; at < 1_000_000; at += 50_000) world.write(numbers(at, at + 50_000));
    expect(world.rows.count).toBeLessThanOrEqual(2_004);
    expect(world.rows.gone + world.rows.count).toBe(1_000_000);
    expect(world.rows.textAt(world.rows.count - 1)).toBe('n999999');
    expect(world.rows.lineFromEndAt(world.rows.count - 1)).toBe(0);
    expect(world.rows.lineFromEndAt(0)).toBe(world.rows.count - 1);
  });

  it('stay right when the pane gets another width', () => {
    const world = openRows({ lines: 'cut' });
    world.write(`${'x'.repeat(25)}\nend\n`);
    world.screen.resize(20, 4);
    const resized = new EmulatedRows(world.screen, { columns: 20, lines: 'cut', filter: null });
    expect([resized.textAt(0), resized.textAt(1)]).toEqual(['x'.repeat(25), 'end']);
  });

  it('that are gone are counted on when the pane gets another width', () => {
    const world = openRows();
    world.write(numbers(0, 10_000));
    const { gone } = world.rows;
    world.screen.resize(20, 4);
    const resized = new EmulatedRows(world.screen, { columns: 20, lines: 'wrapped', filter: null });
    expect(resized.gone).toBeGreaterThanOrEqual(gone - 4);
    expect(resized.gone).toBeLessThanOrEqual(10_000);
  });

  it('do not count what a program scrolls within a region of its screen, or on its other screen', () => {
    const world = openRows();
    world.write(`${'a\n'.repeat(3_000)}`);
    const { gone } = world.rows;
    world.write('\x1b[2;3r\x1b[3;1H\n\n\n\n\x1b[r\x1b[?1049h\n\n\n\n\n\n\x1b[?1049l');
    expect(world.rows.gone).toBeLessThanOrEqual(gone);
  });

  it('say which line they belong to, wrapped or not', () => {
    const world = openRows();
    world.write('abcdefghijKLM\nx\ny');
    expect([0, 1, 2, 3].map((index) => world.rows.lineFromEndAt(index))).toEqual([2, 2, 1, 0]);
    expect([0, 1, 2, 3].map((index) => world.rows.isContinuedAt(index))).toEqual([false, true, false, false]);
  });

  it('are cut at both sides when they are moved', () => {
    const world = openRows({ lines: 'cut' });
    world.write('0123456789abcdefghij\nshort\n');
    const { surface, lines } = memorySurface(8, 2);
    for (const y of [0, 1]) world.rows.drawRow(surface, y, y, { x: 2, shift: 8 });
    expect(lines()).toEqual(['  89abcd', '']);
  });

  it('are the lines that were printed, whatever the width', () => {
    const line = fc.string({ unit: fc.constantFrom(...'abc日'), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 2, max: 30 }),
        (printed, columns) => {
          const world = openRows({ columns, lines: 'cut' });
          for (const text of printed) world.write(`${text}\n`);
          expect(world.texts()).toEqual(printed);
        },
      ),
      { numRuns: 40 },
    );
  });
});
