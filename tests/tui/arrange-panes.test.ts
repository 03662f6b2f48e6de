/** How panes share their part of the screen: nothing overlaps, nothing is too small to be read, and what must be in sight is. */
import { describe, expect, it } from 'vitest';
import { arrangements, arrangePanes, type PanesInput, smallestPane } from '../../src/tui/arrange-panes.ts';
import { toFrame, toWorkspaceLayout } from '../../src/tui/layout.ts';
import {
  insertBeside,
  layTree,
  type SplitTree,
  toLeaf,
  toLeaves,
  toLengths,
  toRoom,
} from '../../src/tui/split-tree.ts';
import { findBorder, moveTreeBorder, toTreeBorders } from '../../src/tui/tree-borders.ts';
import fc from '../fixtures/properties.ts';

const servers = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `s${index}`);
const area = (columns: number, rows: number) => ({ row: 3, column: 5, columns, rows });

/** A division as an operator may have made it: splits of any pane, in any direction. */
const trees: fc.Arbitrary<SplitTree> = fc
  .array(fc.record({ at: fc.nat(20), along: fc.constantFrom('columns' as const, 'rows' as const) }), { maxLength: 12 })
  .map((steps) =>
    steps.reduce<SplitTree>((tree, { at, along }, index) => {
      const leaves = toLeaves(tree);
      return insertBeside(tree, leaves[at % leaves.length] ?? 's0', `s${index + 1}`, along);
    }, toLeaf('s0')),
  );

