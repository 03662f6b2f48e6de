/**
 * Placements as plain data for a file, and back. What is read was written by this program or by anybody: each value is checked and bounded.
 * Knows no file.
 */
import { arrangements } from './arrange-panes.ts';
import type { ConversationShares } from './layout.ts';
import { type Placement, plainPlacement } from './placement.ts';
import { type Fields, toFields, toId, toList } from './plain-fields.ts';
import { type SplitPart, type SplitTree, toLeaves } from './split-tree.ts';

/** A placement and when it was used last. */
export interface KeptPlacement {
  readonly usedAtMs: number;
  readonly placement: Placement;
}

export type KeptPlacements = ReadonlyMap<string, KeptPlacement>;

const version = 1;
/** Sessions whose placement is kept, the one that was used longest ago goes first: a person does not come back to older ones. */
const sessionsMax = 200;
/** Servers in one list: more are never looked at side by side. */
const serversMax = 256;
/** Splits inside of splits: each divides the room by two or more, and a screen has a thousand cells at most. */
const depthMax = 16;

export function fromPlacements(kept: KeptPlacements): unknown {
  const newest = [...kept].sort(([, a], [, b]) => b.usedAtMs - a.usedAtMs).slice(0, sessionsMax);
  return {
    version,
    sessions: newest.map(([session, { usedAtMs, placement }]) => ({ session, usedAtMs, ...toBounded(placement) })),
  };
}

/** Throws an Error whose message says where the data is not what `fromPlacements` makes. */
export function toPlacements(value: unknown): KeptPlacements {
  const file = toFields(value, 'the file');
  if (file['version'] !== version) throw new Error(`its version is not ${version}`);
  const rows = toList(file['sessions'], 'sessions', sessionsMax);
  return new Map(
    rows.map((row, index) => {
      const fields = toFields(row, `session ${index + 1}`);
      const usedAtMs = fields['usedAtMs'];
      if (typeof usedAtMs !== 'number' || !Number.isFinite(usedAtMs)) throw new Error('usedAtMs is not a time');
      return [toId(fields['session'], 'session'), { usedAtMs, placement: toPlacement(fields) }];
    }),
  );
}

function toBounded(placement: Placement): Placement {
  const { order, hidden, pinned, tree } = placement;
  return {
    ...placement,
    ...{ order: order.slice(0, serversMax), hidden: hidden.slice(0, serversMax), pinned: pinned.slice(0, serversMax) },
    tree: tree !== null && toDepth(tree) <= depthMax ? tree : null,
  };
}

function toDepth(tree: SplitTree): number {
  return tree.kind === 'pane' ? 0 : 1 + Math.max(...tree.parts.map((part) => toDepth(part.tree)));
}

function toPlacement(fields: Fields): Placement {
  const arrangement = arrangements.find((name) => name === fields['arrangement']);
  const scope = fields['scope'];
  const zoomed = fields['zoomed'];
  if (!arrangement) throw new Error('arrangement is none of ours');
  if (scope !== 'session' && scope !== 'all') throw new Error('scope is neither session nor all');
  return {
    ...plainPlacement,
    ...{ arrangement, scope },
    order: toIds(fields['order'], 'order'),
    hidden: toIds(fields['hidden'], 'hidden'),
    pinned: toIds(fields['pinned'], 'pinned'),
    tree: fields['tree'] === null ? null : toWholeTree(fields['tree']),
    shares: toShares(fields['shares']),
    zoomed: zoomed === null ? null : toId(zoomed, 'zoomed'),
  };
}

function toShares(value: unknown): ConversationShares {
  const fields = toFields(value, 'shares');
  const toShare = (share: unknown): number | null => (share === null ? null : toWhole(share, 'shares', 1_000));
  return { columns: toShare(fields['columns']), rows: toShare(fields['rows']) };
}

/** Each pane has one place. */
function toWholeTree(value: unknown): SplitTree {
  const tree = toTree(value, depthMax);
  const leaves = toLeaves(tree);
  if (new Set(leaves).size < leaves.length) throw new Error('tree has a pane twice');
  return tree;
}

function toTree(value: unknown, depth: number): SplitTree {
  if (depth < 0) throw new Error(`tree is deeper than ${depthMax}`);
  const fields = toFields(value, 'tree');
  if (fields['kind'] === 'pane') return { kind: 'pane', server: toId(fields['server'], 'tree') };
  const along = fields['along'];
  if (fields['kind'] !== 'split' || (along !== 'columns' && along !== 'rows')) throw new Error('tree is no split');
  const parts = toList(fields['parts'], 'tree', serversMax).map((part): SplitPart => {
    const { share, tree } = toFields(part, 'tree') as { share?: unknown; tree?: unknown };
    return { share: toWhole(share, 'tree', 10_000), tree: toTree(tree, depth - 1) };
  });
  if (parts.length < 2) throw new Error('a split of the tree has less than two parts');
  return { kind: 'split', along, parts };
}

function toIds(value: unknown, name: string): readonly string[] {
  return [...new Set(toList(value, name, serversMax).map((id) => toId(id, name)))];
}

function toWhole(value: unknown, name: string, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`${name} has a share that is no whole number from 1 to ${most}`);
  return value;
}
