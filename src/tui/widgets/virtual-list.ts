/** A list of any length that draws only the rows in sight. Asks for rows by number; knows nothing of what they are. */
import { Emitter, type Event } from '../../base/event.ts';
import { type Key, keyId } from '../input/key.ts';
import type { StyledLine } from '../styled.ts';
import type { Surface } from './surface.ts';

export interface VirtualListOptions {
  /** The row as it is drawn at a width; called for rows in sight only. */
  renderRow(index: number, width: number): StyledLine;
  /** Shown when there are no rows. */
  readonly emptyText?: string | (() => string);
}

export class VirtualList {
  readonly #options: VirtualListOptions;
  readonly #selections = new Emitter<number>();
  #rowCount = 0;
  #selected = 0;
  #top = 0;
  #height = 1;

  constructor(options: VirtualListOptions) {
    this.#options = options;
  }

  /** The selected row changed. */
  readonly onSelect: Event<number> = this.#selections.event;

  get rowCount(): number {
    return this.#rowCount;
  }

  /** The selected row; 0 when there are none. */
  get selected(): number {
    return this.#selected;
  }

  /** The first row in sight. */
  get top(): number {
    return this.#top;
  }

  /** Whether all rows were in sight when it was drawn last, so that a page further there is nothing. */
  get isWhole(): boolean {
    return this.#rowCount <= this.#height;
  }

  /** Tells how many rows there are now; `follow` keeps the last row selected when it was. */
  setRowCount(count: number, follow: 'follow' | 'stay' = 'stay'): void {
    const wasLast = this.#rowCount > 0 && this.#selected === this.#rowCount - 1;
    this.#rowCount = Math.max(0, Math.floor(count));
    this.select(follow === 'follow' && wasLast ? this.#rowCount - 1 : this.#selected);
  }

  select(index: number): void {
    const before = this.#selected;
    this.#selected = Math.max(0, Math.min(Math.floor(index), this.#rowCount - 1));
    this.#keepInSight();
    if (this.#selected !== before) this.#selections.fire(this.#selected);
  }

  moveBy(rows: number): void {
    this.select(this.#selected + rows);
  }

  /** Scrolls without keeping the selection in sight's middle: for the mouse wheel; the selection follows at the edges. */
  scrollBy(rows: number): void {
    const topMax = Math.max(0, this.#rowCount - this.#height);
    this.#top = Math.max(0, Math.min(this.#top + rows, topMax));
    const inside = Math.max(this.#top, Math.min(this.#selected, this.#top + this.#height - 1));
    this.select(inside);
  }

  /** Arrow, page, Home and End keys; letters belong to the key map. */
  handleKey(key: Key): boolean {
    switch (keyId(key)) {
      case 'up':
        this.moveBy(-1);
        return true;
      case 'down':
        this.moveBy(1);
        return true;
      case 'pageup':
        this.moveBy(-Math.max(1, this.#height - 1));
        return true;
      case 'pagedown':
        this.moveBy(Math.max(1, this.#height - 1));
        return true;
      case 'home':
        this.select(0);
        return true;
      case 'end':
        this.select(this.#rowCount - 1);
        return true;
      default:
        return false;
    }
  }

  /** The row under a line of the surface that was drawn last, or null. */
  rowAt(y: number): number | null {
    const index = this.#top + y;
    return y >= 0 && y < this.#height && index < this.#rowCount ? index : null;
  }

  draw(surface: Surface, focus: 'focused' | 'unfocused' = 'focused'): void {
    this.#height = Math.max(1, surface.height);
    this.#keepInSight();
    if (this.#rowCount === 0) {
      const { emptyText = '' } = this.#options;
      surface.put(0, 0, typeof emptyText === 'string' ? emptyText : emptyText(), { token: 'muted' });
      return;
    }
    const hasBar = this.#rowCount > surface.height && surface.width > 4;
    const rows = hasBar ? surface.part({ x: 0, y: 0, width: surface.width - 1, height: surface.height }) : surface;
    for (let y = 0; y < surface.height && this.#top + y < this.#rowCount; y += 1) {
      const index = this.#top + y;
      const isSelected = index === this.#selected;
      const style = isSelected ? ({ token: 'selection', bold: focus === 'focused' } as const) : {};
      if (isSelected) rows.fill(style, { x: 0, y, width: rows.width, height: 1 });
      const line = this.#options.renderRow(index, rows.width);
      rows.put(0, y, line, style);
      // A ground that is a little lighter is easily overlooked; rows that begin with a blank have a place for a sign.
      if (isSelected && line[0]?.text.startsWith(' ')) rows.put(0, y, rows.borders.cursor, { ...style, bold: true });
    }
    if (hasBar) drawScrollBar(surface, this.#top, this.#rowCount);
  }

  #keepInSight(): void {
    if (this.#selected < this.#top) this.#top = this.#selected;
    if (this.#selected >= this.#top + this.#height) this.#top = this.#selected - this.#height + 1;
    this.#top = Math.max(0, Math.min(this.#top, this.#rowCount - this.#height));
  }
}

/** A bar in the last column: where the part in sight lies in the whole. */
export function drawScrollBar(surface: Surface, top: number, total: number): void {
  const { height, width, borders } = surface;
  const size = Math.max(1, Math.round((height * height) / total));
  const start = Math.min(height - size, Math.round((top / Math.max(1, total - height)) * (height - size)));
  for (let y = 0; y < height; y += 1) {
    const inThumb = y >= start && y < start + size;
    surface.put(width - 1, y, inThumb ? borders.thumb : borders.vertical, { token: inThumb ? 'focus' : 'border' });
  }
}
