/**
 * The rows of an emulator as a pane looks at them. What has scrolled up never changes, so it is looked at once; only the emulator's screen
 * is looked at each time. Draws nothing itself.
 */
import type { StyledLine } from '../styled.ts';
import type { Surface } from '../widgets/surface.ts';
import type { VtPane } from '../widgets/vt-pane.ts';
import type { DrawnRows, OutputView } from './output-rows.ts';

/** One line of output: its first row, counted with those that are gone, and how many rows the emulator has it in. */
interface Line {
  readonly row: number;
  readonly rows: number;
  readonly isShown: boolean;
}

export class EmulatedRows implements DrawnRows {
  readonly #screen: VtPane;
  readonly #view: OutputView;
  #numbering = -1;
  /** Lines that have scrolled up and are complete, and where the next one begins. */
  #fixed: Line[] = [];
  #next = 0;
  /** Lines that may still change. */
  #open: readonly Line[] = [];
  /** Of every row shown: its line, as an index into the fixed and then the open ones, and its place in that line. */
  #fixedShown: { readonly line: Line; readonly part: number }[] = [];
  #openShown: readonly { readonly line: Line; readonly part: number }[] = [];

  constructor(screen: VtPane, view: OutputView) {
    this.#screen = screen;
    this.#view = view;
    this.update();
  }

  get #isPlain(): boolean {
    return this.#view.lines === 'wrapped' && this.#view.filter === null;
  }

  get count(): number {
    return this.#isPlain ? this.#screen.usedRows : this.#fixedShown.length + this.#openShown.length;
  }

  get gone(): number {
    return this.#screen.rowsGone;
  }

  /** Looks at what is new; called once before a frame. Rows that are shown as they are need no look. */
  update(need: 'rows' | 'lines' = 'rows'): void {
    if (this.#isPlain && need === 'rows') return;
    const { numbering, rowsGone, rowsFixed, usedRows } = this.#screen;
    if (numbering !== this.#numbering) {
      this.#numbering = numbering;
      this.#fixed = [];
      this.#fixedShown = [];
      this.#next = rowsGone;
    }
    this.#dropGone(rowsGone);
    const lines = this.#linesFrom(Math.max(this.#next, rowsGone), rowsGone + usedRows);
    // The last line of the history may go on in the screen.
    const complete = lines.findLastIndex((line) => line.row + line.rows < rowsGone + rowsFixed);
    for (const line of lines.slice(0, complete + 1)) {
      this.#fixed.push(line);
      this.#fixedShown.push(...this.#toShown(line));
      this.#next = line.row + line.rows;
    }
    this.#open = lines.slice(complete + 1);
    this.#openShown = this.#open.flatMap((line) => this.#toShown(line));
  }

  textAt(index: number): string {
    if (this.#isPlain) return this.#screen.rowText(index);
    const shown = this.#at(index);
    if (!shown) return '';
    const row = shown.line.row - this.#screen.rowsGone;
    return this.#view.lines === 'cut' ? this.#textOf(row, shown.line.rows) : this.#screen.rowText(row + shown.part);
  }

  /** Lines that are cut at the side are rows of several pieces: of these only the text is known. */
  lineAt(index: number): StyledLine | null {
    const row = this.#isPlain ? index : this.#rowAt(index);
    return this.#view.lines === 'wrapped' && row !== null ? this.#screen.rowLine(row) : null;
  }

  isContinuedAt(index: number): boolean {
    if (this.#isPlain) return this.#screen.isContinued(index);
    return this.#view.lines === 'wrapped' && (this.#at(index)?.part ?? 0) > 0;
  }

  lineFromEndAt(index: number): number {
    const row = this.#isPlain ? index + this.#screen.rowsGone : (this.#at(index)?.line.row ?? 0);
    const open = this.#open.findLastIndex((line) => line.row <= row);
    if (open !== -1) return this.#open.length - 1 - open;
    let low = 0;
    let high = this.#fixed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#fixed[middle]?.row ?? 0) <= row) low = middle + 1;
      else high = middle;
    }
    return this.#open.length + this.#fixed.length - low;
  }

  drawRow(
    surface: Surface,
    y: number,
    index: number,
    { x, shift }: { readonly x: number; readonly shift: number },
  ): void {
    if (this.#view.lines === 'wrapped') {
      const row = this.#isPlain ? index : this.#rowAt(index);
      if (row !== null) this.#screen.drawRow(surface, y, row, x);
      return;
    }
    const shown = this.#at(index);
    if (!shown) return;
    let at = x - shift;
    for (let part = 0; part < shown.line.rows && at < surface.width; part += 1) {
      const row = shown.line.row - this.#screen.rowsGone + part;
      const from = Math.max(0, x - at);
      if (from < this.#screen.columns) this.#screen.drawRow(surface, y, row, at + from, from);
      at += this.#screen.columns;
    }
  }

  #rowAt(index: number): number | null {
    const shown = this.#at(index);
    return shown ? shown.line.row - this.#screen.rowsGone + shown.part : null;
  }

  #at(index: number): { readonly line: Line; readonly part: number } | undefined {
    return index < this.#fixedShown.length ? this.#fixedShown[index] : this.#openShown[index - this.#fixedShown.length];
  }

  #dropGone(rowsGone: number): void {
    const lines = this.#fixed.findIndex((line) => line.row >= rowsGone);
    if (lines !== 0) this.#fixed.splice(0, lines === -1 ? this.#fixed.length : lines);
    const rows = this.#fixedShown.findIndex(({ line }) => line.row >= rowsGone);
    if (rows !== 0) this.#fixedShown.splice(0, rows === -1 ? this.#fixedShown.length : rows);
  }

  /** Lines between two rows, both counted with those that are gone. */
  #linesFrom(from: number, end: number): readonly Line[] {
    const { rowsGone } = this.#screen;
    const lines: Line[] = [];
    for (let row = from; row < end; ) {
      let next = row + 1;
      while (next < end && this.#screen.isContinued(next - rowsGone)) next += 1;
      const { filter } = this.#view;
      const isShown = filter === null || filter(this.#textOf(row - rowsGone, next - row));
      lines.push({ row, rows: next - row, isShown });
      row = next;
    }
    return lines;
  }

  #toShown(line: Line): readonly { readonly line: Line; readonly part: number }[] {
    if (!line.isShown) return [];
    const count = this.#view.lines === 'cut' ? 1 : line.rows;
    return Array.from({ length: count }, (_, part) => ({ line, part }));
  }

  #textOf(row: number, rows: number): string {
    if (rows === 1) return this.#screen.rowText(row);
    let text = '';
    for (let part = 0; part < rows; part += 1) text += this.#screen.rowText(row + part);
    return text;
  }
}
