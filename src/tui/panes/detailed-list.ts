/** What an overlay is that lists things with the details of the chosen one below: how it is placed, painted and moved in. It knows nothing of what is listed. */
import type { Action } from '../keymap.ts';
import { drawFrame, type FocusState, putLines, type Stage, toDetailsNote, toMiddle } from '../pane.ts';
import type { Page } from '../present/page.ts';
import { plain } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';
import { VirtualList } from '../widgets/virtual-list.ts';

export interface DetailedListSource<Row> {
  readonly title: string;
  readonly emptyText: string;
  /** Rows of the screen that the details get. */
  readonly detailRows: number;
  rows(): readonly Row[];
  toRow(row: Row, page: Page): StyledLine;
  toDetails(row: Row, page: Page): readonly StyledLine[];
}

export class DetailedList<Row> {
  readonly #stage: Stage;
  readonly #source: DetailedListSource<Row>;
  readonly #list: VirtualList;
  #details = new Viewport();

  constructor(stage: Stage, source: DetailedListSource<Row>) {
    this.#stage = stage;
    this.#source = source;
    this.#list = new VirtualList({
      renderRow: (index, width) => {
        const row = source.rows()[index];
        return row === undefined ? [] : source.toRow(row, stage.page(width));
      },
      emptyText: ` ${source.emptyText}`,
    });
    this.#list.onSelect(() => {
      this.#details = new Viewport();
    });
  }

  get chosen(): Row | undefined {
    return this.#source.rows()[this.#list.selected];
  }

  /** The first row where none is there at `index`. */
  choose(index: number): void {
    this.#list.setRowCount(this.#source.rows().length);
    this.#list.select(Math.max(0, index));
  }

  place(columns: number, rows: number): Rectangle {
    return toMiddle(columns, rows, 100, Math.max(1, this.#source.rows().length) + this.#source.detailRows + 3);
  }

  paint(surface: Surface, focus: FocusState): void {
    const { title, detailRows, rows, toDetails } = this.#source;
    const inner = drawFrame(surface, focus, plain(` ${title} `, 'title', { bold: true }));
    const { glyphs } = this.#stage.page(inner.width);
    const listRows = Math.max(1, inner.height - detailRows - 1);
    this.#list.setRowCount(rows().length);
    this.#list.draw(inner.part({ x: 0, y: 0, width: inner.width, height: listRows }), focus);
    const { chosen } = this;
    if (chosen === undefined) return;
    inner.put(0, listRows, plain(glyphs.rule.repeat(inner.width), 'border'));
    const text = inner.part({ x: 1, y: listRows + 1, width: inner.width - 2, height: detailRows });
    const lines = toDetails(chosen, this.#stage.page(Math.max(8, text.width)));
    const top = this.#details.fit(lines.length, text.height);
    putLines(text, lines.slice(top, top + text.height));
    inner.put(1, listRows, toDetailsNote(top, text.height, lines.length));
  }

  /** False: it is no movement. */
  handleMotion(action: Action): boolean {
    if (action === 'scrollDown') this.#list.moveBy(1);
    else if (action === 'scrollUp') this.#list.moveBy(-1);
    else if (action === 'pageDown') this.#list.moveBy(10);
    else if (action === 'pageUp') this.#list.moveBy(-10);
    else if (action === 'toStart') this.#list.select(0);
    else if (action === 'toEnd') this.#list.select(this.#source.rows().length - 1);
    else if (action === 'detailsDown') this.#details.page(1);
    else if (action === 'detailsUp') this.#details.page(-1);
    else return false;
    return true;
  }

  handleWheel(lines: number): void {
    this.#list.scrollBy(lines);
  }
}
