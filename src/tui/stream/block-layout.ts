/**
 * Where each block of a pane stands in its stream: rows of its head, of what is shown of its output, of its foot. Numbers only.
 */
import type { BlockView } from '../../protocol/view.ts';
import { type FoldPlan, hasFoldRow, rowsOfPlan } from '../present/block-fold.ts';
import type { OutputRows } from './output-rows.ts';

export interface PlacedBlock {
  readonly block: BlockView;
  /** The row of the stream in which it begins. */
  readonly y: number;
  readonly headRows: number;
  readonly output: OutputRows;
  readonly plan: FoldPlan;
  readonly footRows: number;
  readonly gap: number;
}

export type RowPlace =
  | { readonly part: 'head' | 'output' | 'foot'; readonly index: number }
  | { readonly part: 'fold' | 'gap'; readonly index: 0 };

/** Rows without the gap after it. */
export function ownRowsOf({ headRows, plan, footRows }: PlacedBlock): number {
  return headRows + rowsOfPlan(plan) + footRows;
}

export function heightOf(placed: PlacedBlock): number {
  return ownRowsOf(placed) + placed.gap;
}

/** What the row `offset` rows below the beginning of a block is. */
export function placeAt({ headRows, plan, footRows }: PlacedBlock, offset: number): RowPlace {
  if (offset < headRows) return { part: 'head', index: offset };
  let rest = offset - headRows;
  if (rest < plan.before) return { part: 'output', index: rest };
  rest -= plan.before;
  if (hasFoldRow(plan)) {
    if (rest === 0) return { part: 'fold', index: 0 };
    rest -= 1;
  }
  if (rest < plan.after) return { part: 'output', index: plan.before + plan.hidden + rest };
  rest -= plan.after;
  return rest < footRows ? { part: 'foot', index: rest } : { part: 'gap', index: 0 };
}

/** Where a row of a block is, below its beginning; null when it is folded away. */
export function offsetOf({ headRows, plan }: PlacedBlock, part: RowPlace['part'], index: number): number | null {
  const foldRow = hasFoldRow(plan) ? 1 : 0;
  switch (part) {
    case 'head':
      return index;
    case 'output':
      if (index < plan.before) return headRows + index;
      return index < plan.before + plan.hidden ? null : headRows + foldRow + index - plan.hidden;
    case 'fold':
      return headRows + plan.before;
    case 'foot':
      return headRows + rowsOfPlan(plan) + index;
    case 'gap':
      return null;
  }
}

/** The block that a row of the stream belongs to, by halving; undefined beyond the end. */
export function blockAt(blocks: readonly PlacedBlock[], row: number): PlacedBlock | undefined {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.y ?? 0) <= row) low = middle + 1;
    else high = middle;
  }
  const placed = blocks[low - 1];
  return placed && row < placed.y + heightOf(placed) ? placed : undefined;
}
