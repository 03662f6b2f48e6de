/**
 * The lines before and after the output of each block, laid out once for each state of a block: what is out of sight costs nothing with a
 * frame. Lines with a running time in them are made when they are drawn.
 */
import type { BlockView } from '../../protocol/view.ts';
import type { Page } from '../present/page.ts';
import { type BlockWords, isCommandBlock, toBlockFoot, toBlockHead } from '../present/server-pane.ts';
import type { StyledLine } from '../styled.ts';

interface Lines {
  readonly key: string;
  readonly head: readonly StyledLine[];
  readonly foot: readonly StyledLine[];
}

export class BlockLines {
  readonly #lines = new WeakMap<BlockView, Lines>();

  headRowsOf(block: BlockView, page: Page, words: BlockWords): number {
    return isCommandBlock(block) ? this.#of(block, page, words).head.length : 1;
  }

  footRowsOf(block: BlockView, page: Page, words: BlockWords): number {
    if (!isCommandBlock(block)) return 0;
    return block.state === 'ended' ? this.#of(block, page, words).foot.length : 1;
  }

  headOf(block: BlockView, page: Page, words: BlockWords): readonly StyledLine[] {
    const isTimed = !isCommandBlock(block) && block.state !== 'ended';
    return isTimed ? toBlockHead(block, page, words) : this.#of(block, page, words).head;
  }

  footOf(block: BlockView, page: Page, words: BlockWords): readonly StyledLine[] {
    return block.state === 'ended' ? this.#of(block, page, words).foot : toBlockFoot(block, page, words);
  }

  #of(block: BlockView, page: Page, words: BlockWords): Lines {
    const key = `${page.columns} ${words.host} ${words.times}`;
    const known = this.#lines.get(block);
    if (known?.key === key) return known;
    const lines = {
      key,
      head: toBlockHead(block, page, words),
      foot: toBlockFoot(block, page, words),
    };
    this.#lines.set(block, lines);
    return lines;
  }
}
