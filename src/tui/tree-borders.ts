/**
 * The borders between the panes of a split tree: which one a key or the mouse means, and the tree after it was moved. Pure; a tree is taken
 * with its shares in cells, as `layTree` returns it.
 */
import type { Direction } from './focus.ts';
import type { Rect } from './layout.ts';
import { type Axis, type Smallest, type SplitTree, toLeaves, toRoom } from './split-tree.ts';

/** The border after part `index` of the split at the end of `path`. */
export interface TreeBorder {
  readonly path: readonly number[];
  readonly index: number;
  readonly along: Axis;
  /** The first cell after it, along the axis. */
  readonly at: number;
  /** The cells that show it: the last of one pane and the first of the next. */
  readonly cells: Rect;
}

export function toTreeBorders(tree: SplitTree, area: Rect, path: readonly number[] = []): readonly TreeBorder[] {
  if (tree.kind === 'pane') return [];
  const { along, parts } = tree;
  let at = along === 'columns' ? area.column : area.row;
  return parts.flatMap((part, index) => {
    const rect =
      along === 'columns' ? { ...area, column: at, columns: part.share } : { ...area, row: at, rows: part.share };
    at += part.share;
    const inner = toTreeBorders(part.tree, rect, [...path, index]);
    if (index === parts.length - 1) return inner;
    const cells = along === 'columns' ? { ...area, column: at - 1, columns: 2 } : { ...area, row: at - 1, rows: 2 };
    return [...inner, { path, index, along, at, cells }];
  });
}

/** Moves the border by cells as far as both sides keep their smallest size; the same tree when it cannot move. */
export function moveTreeBorder(
  tree: SplitTree,
  border: Pick<TreeBorder, 'path' | 'index'>,
  by: number,
  smallest: Smallest,
): SplitTree {
  if (tree.kind === 'pane') return tree;
  const [first, ...rest] = border.path;
  if (first !== undefined) {
    const parts = tree.parts.map((part, index) =>
      index === first ? { ...part, tree: moveTreeBorder(part.tree, { ...border, path: rest }, by, smallest) } : part,
    );
    return { ...tree, parts };
  }
  const before = tree.parts[border.index];
  const after = tree.parts[border.index + 1];
  if (!before || !after) return tree;
  const spare = (part: typeof before): number => Math.max(0, part.share - toRoom(part.tree, smallest)[tree.along]);
  const moved = Math.max(-spare(before), Math.min(by, spare(after)));
  if (moved === 0) return tree;
  const parts = tree.parts.map((part, index) => {
    if (index === border.index) return { ...part, share: part.share + moved };
    return index === border.index + 1 ? { ...part, share: part.share - moved } : part;
  });
  return { ...tree, parts };
}

/** The border that an arrow moves for a pane: the one after it along the arrow's axis, else the one before it. */
export function findBorder(
  tree: SplitTree,
  server: string,
  direction: Direction,
): Pick<TreeBorder, 'path' | 'index'> | null {
  const along: Axis = direction === 'left' || direction === 'right' ? 'columns' : 'rows';
  const places = toPlaces(tree, server, along);
  const after = places.findLast(({ at, count }) => at < count - 1);
  if (after) return { path: after.path, index: after.at };
  const before = places.findLast(({ at }) => at > 0);
  return before ? { path: before.path, index: before.at - 1 } : null;
}

interface Place {
  readonly path: readonly number[];
  /** Which of the split's parts holds the pane. */
  readonly at: number;
  readonly count: number;
}

/** The splits along the axis that hold the pane, from the outermost to the innermost. */
function toPlaces(tree: SplitTree, server: string, along: Axis, path: readonly number[] = []): readonly Place[] {
  if (tree.kind === 'pane') return [];
  const at = tree.parts.findIndex((part) => toLeaves(part.tree).includes(server));
  const part = tree.parts[at];
  if (!part) return [];
  const here = tree.along === along ? [{ path, at, count: tree.parts.length }] : [];
  return [...here, ...toPlaces(part.tree, server, along, [...path, at])];
}
