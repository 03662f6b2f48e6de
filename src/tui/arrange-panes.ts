/**
 * Where the server panes go in their part of the screen, in each arrangement, and which of them have no room there. Pure; knows nothing of
 * the conversation beside them and of what a pane shows.
 */
import type { Rect } from './layout.ts';
import {
  insertBeside,
  isFitting,
  layTree,
  pruneTree,
  renameLeaves,
  type Smallest,
  type SplitTree,
  toLeaf,
  toLeaves,
  toSplit,
} from './split-tree.ts';

/** `main`: the first pane is large, the others stand beside it. `manual`: as the operator divided it. */
export const arrangements = ['grid', 'stack', 'main', 'manual'] as const;
export type Arrangement = (typeof arrangements)[number];

export interface PanesInput {
  /** Server ids in their order. */
  readonly panes: readonly string[];
  /** Those that stay in sight when there are more than fit. */
  readonly pinned: readonly string[];
  /** The pane that must be in sight: the one with the focus, or that had it last. */
  readonly anchor: string | null;
  readonly arrangement: Arrangement;
  /** How the operator divided the room; null before that. */
  readonly tree: SplitTree | null;
}

export interface PlacedPane {
  readonly server: string;
  readonly rect: Rect;
  /** Only its title line has room. */
  readonly isCollapsed: boolean;
}

export interface ArrangedPanes {
  readonly panes: readonly PlacedPane[];
  /** Those that have no room, in their order. */
  readonly outOfSight: readonly string[];
  /** How the room is divided, in cells; null in a stack, whose borders cannot be moved. */
  readonly tree: SplitTree | null;
}

/** What a pane gets at least when nobody said otherwise: room for a line of `df -h` and a few rows. */
const automatic: Smallest = { columns: 44, rows: 7 };
/** What is left of a pane when the operator makes it small: a title and a row of output. */
export const smallestPane: Smallest = { columns: 18, rows: 3 };
/** Of the room, for the large pane. */
const mainShare = 0.6;
/** Output is wide: a cell is about twice as high as wide, and a pane half as high as wide is pleasant. */
const pleasantRatio = 3.2;
const pleasantColumns = 80;

export function arrangePanes(input: PanesInput, area: Rect): ArrangedPanes {
  switch (input.arrangement) {
    case 'stack':
      return toStack(input, area);
    case 'grid':
      return toArranged(input, area, toGrid(input, area));
    case 'main':
      return toArranged(input, area, toMain(input, area));
    case 'manual':
      return toArranged(input, area, toManual(input, area) ?? toGrid(input, area));
  }
}

function toArranged(input: PanesInput, area: Rect, tree: SplitTree): ArrangedPanes {
  const laid = layTree(tree, area, smallestPane);
  const shown = new Set(laid.panes.map(({ server }) => server));
  return {
    panes: laid.panes.map((pane) => ({ ...pane, isCollapsed: false })),
    outOfSight: input.panes.filter((server) => !shown.has(server)),
    tree: laid.tree,
  };
}

/**
 * As even a grid as its smallest useful pane allows, with panes as near to a pleasant shape as the count allows. No row has more than one pane
 * more than another, so none is left with a whole row that is not needed.
 */
function toGrid(input: PanesInput, area: Rect): SplitTree {
  const across = Math.max(1, Math.floor(area.columns / automatic.columns));
  const down = Math.max(1, Math.floor(area.rows / automatic.rows));
  const shown = toWindow(input, across * down);
  const rowCount = Math.ceil(shown.length / toGridColumns(shown.length, across, down, area));
  const rows: SplitTree[] = [];
  for (let at = 0; rows.length < rowCount; ) {
    const count = Math.ceil((shown.length - at) / (rowCount - rows.length));
    rows.push(toSplit('columns', shown.slice(at, at + count).map(toLeaf)));
    at += count;
  }
  return toSplit('rows', rows);
}

function toGridColumns(count: number, across: number, down: number, area: Rect): number {
  let best = { columns: Math.ceil(count / down), penalty: Number.POSITIVE_INFINITY };
  for (let columns = Math.ceil(count / down); columns <= Math.min(across, count); columns += 1) {
    const width = area.columns / columns;
    const height = area.rows / Math.ceil(count / columns);
    const narrow = Math.max(0, (pleasantColumns - width) / pleasantColumns);
    const penalty = Math.abs(Math.log(width / height / pleasantRatio)) + 1.5 * narrow;
    if (penalty < best.penalty) best = { columns, penalty };
  }
  return Math.max(1, best.columns);
}