describe('the panes of a part of the screen', () => {
  it('cover it exactly once, at every size, in every arrangement, and are readable', () => {
    const input = fc.record({
      ...{ columns: fc.integer({ min: 20, max: 300 }), rows: fc.integer({ min: 3, max: 98 }), tree: trees },
      ...{ count: fc.integer({ min: 1, max: 24 }), arrangement: fc.constantFrom(...arrangements) },
      ...{ pinned: fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { maxLength: 8 }), anchor: fc.nat(30) },
    });
    fc.assert(
      fc.property(input, ({ columns, rows, count, tree, pinned, anchor, arrangement }) => {
        const panes = servers(count);
        const whole = area(columns, rows);
        const wanted = panes[anchor] ?? null;
        const arranged = arrangePanes(
          { panes, pinned: pinned.map((at) => `s${at}`), anchor: wanted, arrangement, tree },
          whole,
        );
        const cells = new Set<number>();
        let sum = 0;
        for (const { rect, isCollapsed } of arranged.panes) {
          sum += rect.rows * rect.columns;
          for (let row = rect.row; row < rect.row + rect.rows; row += 1)
            for (let column = rect.column; column < rect.column + rect.columns; column += 1)
              cells.add(row * 1_000 + column);
          if (arranged.panes.length === 1 || isCollapsed) continue;
          expect(rect.rows).toBeGreaterThanOrEqual(smallestPane.rows);
          expect(rect.columns).toBeGreaterThanOrEqual(smallestPane.columns);
        }
        expect([sum, cells.size]).toEqual([columns * rows, columns * rows]);
        const shown = arranged.panes.map(({ server }) => server);
        expect([...shown, ...arranged.outOfSight].sort()).toEqual([...panes].sort());
        const open = arranged.panes.filter(({ isCollapsed }) => !isCollapsed).map(({ server }) => server);
        if (wanted !== null) expect(open).toContain(wanted);
      }),
      { numRuns: 150 },
    );
  });

  it.each<[string, Partial<PanesInput>, number, number, readonly string[], readonly string[]]>([
    ['everything that has room', {}, 110, 46, ['s0', 's1', 's2', 's3'], []],
    ['the stretch with the focus', { anchor: 's3' }, 80, 14, ['s2', 's3'], ['s0', 's1']],
    ['what is pinned beside it', { anchor: 's3', pinned: ['s0'] }, 80, 14, ['s0', 's3'], ['s1', 's2']],
    [
      'what has the focus, not all that is pinned',
      { anchor: 's3', pinned: ['s0', 's1'] },
      80,
      14,
      ['s0', 's3'],
      ['s1', 's2'],
    ],
    [
      'the focused one of many pinned',
      { anchor: 's2', pinned: ['s0', 's1', 's2'] },
      80,
      14,
      ['s0', 's2'],
      ['s1', 's3'],
    ],
    ['the first ones without a focus', {}, 80, 14, ['s0', 's1'], ['s2', 's3']],
    ['the large one and what fits beside it', { arrangement: 'main' }, 110, 14, ['s0', 's1', 's2'], ['s3']],
    [
      'the focused one beside the large one',
      { arrangement: 'main', anchor: 's3' },
      110,
      14,
      ['s0', 's2', 's3'],
      ['s1'],
    ],
  ])('show %s', (_title, change, columns, rows, shown, outOfSight) => {
    const input = { panes: servers(4), pinned: [], anchor: null, arrangement: 'grid', tree: null, ...change } as const;
    const arranged = arrangePanes(input, area(columns, rows));
    expect(arranged.panes.map(({ server }) => server)).toEqual(shown);
    expect(arranged.outOfSight).toEqual(outOfSight);
  });

  /** How many stand in each row, from the top; of the large one's layout, in the grid beside or below it. */
  it.each<[number, 'grid' | 'main', number, number, readonly number[]]>([
    [2, 'grid', 400, 100, [1, 1]],
    [5, 'grid', 400, 100, [2, 2, 1]],
    [7, 'grid', 400, 100, [3, 2, 2]],
    [10, 'grid', 400, 100, [3, 3, 2, 2]],
    [13, 'grid', 400, 100, [4, 3, 3, 3]],
    [16, 'grid', 400, 100, [4, 4, 4, 4]],
    [20, 'grid', 400, 100, [4, 4, 4, 4, 4]],
    [7, 'grid', 200, 50, [2, 2, 2, 1]],
    [16, 'grid', 200, 50, [2, 2, 2, 2, 2, 2]],
    [16, 'grid', 120, 35, [1, 1, 1, 1]],
    [16, 'grid', 80, 24, [1, 1, 1]],
    [4, 'main', 400, 100, [1, 1, 1]],
    [16, 'main', 400, 100, [2, 2, 2, 2, 2, 2, 2, 1]],
    [16, 'main', 200, 50, [1, 1, 1, 1, 1, 1]],
    [16, 'main', 80, 24, [1]],
  ])('%i of them as %s on %i×%i stand in rows of %j', (count, arrangement, columns, rows, expected) => {
    const layout = toWorkspaceLayout({
      ...{ columns, rows, promptRows: 1, cardWaits: false, panes: servers(count), arrangement },
      ...{ focus: 'pane:s0', isZoomed: false },
    });
    const placed = arrangement === 'main' ? layout.panes.slice(1) : layout.panes;
    const tops = [...new Set(placed.map(({ rect }) => rect.row))];
    expect(tops.map((top) => placed.filter(({ rect }) => rect.row === top).length)).toEqual(expected);
  });

  it.each([
    [1, 80, 24],
    [1, 200, 50],
    [4, 200, 50],
    [8, 200, 50],
    [12, 200, 50],
    [16, 400, 100],
    [9, 400, 100],
    [6, 120, 60],
  ])('%i of them all have room on %i×%i, each a useful one', (count, columns, rows) => {
    const layout = toWorkspaceLayout({
      ...{ columns, rows, promptRows: 1, cardWaits: false, panes: servers(count), arrangement: 'grid' },
      ...{ focus: 'pane:s0', isZoomed: false },
    });
    expect(layout.outOfSight).toEqual([]);
    for (const { rect } of layout.panes) {
      expect(rect.columns).toBeGreaterThanOrEqual(44);
      expect(rect.rows).toBeGreaterThanOrEqual(7);
    }
  });

  it('have a strip as soon as one has no room, and only then', () => {
    for (const [columns, rows] of [
      [80, 24],
      [120, 40],
      [200, 50],
      [100, 60],
      [400, 100],
    ] as const)
      for (let count = 1; count <= 16; count += 1) {
        const layout = toWorkspaceLayout({
          ...{ columns, rows, promptRows: 1, cardWaits: false, panes: servers(count), arrangement: 'grid' },
          ...{ focus: 'conversation', isZoomed: false },
        });
        expect(layout.strip !== null).toBe(layout.outOfSight.length > 0);
        if (layout.strip) expect(layout.strip.row).toBe(toFrame(columns, rows).hint.row - 1);
      }
  });

  it('stay where the operator put them, and a new one halves the largest', () => {
    const tree = insertBeside(insertBeside(toLeaf('a'), 'a', 'b', 'columns'), 'b', 'c', 'rows');
    const input = { panes: ['a', 'b', 'c', 'd'], pinned: [], anchor: null, arrangement: 'manual', tree } as const;
    const arranged = arrangePanes(input, area(120, 40));
    expect(arranged.panes.map(({ server }) => server)).toEqual(['a', 'd', 'b', 'c']);
    const without = arrangePanes({ ...input, panes: ['a', 'c'] }, area(120, 40));
    expect(without.panes.map(({ server, rect }) => [server, rect.columns, rect.rows])).toEqual([
      ['a', 60, 40],
      ['c', 60, 40],
    ]);
  });
});

