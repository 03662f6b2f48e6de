/** Lists of any length: what is in sight, what is selected, and that nothing else is asked for. */
import { describe, expect, it } from 'vitest';
import { keyFromId } from '../../../src/tui/input/key.ts';
import { VirtualList } from '../../../src/tui/widgets/virtual-list.ts';
import { memorySurface } from '../../fixtures/widget-surface.ts';

function listOf(count: number): { list: VirtualList; asked: number[]; picture(height?: number): string[] } {
  const asked: number[] = [];
  const list = new VirtualList({
    renderRow: (index) => {
      asked.push(index);
      return [{ text: `row ${index}` }];
    },
    emptyText: 'No servers yet.',
  });
  list.setRowCount(count);
  return {
    list,
    asked,
    picture(height = 3) {
      const memory = memorySurface(20, height);
      list.draw(memory.surface);
      return memory.lines().map((line) => line.replace(/\s+[│┃]$/u, ''));
    },
  };
}

const walks: readonly [string, readonly string[], number, readonly string[]][] = [
  ['nothing pressed', [], 0, ['row 0', 'row 1', 'row 2']],
  ['down within sight', ['down', 'down'], 2, ['row 0', 'row 1', 'row 2']],
  ['down past the edge', ['down', 'down', 'down'], 3, ['row 1', 'row 2', 'row 3']],
  ['up at the top', ['up'], 0, ['row 0', 'row 1', 'row 2']],
  ['a page keeps one row', ['pagedown', 'pagedown'], 4, ['row 2', 'row 3', 'row 4']],
  ['the end', ['end'], 999_999, ['row 999997', 'row 999998', 'row 999999']],
  ['past the end', ['end', 'down', 'pagedown'], 999_999, ['row 999997', 'row 999998', 'row 999999']],
  ['the end and home', ['end', 'home'], 0, ['row 0', 'row 1', 'row 2']],
];

it('marks the chosen row by a sign where its rows begin with a blank, and by nothing that would hide a letter', () => {
  const picture = (begin: string): readonly string[] => {
    const list = new VirtualList({ renderRow: (index) => [{ text: `${begin}row ${index}`, token: 'text' }] });
    const memory = memorySurface(20, 2);
    list.setRowCount(2);
    list.select(1);
    list.draw(memory.surface);
    return memory.lines();
  };
  expect(picture(' ')).toEqual([' row 0', '❯row 1']);
  expect(picture('')).toEqual(['row 0', 'row 1']);
});

describe('a list of a million rows', () => {
  it.each(walks)('%s', (_title, ids, selected, lines) => {
    const { list, picture } = listOf(1_000_000);
    picture();
    for (const id of ids) {
      expect(list.handleKey(keyFromId(id))).toBe(true);
      picture();
    }
    expect(list.selected).toBe(selected);
    expect(picture()).toEqual(lines);
  });

  it('asks only for rows in sight', () => {
    const { list, asked, picture } = listOf(1_000_000);
    picture(10);
    asked.length = 0;
    list.select(500_000);
    picture(10);
    expect(asked).toHaveLength(10);
    expect(Math.min(...asked)).toBe(499_991);
  });

  it('leaves other keys alone', () => {
    const { list } = listOf(5);
    for (const id of ['j', 'enter', 'left', 'ctrl-up', 'space']) expect(list.handleKey(keyFromId(id))).toBe(false);
  });
});

describe('changing length', () => {
  it('says so when there is nothing', () => {
    const { list, picture } = listOf(0);
    list.handleKey(keyFromId('down'));
    expect(list.selected).toBe(0);
    expect(picture()).toEqual(['No servers yet.', '', '']);
  });

  it('the selection stays inside when rows go away', () => {
    const { list, picture } = listOf(100);
    list.select(99);
    picture();
    list.setRowCount(2);
    expect(list.selected).toBe(1);
    expect(picture()).toEqual(['row 0', 'row 1', '']);
    list.setRowCount(-5);
    expect(list.selected).toBe(0);
  });

  it('follows the end only from the end', () => {
    const { list } = listOf(10);
    list.select(9);
    list.setRowCount(20, 'follow');
    expect(list.selected).toBe(19);
    list.select(5);
    list.setRowCount(30, 'follow');
    expect(list.selected).toBe(5);
  });

  it('the wheel moves what is in sight, and the selection at the edges', () => {
    const { list, picture } = listOf(100);
    picture();
    list.scrollBy(10);
    expect(picture()).toEqual(['row 10', 'row 11', 'row 12']);
    expect(list.selected).toBe(10);
    expect([list.rowAt(0), list.rowAt(2), list.rowAt(3), list.rowAt(-1)]).toEqual([10, 12, null, null]);
    list.scrollBy(1_000);
    expect(picture()).toEqual(['row 97', 'row 98', 'row 99']);
  });

  it('says when the selection changed, once', () => {
    const { list } = listOf(10);
    const seen: number[] = [];
    list.onSelect((index) => seen.push(index));
    list.select(3);
    list.select(3);
    list.setRowCount(2);
    expect(seen).toEqual([3, 1]);
  });

  it.each([
    [1, 1],
    [5, 5],
    [0, 0],
    [3, 200],
  ])('draws at %i×%i', (width, height) => {
    const { list } = listOf(1_000);
    list.select(999);
    list.draw(memorySurface(width, height).surface);
    expect(list.selected).toBe(999);
  });
});