/** The first pane is large; the others are a grid beside it, or below it where that leaves neither of them useful columns. */
function toMain(input: PanesInput, area: Rect): SplitTree {
  const [first, ...others] = input.panes;
  if (first === undefined || others.length === 0) return toLeaf(first ?? '');
  const along = area.columns >= 2 * automatic.columns ? 'columns' : 'rows';
  if (area[along] < 2 * automatic[along]) return toLeaf(toWindow(input, 1)[0] ?? first);
  const large = Math.round(mainShare * 100);
  const side = { ...area, [along]: Math.floor(area[along] * (1 - mainShare)) };
  return {
    kind: 'split',
    along,
    parts: [
      { share: large, tree: toLeaf(first) },
      { share: 100 - large, tree: toGrid({ ...input, panes: others }, side) },
    ],
  };
}

/**
 * The operator's division, without the panes that are gone and with those that came, as far as they fit. What must be in sight takes the place
 * of another when there is no room for both. Null when nothing of it is left.
 */
function toManual(input: PanesInput, area: Rect): SplitTree | null {
  let tree = input.tree === null ? null : pruneTree(input.tree, (server) => input.panes.includes(server));
  if (!tree) return null;
  const wanted = toWanted(input);
  for (const server of wanted.toReversed()) {
    if (isFitting(tree, area, smallestPane)) break;
    const smaller = pruneTree(tree, (other) => other !== server);
    if (smaller && toLeaves(tree).includes(server)) tree = smaller;
  }
  for (const server of wanted) {
    if (toLeaves(tree).includes(server)) continue;
    const grown = toGrown(tree, server, area);
    if (grown) tree = grown;
    else if (server === input.anchor) tree = toReplaced(tree, server, wanted);
  }
  return tree;
}

/** The most important first: what must be in sight, what is pinned, then the order. */
function toWanted({ panes, pinned, anchor }: PanesInput): readonly string[] {
  const rank = (server: string): number => (server === anchor ? 0 : pinned.includes(server) ? 1 : 2);
  return panes.toSorted((a, b) => rank(a) - rank(b));
}

/** With the server in one half of the largest pane; null when a half is too small to be read. */
function toGrown(tree: SplitTree, server: string, area: Rect): SplitTree | null {
  const { panes } = layTree(tree, area, smallestPane);
  const largest = panes.toSorted((a, b) => b.rect.rows * b.rect.columns - a.rect.rows * a.rect.columns)[0];
  if (!largest) return null;
  const along = largest.rect.columns >= 2 * pleasantColumns ? 'columns' : 'rows';
  if (largest.rect[along] < 2 * automatic[along]) return null;
  const grown = insertBeside(tree, largest.server, server, along);
  return isFitting(grown, area, smallestPane) ? grown : null;
}

/** The least important pane makes room. */
function toReplaced(tree: SplitTree, server: string, wanted: readonly string[]): SplitTree {
  const leaves = toLeaves(tree);
  const least = wanted.findLast((other) => leaves.includes(other));
  return renameLeaves(tree, (other) => (other === least ? server : other));
}

/** One pane has the room; the others are title lines. */
function toStack(input: PanesInput, area: Rect): ArrangedPanes {
  const shown = toWindow(input, Math.max(1, area.rows - automatic.rows + 1));
  const open = shown.find((server) => server === input.anchor) ?? shown[0];
  const openRows = area.rows - (shown.length - 1);
  let row = area.row;
  const panes = shown.map((server) => {
    const rows = server === open ? openRows : 1;
    const rect = { ...area, row, rows };
    row += rows;
    return { server, rect, isCollapsed: server !== open };
  });
  return { panes, outOfSight: input.panes.filter((server) => !shown.includes(server)), tree: null };
}

/** As many as fit: those that are pinned, and of the others the stretch that holds the one that must be in sight. */
function toWindow({ panes, pinned, anchor }: PanesInput, count: number): readonly string[] {
  if (panes.length <= count) return panes;
  const isAnchorFree = anchor !== null && panes.includes(anchor) && !pinned.includes(anchor);
  const kept = panes.filter((server) => pinned.includes(server)).slice(0, isAnchorFree ? count - 1 : count);
  // A pinned pane that has the focus and no room among the pinned ones is shown all the same.
  if (anchor !== null && pinned.includes(anchor) && panes.includes(anchor) && !kept.includes(anchor))
    kept.splice(-1, 1, anchor);
  const others = panes.filter((server) => !pinned.includes(server));
  const room = count - kept.length;
  const at = Math.max(0, anchor === null ? 0 : others.indexOf(anchor));
  const from = room < 1 ? 0 : Math.min(Math.floor(at / room) * room, Math.max(0, others.length - room));
  const shown = new Set([...kept, ...others.slice(from, from + Math.max(0, room))]);
  return panes.filter((server) => shown.has(server));
}
