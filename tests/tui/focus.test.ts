/** Where Tab and the arrows lead, and that no card ever takes the focus by itself. */
import { describe, expect, it } from 'vitest';
import { keepFocus, moveFocus, movePane, moveToward, toFocusOrder, toRegionAt } from '../../src/tui/focus.ts';
import { toWorkspaceLayout, type WorkspaceRegion } from '../../src/tui/layout.ts';

const panes = ['a', 'b', 'c', 'd'];
const layout = toWorkspaceLayout({
  ...{ columns: 200, rows: 50, promptRows: 1, cardWaits: true, panes },
  ...{ arrangement: 'grid', focus: 'prompt', isZoomed: false },
});

describe('the focus', () => {
  it('goes through every part with Tab and comes back', () => {
    const order = toFocusOrder(panes, 1);
    let at: WorkspaceRegion = 'prompt';
    const seen: WorkspaceRegion[] = [];
    for (let step = 0; step < order.length; step += 1) {
      seen.push(at);
      at = moveFocus(order, at, 1);
    }
    expect(seen).toEqual(order);
    expect(at).toBe('prompt');
    expect(moveFocus(order, 'prompt', -1)).toBe('pane:d');
  });

  it.each<[WorkspaceRegion, 'up' | 'down' | 'left' | 'right', WorkspaceRegion]>([
    ['conversation', 'down', 'card'],
    ['card', 'down', 'prompt'],
    ['prompt', 'up', 'card'],
    ['conversation', 'right', 'pane:a'],
    ['prompt', 'right', 'pane:c'],
    ['pane:a', 'left', 'conversation'],
    ['pane:a', 'right', 'pane:b'],
    ['pane:a', 'down', 'pane:c'],
    ['pane:d', 'up', 'pane:b'],
    ['pane:d', 'down', 'pane:d'],
    ['conversation', 'left', 'conversation'],
  ])('from %s %s is %s', (from, direction, expected) => {
    expect(moveToward(layout, from, direction)).toBe(expected);
  });

  it.each<[WorkspaceRegion, boolean, WorkspaceRegion]>([
    ['card', true, 'card'],
    ['card', false, 'conversation'],
    ['prompt', true, 'prompt'],
    ['pane:gone', true, 'conversation'],
    ['conversation', true, 'conversation'],
  ])('stays where it is as long as that exists: %s, card waits %s', (from, cardWaits, expected) => {
    expect(keepFocus(toFocusOrder(panes, cardWaits ? 1 : 0), from)).toBe(expected);
  });

  it('moves among panes around the end, and nowhere without panes', () => {
    expect(movePane(panes, 'prompt', 1)).toBe('pane:a');
    expect(movePane(panes, 'prompt', -1)).toBe('pane:d');
    expect(movePane(panes, 'pane:d', 1)).toBe('pane:a');
    expect(movePane([], 'prompt', 1)).toBe('prompt');
  });

  it('finds the part under the mouse', () => {
    for (const pane of layout.panes)
      expect(toRegionAt(layout, pane.rect.row, pane.rect.column)).toBe(`pane:${pane.server}`);
    expect(toRegionAt(layout, 0, 0)).toBe(null);
  });
});
