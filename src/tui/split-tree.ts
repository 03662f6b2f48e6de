/**
 * A tree of splits over server panes: how a rectangle is divided among them, by shares and with a smallest size for each. Pure; knows no
 * screen, no key and no arrangement by name.
 */
import type { Rect } from './layout.ts';

/** `columns`: the parts stand side by side; `rows`: one below the other. */
export type Axis = 'columns' | 'rows';

export type SplitTree =
  | { readonly kind: 'pane'; readonly server: string }
  | { readonly kind: 'split'; readonly along: Axis; readonly parts: readonly SplitPart[] };

export interface SplitPart {
  /** A whole number from 1; only its proportion to the others counts. */
  readonly share: number;
  readonly tree: SplitTree;
}

/** Cells that a pane must have. */
export interface Smallest {
  readonly columns: number;
  readonly rows: number;
}

export interface LaidTree {
  readonly panes: readonly { readonly server: string; readonly rect: Rect }[];
  /** The same tree with its shares in cells. */
  readonly tree: SplitTree;
}

export function toLeaf(server: string): SplitTree {
  return { kind: 'pane', server };
}

/** Even parts; one alone is no split. */
export function toSplit(along: Axis, trees: readonly SplitTree[]): SplitTree {
  const [first] = trees;
  if (first && trees.length === 1) return first;
  return { kind: 'split', along, parts: trees.map((tree) => ({ share: 1, tree })) };
}

/** Servers from the top left to the bottom right. */
export function toLeaves(tree: SplitTree): readonly string[] {
  return tree.kind === 'pane' ? [tree.server] : tree.parts.flatMap((part) => toLeaves(part.tree));
}

/** The least room in which every pane has its smallest size. */
export function toRoom(tree: SplitTree, smallest: Smallest): Smallest {
  if (tree.kind === 'pane') return smallest;
  const rooms = tree.parts.map((part) => toRoom(part.tree, smallest));
  const sum = (key: keyof Smallest): number => rooms.reduce((total, room) => total + room[key], 0);
  const most = (key: keyof Smallest): number => Math.max(...rooms.map((room) => room[key]));
  return tree.along === 'columns'
    ? { columns: sum('columns'), rows: most('rows') }
    : { columns: most('columns'), rows: sum('rows') };
}

/** One pane alone always fits: it takes what there is. */
export function isFitting(tree: SplitTree, area: Rect, smallest: Smallest): boolean {
  if (tree.kind === 'pane') return true;
  const room = toRoom(tree, smallest);
  return room.columns <= area.columns && room.rows <= area.rows;
}

/** Gives each pane its rectangle. The tree must fit. */
export function layTree(tree: SplitTree, area: Rect, smallest: Smallest): LaidTree {
  if (tree.kind === 'pane') return { panes: [{ server: tree.server, rect: area }], tree };
  const { along } = tree;
  const lengths = toLengths(
    area[along],
    tree.parts.map((part) => part.share),
    tree.parts.map((part) => toRoom(part.tree, smallest)[along]),
  );
  let start = along === 'columns' ? area.column : area.row;
  const laid = tree.parts.map((part, index) => {
    const length = lengths[index] ?? 0;
    const at = along === 'columns' ? { column: start, columns: length } : { row: start, rows: length };
    start += length;
    return layTree(part.tree, { ...area, ...at }, smallest);
  });
  return {
    panes: laid.flatMap((part) => part.panes),
    tree: { ...tree, parts: laid.map((part, index) => ({ share: lengths[index] ?? 1, tree: part.tree })) },
  };
}

/** Divides a length by shares; none gets less than its least, and the cells that are left over go to the first ones. */
export function toLengths(total: number, shares: readonly number[], least: readonly number[]): readonly number[] {
  const fixed = new Map<number, number>();
  const open = (): readonly number[] => shares.map((_, index) => index).filter((index) => !fixed.has(index));
  const rest = (): number => total - [...fixed.values()].reduce((sum, length) => sum + length, 0);
  const shareOf = (index: number): number => shares[index] ?? 1;
  for (;;) {
    const free = open();
    const sum = free.reduce((all, index) => all + shareOf(index), 0);
    const left = rest();
    const short = free.filter((index) => (left * shareOf(index)) / sum < (least[index] ?? 0));
    if (short.length === 0 || short.length === free.length) break;
    for (const index of short) fixed.set(index, least[index] ?? 0);
  }
  const free = open();
  const sum = free.reduce((all, index) => all + shareOf(index), 0);
  const left = rest();
  for (const index of free) fixed.set(index, Math.floor((left * shareOf(index)) / sum));
  let over = rest();
  for (const index of free) {
    if (over <= 0) break;
    fixed.set(index, (fixed.get(index) ?? 0) + 1);
    over -= 1;
  }
  return shares.map((_, index) => fixed.get(index) ?? 0);
}

/** Without the panes that are not kept; null when none is left. */
export function pruneTree(tree: SplitTree, isKept: (server: string) => boolean): SplitTree | null {
  if (tree.kind === 'pane') return isKept(tree.server) ? tree : null;
  const parts = tree.parts.flatMap((part) => {
    const kept = pruneTree(part.tree, isKept);
    return kept ? [{ share: part.share, tree: kept }] : [];
  });
  const [first] = parts;
  if (!first) return null;
  return parts.length === 1 ? first.tree : { ...tree, parts };
}

/** The same places with other panes in them. */
export function renameLeaves(tree: SplitTree, rename: (server: string) => string): SplitTree {
  if (tree.kind === 'pane') return toLeaf(rename(tree.server));
  return { ...tree, parts: tree.parts.map((part) => ({ ...part, tree: renameLeaves(part.tree, rename) })) };
}

/** Divides the place of one pane, and puts another after it. */
export function insertBeside(tree: SplitTree, at: string, server: string, along: Axis): SplitTree {
  if (tree.kind === 'pane') return tree.server === at ? toSplit(along, [tree, toLeaf(server)]) : tree;
  const parts = tree.parts.flatMap((part): readonly SplitPart[] => {
    const isHere = part.tree.kind === 'pane' && part.tree.server === at && tree.along === along;
    if (!isHere) return [{ ...part, tree: insertBeside(part.tree, at, server, along) }];
    const half = Math.max(1, Math.floor(part.share / 2));
    return [
      { share: Math.max(1, part.share - half), tree: part.tree },
      { share: half, tree: toLeaf(server) },
    ];
  });
  return { ...tree, parts };
}
