/**
 * How the operator has arranged the panes of one session: order, hidden and pinned ones, division, zoom. Values and pure changes of them;
 * knows no screen, and no server but by its id.
 */
import { type Arrangement, arrangements } from './arrange-panes.ts';
import type { ConversationShares } from './layout.ts';
import { renameLeaves, type SplitTree } from './split-tree.ts';

export interface Placement {
  readonly arrangement: Arrangement;
  /** Whose panes are shown: the session's servers, or every registered one with those first. */
  readonly scope: 'session' | 'all';
  /** Ids in the order the operator gave them; the others follow as they come. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
  /** How the operator divided the room of the panes. */
  readonly tree: SplitTree | null;
  readonly shares: ConversationShares;
  /** The part that takes the whole screen. */
  readonly zoomed: string | null;
}

export const plainPlacement: Placement = {
  arrangement: 'grid',
  scope: 'session',
  order: [],
  hidden: [],
  pinned: [],
  tree: null,
  shares: { columns: null, rows: null },
  zoomed: null,
};

/** What is there, in the operator's order. */
export function toOrdered(available: readonly string[], order: readonly string[]): readonly string[] {
  const there = new Set(available);
  const first = new Set(order.filter((server) => there.has(server)));
  return [...first, ...available.filter((server) => !first.has(server))];
}

/** The arrangement after this one; a manual one begins with what is on the screen. */
export function toNextArrangement(placement: Placement, shown: SplitTree | null): Placement {
  const at = arrangements.indexOf(placement.arrangement);
  const arrangement = arrangements[(at + 1) % arrangements.length] ?? 'grid';
  return { ...placement, arrangement, tree: arrangement === 'manual' ? (placement.tree ?? shown) : placement.tree };
}

/** The division is the operator's from now on. */
export function withTree(placement: Placement, tree: SplitTree): Placement {
  return { ...placement, arrangement: 'manual', tree };
}

/** Every border where it is best again; a division by hand becomes a grid. */
export function withPlainBorders(placement: Placement): Placement {
  const arrangement = placement.arrangement === 'manual' ? 'grid' : placement.arrangement;
  return { ...placement, arrangement, tree: null, shares: plainPlacement.shares };
}

/** Two panes change places, in the order and in a division by hand. */
export function withSwapped(placement: Placement, panes: readonly string[], a: string, b: string): Placement {
  const other = (server: string): string => (server === a ? b : server === b ? a : server);
  // The order of panes that are not shown now (hidden, or of the other scope) is kept behind.
  const order = [...panes.map(other), ...placement.order.filter((server) => !panes.includes(server))];
  return { ...placement, order, tree: placement.tree && renameLeaves(placement.tree, other) };
}

export function withToggled(placement: Placement, list: 'hidden' | 'pinned', server: string): Placement {
  const before = placement[list];
  const after = before.includes(server) ? before.filter((other) => other !== server) : [...before, server];
  return { ...placement, [list]: after };
}

export function isPlain(placement: Placement): boolean {
  return JSON.stringify(placement) === JSON.stringify(plainPlacement);
}
