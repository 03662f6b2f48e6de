/**
 * Where one looks at a stream of blocks: the rows in sight, which keep their place while others come and go, and the chosen block. Paints nothing.
 */
import type { Action } from '../keymap.ts';
import { Viewport } from '../viewport.ts';
import { blockAt, heightOf, ownRowsOf, type PlacedBlock } from './block-layout.ts';
import type { BlockStream } from './block-stream.ts';

export class StreamView {
  readonly #stream: BlockStream;
  readonly #viewport = new Viewport('stream');
  /** Null: the newest, whichever that is. */
  #chosen: string | null = null;
  /** The row at the top at the last painting, by its block: rows above it may come and go. */
  #anchor: { readonly top: number; readonly block: string; readonly offset: number } | null = null;

  constructor(stream: BlockStream) {
    this.#stream = stream;
  }

  get top(): number {
    return this.#viewport.top;
  }

  get rows(): number {
    return this.#viewport.rows;
  }

  get isFollowing(): boolean {
    return this.#viewport.isFollowing;
  }

  get chosen(): PlacedBlock | undefined {
    return this.#stream.find(this.#chosen) ?? this.#stream.placed.at(-1);
  }

  /** Called before each painting, when the blocks were laid out; the first row in sight. */
  fit(height: number): number {
    const { placed, rowCount } = this.#stream;
    const anchor = this.#anchor;
    const anchored = anchor ? this.#stream.find(anchor.block) : undefined;
    if (anchor && anchored && !this.isFollowing) {
      const moved = this.#viewport.top - anchor.top;
      this.#viewport.keep(anchored.y + Math.min(anchor.offset, heightOf(anchored) - 1) + moved);
    }
    const top = this.#viewport.fit(rowCount, height);
    const first = blockAt(placed, top);
    this.#anchor = first ? { top, block: first.block.id, offset: top - first.y } : null;
    return top;
  }

  /** The scrolling actions; the chosen block is always one in sight. */
  handleAction(action: Action): boolean {
    const before = this.top;
    if (!this.#viewport.handleAction(action)) return false;
    if (action === 'toEnd') this.#chosen = null;
    else if (action === 'toStart') this.#choose(this.#stream.placed[0]);
    else this.#chooseInSight(this.top < before ? 'up' : 'down');
    return true;
  }

  scroll(lines: number): void {
    this.#viewport.scroll(lines);
    this.#chooseInSight(lines < 0 ? 'up' : 'down');
  }

  /** Scrolls so that a row is in sight, as little as needed. */
  scrollTo(row: number): void {
    if (row < this.top) this.#viewport.to(row);
    else if (row >= this.top + this.rows) this.#viewport.to(row - this.rows + 1);
  }

  /** To the block before or after; to the beginning of the chosen one first where that is above. False at the ends. */
  step(by: 1 | -1): boolean {
    const { placed } = this.#stream;
    const { chosen } = this;
    if (!chosen) return false;
    const isBeginAbove = chosen.y < this.top;
    if (by === -1 && isBeginAbove) {
      this.show(chosen);
      return true;
    }
    const next = placed[placed.indexOf(chosen) + by];
    if (next) this.show(next);
    else if (by === 1) this.#viewport.toEnd();
    return next !== undefined;
  }

  /** Chooses a block and brings it into sight: all of it where that has room, else its beginning. */
  show(placed: PlacedBlock): void {
    this.#choose(placed);
    const own = ownRowsOf(placed);
    const isLast = placed === this.#stream.placed.at(-1);
    const isInSight = placed.y >= this.top && placed.y + own <= this.top + this.rows;
    if (isLast && own <= this.rows) this.#viewport.toEnd();
    else {
      this.#viewport.stay();
      if (isInSight) return;
      const isBelow = placed.y > this.top && own < this.rows;
      this.#begin(isBelow ? placed.y + own - this.rows : placed.y);
    }
  }

  /** Brings a row into sight with some rows above it. */
  reveal(row: number): void {
    if (row >= this.top && row < this.top + this.rows && !this.isFollowing) return;
    this.#viewport.stay();
    this.#begin(row - (this.rows >> 1));
  }

  /** The block under a row in sight. */
  chooseAt(y: number): PlacedBlock | undefined {
    const placed = blockAt(this.#stream.placed, this.top + y);
    this.#choose(placed);
    return placed;
  }

  /** The row to begin with, as the blocks lie now. */
  #begin(row: number): void {
    this.#viewport.keep(row);
    this.#anchor = null;
  }

  #choose(placed: PlacedBlock | undefined): void {
    this.#chosen = placed === this.#stream.placed.at(-1) ? null : (placed?.block.id ?? null);
  }

  #chooseInSight(direction: 'up' | 'down'): void {
    const { chosen, top, rows } = this;
    if (!chosen || (chosen.y < top + rows && chosen.y + ownRowsOf(chosen) > top)) return;
    this.#choose(blockAt(this.#stream.placed, direction === 'up' ? top + rows - 1 : top));
  }
}
