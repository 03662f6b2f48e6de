/**
 * A line of input over a list that follows it: what is typed is searched, the arrows choose, Enter takes. The palette, the history of prompts
 * and the help are this with their own rows. Knows no row.
 */
import type { Key } from '../input/key.ts';
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
import { clip, plain } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Editor } from '../widgets/editor.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

export interface SearchListSpec<Row> {
  readonly scope: Scope;
  readonly title: string;
  /** What Enter and Esc do, in the border. */
  readonly note: string;
  readonly sign: string;
  readonly placeholder: string;
  /** Where the list begins to be searched for. */
  readonly text?: string;
  /** Instead of that: what is searched for at first, and gives way to the first letter that is typed. */
  readonly suggestion?: string;
  readonly rowsWanted: number;
  /** Asked with every frame, so that the list follows what the host says; cheap when nothing has changed. */
  find(text: string): readonly Row[];
  /** A heading is not. */
  isChoosable(row: Row): boolean;
  toLine(row: Row, page: Page): StyledLine;
  toDetails(row: Row, page: Page): readonly StyledLine[];
  emptyText(text: string): string;
  /** Enter; the overlay closes itself where that is meant. `wasMoved`: the row was chosen by arrows, not only found first. */
  submit(row: Row | null, text: string, wasMoved: boolean): void;
  /** The text that Tab makes of it; null when there is nothing to complete. */
  complete?(row: Row | null, text: string): string | null;
  cancel?(): void;
  /** Other actions of its scope. */
  handleAction?(action: Action, list: SearchListOverlay<Row>): boolean;
}

const columnsWanted = 110;
/** The input, a rule, and the details. */
const otherRows = 5;
const detailRows = 3;

export class SearchListOverlay<Row> implements Overlay {
  readonly scope: Scope;
  readonly #stage: Stage;
  readonly #spec: SearchListSpec<Row>;
  readonly #editor: Editor;
  #at = 0;
  #top = 0;
  #height = 1;
  #wasMoved = false;
  #isSuggested: boolean;

  constructor(stage: Stage, spec: SearchListSpec<Row>) {
    this.scope = spec.scope;
    this.#stage = stage;
    this.#spec = spec;
    this.#editor = new Editor({ lines: 'one', placeholder: spec.placeholder });
    this.#isSuggested = (spec.suggestion ?? '') !== '';
    this.#editor.setText(spec.suggestion ?? spec.text ?? '');
  }

  get text(): string {
    return this.#editor.text;
  }

  /** Looks for this from here on. */
  setText(text: string): void {
    this.#editor.setText(text);
    this.#restart();
  }

