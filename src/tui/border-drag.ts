/**
 * Borders on the screen and what moving one means: the border under a cell, the one that an arrow means for the part with the focus, and the
 * placement after it. Pure; knows no key and no mouse.
 */

import { smallestPane } from './arrange-panes.ts';
import type { Direction } from './focus.ts';
import { contains, moveDivide, type Rect, type WorkspaceLayout, type WorkspaceRegion } from './layout.ts';
import { type Placement, withTree } from './placement.ts';
import type { Axis } from './split-tree.ts';
import { findBorder, moveTreeBorder, type TreeBorder, toTreeBorders } from './tree-borders.ts';

/** A border between two panes, or the one between the conversation and the panes. */
export type Border =
  | { readonly kind: 'panes'; readonly path: readonly number[]; readonly index: number }
  | { readonly kind: 'divide' };

export interface FoundBorder {
  readonly border: Border;
  readonly along: Axis;
  /** Cells from the first one after the border to the one that was asked for: -1 or 0. */
  readonly offset: number;
}

/** Both cells that a border consists of count: the last of one part and the first of the next. */
export function toBorderAt(layout: WorkspaceLayout, row: number, column: number): FoundBorder | null {
  const { divide } = layout;
  const cell = (along: Axis): number => (along === 'columns' ? column : row);
  if (divide && contains(toDivideCells(divide), row, column))
    return { border: { kind: 'divide' }, along: divide.along, offset: cell(divide.along) - toDivideEnd(divide) };
  const found = toBorders(layout).find(({ cells }) => contains(cells, row, column));
  if (!found) return null;
  const { path, index, along, at } = found;
  return { border: { kind: 'panes', path, index }, along, offset: cell(along) - at };
}

/** The border as it is now goes to this cell, as far as both sides allow; the same placement when it does not move. */
export function moveBorderTo(
  layout: WorkspaceLayout,
  placement: Placement,
  border: Border,
  cell: { readonly row: number; readonly column: number },
): Placement {
  const to = (along: Axis): number => (along === 'columns' ? cell.column : cell.row);
  if (border.kind === 'divide') {
    const { divide } = layout;
    if (!divide) return placement;
    return moveBorderBy(layout, placement, border, to(divide.along) - toDivideEnd(divide));
  }
  const now = toBorders(layout).find(({ path, index }) => index === border.index && path.join() === border.path.join());
  return now ? moveBorderBy(layout, placement, border, to(now.along) - now.at) : placement;
}

export function moveBorderBy(layout: WorkspaceLayout, placement: Placement, border: Border, by: number): Placement {
  const { divide, tree } = layout;
  if (border.kind === 'divide') {
    if (!divide || by === 0) return placement;
    const { shares } = placement;
    return { ...placement, shares: { ...shares, [divide.along]: moveDivide(divide, by) } };
  }
  if (!tree) return placement;
  const moved = moveTreeBorder(tree, border, by, smallestPane);
  return moved === tree || JSON.stringify(moved) === JSON.stringify(tree) ? placement : withTree(placement, moved);
}

/** What an arrow moves: the border of the pane with the focus, else the one between the conversation and the panes. */
export function toBorderToward(layout: WorkspaceLayout, focus: WorkspaceRegion, direction: Direction): Border | null {
  const along: Axis = direction === 'left' || direction === 'right' ? 'columns' : 'rows';
  const server = focus.startsWith('pane:') ? focus.slice('pane:'.length) : null;
  const ofPane = server !== null && layout.tree ? findBorder(layout.tree, server, direction) : null;
  if (ofPane) return { kind: 'panes', ...ofPane };
  return layout.divide?.along === along ? { kind: 'divide' } : null;
}

function toBorders({ tree, panesArea }: WorkspaceLayout): readonly TreeBorder[] {
  return tree && panesArea ? toTreeBorders(tree, panesArea) : [];
}

function toDivideEnd({ along, body, before }: NonNullable<WorkspaceLayout['divide']>): number {
  return before + (along === 'columns' ? body.column : body.row);
}

function toDivideCells({ along, body, before }: NonNullable<WorkspaceLayout['divide']>): Rect {
  return along === 'columns'
    ? { ...body, column: body.column + before - 1, columns: 2 }
    : { ...body, row: body.row + before - 1, rows: 2 };
}
