/**
 * The blocks of a pane as one stream of rows: what is folded, what a filter lets through, where each row is. Paints nothing and handles no key.
 */
import type { BlockView } from '../../protocol/view.ts';
import { type Fold, toFoldPlan, toNextFold } from '../present/block-fold.ts';
import type { Page } from '../present/page.ts';
import { type BlockWords, isCommandBlock } from '../present/server-pane.ts';
import { heightOf, type PlacedBlock } from './block-layout.ts';
import { BlockLines } from './block-lines.ts';
import type { BlockOutputs } from './block-outputs.ts';
import type { OutputRows, OutputView } from './output-rows.ts';

/** Columns of the time before each row of output. */
export const timeColumns = 9;

export class BlockStream {
  readonly lines = new BlockLines();
  readonly outputs: BlockOutputs;
  readonly #folds = new Map<string, Fold>();
  /** Of blocks that have no fold of their own. */
  #foldOfAll: Fold = 'auto';
  #placed: readonly PlacedBlock[] = [];
  #rowCount = 0;

  constructor(outputs: BlockOutputs) {
    this.outputs = outputs;
  }

  get placed(): readonly PlacedBlock[] {
    return this.#placed;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** Lays the blocks out. What a block is made of is looked at when the block has changed, never again with each frame. */
  layOut(blocks: readonly BlockView[], view: OutputView, page: Page, words: BlockWords): void {
    this.outputs.setView(view, words.times === 'shown' ? 'lines' : 'rows');
    const placed: PlacedBlock[] = [];
    let y = 0;
    const shown = view.filter === null ? blocks : blocks.filter((block) => this.#passes(block, view.filter));
    for (const [index, block] of shown.entries()) {
      const next = placeBlock(this, block, shown[index + 1], { y, isFiltered: view.filter !== null, page, words });
      placed.push(next);
      y += heightOf(next);
    }
    this.#placed = placed;
    this.#rowCount = y;
    this.outputs.trim(blocks);
    if (this.#folds.size > blocks.length) this.#forgetFolds(blocks);
  }

  find(id: string | null): PlacedBlock | undefined {
    return this.#placed.find(({ block }) => block.id === id);
  }

  foldOf(id: string): Fold {
    return this.#folds.get(id) ?? this.#foldOfAll;
  }

  /** The next state of one block; null when it has no output to fold. */
  toggleFold(id: string): Fold | null {
    const placed = this.find(id);
    if (!placed || placed.output.count + placed.output.gone === 0) return null;
    const fold = toNextFold(placed.output.count, placed.output.gone, this.foldOf(id));
    this.#folds.set(id, fold);
    return fold;
  }

  open(id: string): void {
    this.#folds.set(id, 'open');
  }

  /** Folds all when anything is shown of any output, else unfolds all. */
  toggleAll(): Fold {
    const isAnyShown = this.#placed.some(({ plan }) => plan.before + plan.after > 0);
    this.#folds.clear();
    this.#foldOfAll = isAnyShown ? 'folded' : 'open';
    return this.#foldOfAll;
  }

  #passes(block: BlockView, filter: OutputView['filter']): boolean {
    return filter === null || filter(block.summary) || this.outputs.rowsOf(block).count > 0;
  }

  #forgetFolds(blocks: readonly BlockView[]): void {
    const ids = new Set(blocks.map(({ id }) => id));
    for (const id of [...this.#folds.keys()]) if (!ids.has(id)) this.#folds.delete(id);
  }
}

interface Setting {
  readonly y: number;
  readonly isFiltered: boolean;
  readonly page: Page;
  readonly words: BlockWords;
}

function placeBlock(
  stream: BlockStream,
  block: BlockView,
  next: BlockView | undefined,
  { y, isFiltered, page, words }: Setting,
): PlacedBlock {
  const output: OutputRows = stream.outputs.rowsOf(block);
  const plan = isFiltered
    ? toFoldPlan(output.count, 0, 'open')
    : toFoldPlan(output.count, output.gone, stream.foldOf(block.id), block.skippedBytes > 0 ? 'cut' : 'whole');
  const isCommand = isCommandBlock(block);
  const isLast = next === undefined;
  const isDense = isFiltered || (!isCommand && next !== undefined && !isCommandBlock(next));
  return {
    ...{ block, y, output, plan },
    headRows: stream.lines.headRowsOf(block, page, words),
    footRows: isFiltered ? 0 : stream.lines.footRowsOf(block, page, words),
    gap: isLast || isDense ? 0 : 1,
  };
}