  place(columns: number, rows: number): Rectangle {
    return toMiddle(columns, rows, toDialogColumns(columns, columnsWanted), this.#spec.rowsWanted + otherRows + 2);
  }

  paint(surface: Surface, focus: FocusState): void {
    const title = clip(plain(` ${this.#spec.title} `, 'title', { bold: true }), surface.width - 4);
    const inner = drawFrame(surface, focus, title, plain(` ${this.#spec.note} `, 'muted'));
    const page = this.#stage.page(Math.max(8, inner.width - 2));
    const { sign } = this.#spec;
    inner.put(1, 0, plain(sign, 'accent', { bold: true }));
    const width = Math.max(1, inner.width - sign.length - 3);
    const input = inner.part({ x: sign.length + 2, y: 0, width, height: 1 });
    this.#editor.draw(input, focus);
    if (this.#isSuggested) input.put(0, 0, clip(plain(this.text, 'selection'), width));
    const rows = this.#rows();
    const height = Math.max(1, inner.height - otherRows);
    this.#paintRows(inner.part({ x: 0, y: 1, width: page.columns + 1, height }), rows);
    drawThumb(surface, 2, height, this.#top, rows.length);
    if (rows.length === 0) inner.put(1, 1, plain(this.#spec.emptyText(this.text), 'muted'));
    const row = rows[this.#at];
    if (row === undefined || inner.height < otherRows + 1) return;
    inner.put(1, height + 1, plain(page.glyphs.rule.repeat(page.columns), 'border'));
    const details = this.#spec.toDetails(row, page).slice(0, detailRows);
    putLines(inner.part({ x: 1, y: height + 2, width: page.columns, height: detailRows }), details);
  }

  handleAction(action: Action): boolean {
    if (action === 'nextChoice') this.move(1);
    else if (action === 'previousChoice') this.move(-1);
    else if (action === 'pageDown') this.move(Math.max(1, this.#height - 1));
    else if (action === 'pageUp') this.move(-Math.max(1, this.#height - 1));
    else if (action === 'close') this.#cancel();
    else if (action === 'submit') this.#spec.submit(this.#chosen(), this.text, this.#wasMoved);
    else if (action === 'complete') this.#complete();
    else return this.#spec.handleAction?.(action, this) ?? false;
    return true;
  }

  handleKey(key: Key): void {
    const before = this.text;
    if (key.text !== '') this.#replaceSuggestion();
    this.#isSuggested = false;
    this.#editor.handleKey(key);
    if (this.text !== before) this.#restart();
  }

  handlePaste(text: string): void {
    this.#replaceSuggestion();
    this.#editor.handlePaste(text);
    this.#restart();
  }

  handleWheel(lines: number): void {
    this.move(lines);
  }

  /** By so many rows that can be chosen; stays where there are none further on. */
  move(step: number): void {
    const rows = this.#rows();
    const direction = Math.sign(step);
    let left = Math.abs(step);
    for (let at = this.#at + direction; left > 0 && at >= 0 && at < rows.length; at += direction) {
      left -= 1;
      const row = rows[at];
      if (row !== undefined && this.#spec.isChoosable(row)) this.#at = at;
    }
    this.#wasMoved = true;
  }

  #replaceSuggestion(): void {
    if (this.#isSuggested) this.#editor.setText('');
    this.#isSuggested = false;
  }

  #cancel(): void {
    this.#stage.close(this);
    this.#spec.cancel?.();
  }

  #complete(): void {
    const text = this.#spec.complete?.(this.#chosen(), this.text) ?? null;
    if (text !== null && text !== this.text) this.setText(text);
  }

  #restart(): void {
    this.#at = 0;
    this.#top = 0;
    this.#wasMoved = false;
  }

  /** Headings are stepped over, also when rows came and went since. */
  #rows(): readonly Row[] {
    const rows = this.#spec.find(this.text);
    const isChoosable = (row: Row | undefined): boolean => row !== undefined && this.#spec.isChoosable(row);
    this.#at = Math.max(0, Math.min(this.#at, rows.length - 1));
    if (!isChoosable(rows[this.#at])) {
      const after = rows.findIndex((row, at) => at > this.#at && isChoosable(row));
      this.#at = after === -1 ? Math.max(0, rows.findLastIndex(isChoosable)) : after;
    }
    return rows;
  }

  #chosen(): Row | null {
    const row = this.#rows()[this.#at];
    return row !== undefined && this.#spec.isChoosable(row) ? row : null;
  }

  /** The sign of the cursor has the first column. */
  #paintRows(area: Surface, rows: readonly Row[]): void {
    const surface = area.part({ x: 1, y: 0, width: area.width - 1, height: area.height });
    this.#height = surface.height;
    // The heading of the first row of a group is shown with it.
    const above = rows[this.#at - 1];
    const from = above !== undefined && !this.#spec.isChoosable(above) ? this.#at - 1 : this.#at;
    if (from < this.#top) this.#top = from;
    if (this.#at >= this.#top + surface.height) this.#top = this.#at - surface.height + 1;
    this.#top = Math.max(0, Math.min(this.#top, rows.length - surface.height));
    const page = this.#stage.page(surface.width);
    rows.slice(this.#top, this.#top + surface.height).forEach((row, y) => {
      const isChosen = this.#top + y === this.#at && this.#spec.isChoosable(row);
      const style = isChosen ? ({ token: 'selection' } as const) : {};
      if (isChosen) {
        surface.fill(style, { x: 0, y, width: surface.width, height: 1 });
        area.put(0, y, area.borders.cursor, { token: 'accent', bold: true });
      }
      surface.put(0, y, this.#spec.toLine(row, page), style);
    });
  }
}
