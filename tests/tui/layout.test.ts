/** Where the parts of the screen go: nothing overlaps, nothing leaves the screen, and what has the focus is always there. */

import { describe, expect, it } from 'vitest';
import { arrangements } from '../../src/tui/arrange-panes.ts';
import {
  isTooSmall,
  type LayoutInput,
  type Rect,
  toFrame,
  toWorkspaceLayout,
  type WorkspaceRegion,
} from '../../src/tui/layout.ts';
import fc from '../fixtures/properties.ts';

const base: LayoutInput = {
  columns: 200,
  rows: 50,
  promptRows: 1,
  cardWaits: false,
  panes: ['web-1', 'web-2'],
  arrangement: 'grid',
  focus: 'prompt',
  isZoomed: false,
};

function toRects(layout: ReturnType<typeof toWorkspaceLayout>): readonly Rect[] {
  const parts = [
    layout.conversation,
    layout.card,
    layout.prompt,
    layout.strip,
    ...layout.panes.map((pane) => pane.rect),
  ];
  return parts.filter((rect) => rect !== null);
}

describe('the layout of the workspace', () => {
  const input = fc.record({
    columns: fc.integer({ min: 20, max: 300 }),
    rows: fc.integer({ min: 5, max: 120 }),
    promptRows: fc.integer({ min: 1, max: 40 }),
    cardWaits: fc.boolean(),
    count: fc.integer({ min: 0, max: 30 }),
    arrangement: fc.constantFrom(...arrangements),
    focusAt: fc.integer({ min: 0, max: 32 }),
    isZoomed: fc.boolean(),
  });

  it('covers every cell of the body exactly once, at every size', () => {
    fc.assert(
      fc.property(input, ({ count, focusAt, ...rest }) => {
        const panes = Array.from({ length: count }, (_, index) => `s${index}`);
        const order: WorkspaceRegion[] = [
          'prompt',
          'conversation',
          ...(rest.cardWaits ? (['card'] as const) : []),
          ...panes.map((id) => `pane:${id}` as const),
        ];
        const focus = order[focusAt % order.length] ?? 'prompt';
        const layout = toWorkspaceLayout({ ...rest, panes, focus });
        const { body } = toFrame(rest.columns, rest.rows);
        const cells = new Map<number, number>();
        for (const rect of toRects(layout)) {
          for (let row = rect.row; row < rect.row + rect.rows; row += 1) {
            for (let column = rect.column; column < rect.column + rect.columns; column += 1) {
              cells.set(row * 1_000 + column, (cells.get(row * 1_000 + column) ?? 0) + 1);
            }
          }
        }
        expect([...cells.values()].every((times) => times === 1)).toBe(true);
        expect(cells.size).toBe(body.rows * body.columns);
      }),
      { numRuns: 150 },
    );
  });

  it('always has a place for the pane that has the focus', () => {
    fc.assert(
      fc.property(input, ({ count, focusAt, ...rest }) => {
        const panes = Array.from({ length: count + 1 }, (_, index) => `s${index}`);
        const server = panes[focusAt % panes.length] ?? '';
        const layout = toWorkspaceLayout({ ...rest, panes, focus: `pane:${server}` });
        expect(layout.panes.some((pane) => pane.server === server && pane.rect.rows > 0 && !pane.isCollapsed)).toBe(
          true,
        );
        expect(layout.outOfSight.length + layout.panes.length).toBe(panes.length);
      }),
      { numRuns: 150 },
    );
  });

  it.each<{ readonly title: string; readonly change: Partial<LayoutInput>; readonly shows: readonly string[] }>([
    { title: 'stands side by side where it is wide', change: {}, shows: ['conversation', 'prompt', 'web-1', 'web-2'] },
    {
      title: 'shows the conversation alone on a small screen',
      change: { columns: 80, rows: 24 },
      shows: ['conversation', 'prompt', 'strip'],
    },
    {
      title: 'shows the panes alone on a small screen when one has the focus',
      change: { columns: 80, rows: 24, focus: 'pane:web-2' },
      shows: ['strip', 'web-1', 'web-2'],
    },
    {
      title: 'shows both on a narrow screen that is tall',
      change: { columns: 80, rows: 60 },
      shows: ['conversation', 'prompt', 'web-1', 'web-2'],
    },
    {
      title: 'docks the card below the conversation',
      change: { cardWaits: true },
      shows: ['card', 'conversation', 'prompt', 'web-1', 'web-2'],
    },
    {
      title: 'docks it on a small screen, too',
      change: { columns: 80, rows: 24, cardWaits: true },
      shows: ['card', 'conversation', 'prompt', 'strip'],
    },
    { title: 'gives a zoomed pane everything', change: { isZoomed: true, focus: 'pane:web-2' }, shows: ['web-2'] },
    {
      title: 'gives a zoomed card everything',
      change: { isZoomed: true, focus: 'card', cardWaits: true },
      shows: ['card'],
    },
    {
      title: 'has no strip without panes',
      change: { columns: 80, rows: 24, panes: [] },
      shows: ['conversation', 'prompt'],
    },
  ])('$title', ({ change, shows }) => {
    const layout = toWorkspaceLayout({ ...base, ...change });
    const parts = (['conversation', 'card', 'prompt', 'strip'] as const).filter((name) => layout[name] !== null);
    expect([...parts, ...layout.panes.map((pane) => pane.server)].sort()).toEqual([...shows].sort());
  });

  it('leaves the room of a conversation that there is none of to the panes, until a card waits', () => {
    const none = { ...base, session: 'none', focus: 'pane:web-1' } as const;
    const toColumns = (change: Partial<LayoutInput>) => toWorkspaceLayout({ ...none, ...change }).conversation?.columns;
    expect([
      toColumns({}),
      toColumns({ cardWaits: true }),
      toColumns({ shares: { columns: 500, rows: null } }),
    ]).toEqual([40, 90, 100]);
    expect(toWorkspaceLayout({ ...none, columns: 80, rows: 50 }).panes[0]?.rect.rows).toBeGreaterThan(18);
  });

  it.each([
    ['focused', 'card', 200, 50, 14],
    ['beside the prompt', 'prompt', 200, 50, 14],
    ['focused on a small screen', 'card', 80, 24, 14],
    ['focused on a small screen, and a line longer than its share', 'card', 80, 24, 17],
  ] as const)('gives a card that is %s what it needs and no more', (_title, focus, columns, rows, needed) => {
    const layout = toWorkspaceLayout({ ...base, columns, rows, focus, cardWaits: true, cardRowsAt: () => needed });
    expect(layout.card?.rows).toBe(needed);
  });

  it('asks for the rows of a card at the width it gets, and bounds them', () => {
    const widths: number[] = [];
    const cardRowsAt = (columns: number): number => {
      widths.push(columns);
      return 500;
    };
    const layout = toWorkspaceLayout({ ...base, focus: 'card', cardWaits: true, cardRowsAt });
    expect(widths).toEqual([layout.card?.columns]);
    expect(layout.conversation?.rows).toBeGreaterThanOrEqual(3);
  });

  it('leaves the other panes their title in a stack', () => {
    const layout = toWorkspaceLayout({ ...base, panes: ['a', 'b', 'c'], arrangement: 'stack', focus: 'pane:b' });
    expect(layout.panes.map((pane) => [pane.server, pane.isCollapsed])).toEqual([
      ['a', true],
      ['b', false],
      ['c', true],
    ]);
  });

  it.each([
    [20, 5, false],
    [80, 24, false],
    [19, 5, true],
    [20, 4, true],
    [1, 1, true],
  ])('calls %i×%i too small: %s', (columns, rows, expected) => {
    expect(isTooSmall(columns, rows)).toBe(expected);
  });
});