describe('the borders between panes', () => {
  it('move as far as both sides stay readable, and nothing else changes', () => {
    fc.assert(
      fc.property(trees, fc.nat(30), fc.integer({ min: -400, max: 400 }), (tree, which, by) => {
        const room = toRoom(tree, smallestPane);
        const whole = area(room.columns + 60, room.rows + 30);
        const laid = layTree(tree, whole, smallestPane);
        const borders = toTreeBorders(laid.tree, whole);
        expect(borders.length).toBe(laid.panes.length - 1);
        const border = borders[which % Math.max(1, borders.length)];
        if (!border) return;
        const moved = layTree(moveTreeBorder(laid.tree, border, by, smallestPane), whole, smallestPane);
        expect(moved.panes.map(({ server }) => server)).toEqual(laid.panes.map(({ server }) => server));
        for (const { rect } of moved.panes) {
          expect(rect.columns).toBeGreaterThanOrEqual(smallestPane.columns);
          expect(rect.rows).toBeGreaterThanOrEqual(smallestPane.rows);
        }
        expect(layTree(moved.tree, whole, smallestPane)).toEqual(moved);
      }),
      { numRuns: 150 },
    );
  });

  const grid = arrangePanes(
    { panes: servers(4), pinned: [], anchor: null, arrangement: 'grid', tree: null },
    area(120, 40),
  );
  it.each([
    ['s0', 'right', { path: [0], index: 0 }],
    ['s0', 'left', { path: [0], index: 0 }],
    ['s1', 'right', { path: [0], index: 0 }],
    ['s0', 'down', { path: [], index: 0 }],
    ['s3', 'up', { path: [], index: 0 }],
    ['gone', 'up', null],
  ] as const)('for %s %s', (server, direction, expected) => {
    expect(grid.tree && findBorder(grid.tree, server, direction)).toEqual(expected);
  });

  it('have no place where one pane stands alone', () => {
    expect(findBorder(toLeaf('a'), 'a', 'left')).toBe(null);
    expect(toTreeBorders(toLeaf('a'), area(80, 20))).toEqual([]);
  });

  it.each([
    [10, [1, 1, 1], [0, 0, 0], [4, 3, 3]],
    [10, [8, 1, 1], [0, 3, 3], [4, 3, 3]],
    [100, [60, 40], [18, 18], [60, 40]],
    [9, [1, 1], [3, 3], [5, 4]],
  ])('divide %i by %j with at least %j as %j', (total, shares, least, expected) => {
    expect(toLengths(total, shares, least)).toEqual(expected);
  });
});
