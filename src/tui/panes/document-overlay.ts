/**
 * A text over the view that is read and closed: why a card was stopped, for example. Scrolls; answers nothing.
 */
import { toLineSource } from '../copy/line-source.ts';
import type { TextSource } from '../copy/text-rows.ts';
import type { Action, Scope } from '../keymap.ts';
import {
  drawFrame,
  drawThumb,
  type FocusState,
  type Overlay,
  putLines,
  type Stage,
  toDialogColumns,
  toMiddle,
} from '../pane.ts';
import type { Page } from '../present/page.ts';
import { plain } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

export class DocumentOverlay implements Overlay {
  readonly scope: Scope;
  readonly about?: string;
  readonly #stage: Stage;
  readonly #title: string;
  /** As they were drawn last. */
  #lines: readonly StyledLine[] = [];
  readonly #toLines: (page: Page) => readonly StyledLine[];
  readonly #viewport = new Viewport();
  readonly textSource: TextSource;

  /** @param about the id of the waiting request that the text is about. */
  constructor(
    stage: Stage,
    scope: 'document' | 'news',
    title: string,
    toLines: (page: Page) => readonly StyledLine[],
    about?: string,
  ) {
    this.#stage = stage;
    this.scope = scope;
    this.#title = title;
    this.#toLines = toLines;
    this.textSource = toLineSource({
      textName: title,
      lines: () => this.#lines,
      top: () => this.#viewport.top,
      height: () => this.#viewport.rows,
      show: (top) => this.#viewport.to(top),
    });
    if (about !== undefined) this.about = about;
  }

  place(columns: number, rows: number): Rectangle {
    const width = toDialogColumns(columns, 90);
    const count = this.#toLines(this.#stage.page(Math.max(8, width - 4))).length;
    return toMiddle(columns, rows, width, count + 2);
  }

  paint(surface: Surface, focus: FocusState): void {
    const inner = drawFrame(surface, focus, plain(` ${this.#title} `, 'title', { bold: true }));
    const columns = Math.max(8, inner.width - 2);
    const lines = this.#toLines(this.#stage.page(columns));
    this.#lines = lines;
    const top = this.#viewport.fit(lines.length, inner.height);
    putLines(inner.part({ x: 1, y: 0, width: columns, height: inner.height }), lines.slice(top, top + inner.height));
    drawThumb(surface, 1, inner.height, top, lines.length);
  }

  handleAction(action: Action): boolean {
    if (action !== 'close') return this.#viewport.handleAction(action);
    this.#stage.close(this);
    if (this.scope === 'news') this.#stage.model.undo.push('the notice is shown again', () => this.#stage.open(this));
    return true;
  }

  handleWheel(lines: number): void {
    this.#viewport.scroll(lines);
  }
}
