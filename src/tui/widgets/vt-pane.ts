/**
 * One emulated terminal drawn into a surface. Import this module only when the first pane is shown: it loads the emulator.
 * What the emulated program asks of its terminal (device reports, colours, the clipboard) is never answered.
 */
import unicode11 from '@xterm/addon-unicode11';
import headless from '@xterm/headless';
import { Emitter, type Event } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { MouseMode } from '../input/encode-mouse.ts';
import type { StyledLine } from '../styled.ts';
import { coreOf, cursorIsHidden, cursorShapeOf, type Emulator, writeNow } from './emulator-core.ts';
import type { Ingest, IngestChannel } from './ingest.ts';
import type { Surface } from './surface.ts';
import { drawCell, toCellLine } from './vt-cell.ts';

export interface VtPaneOptions {
  readonly columns: number;
  readonly rows: number;
  readonly ingest: Ingest;
  /** `output`: of a command without a terminal, where a line feed also returns the carriage; `terminal`: of a real one. */
  readonly source: 'output' | 'terminal';
  /** Rows kept of what has scrolled up; 2,000 unless it is said. */
  readonly scrollbackRows?: number;
  /** The source should pause (true) or may go on. */
  onPressure?(isPaused: boolean): void;
}

/** Long history belongs to the recording; this is for looking back (4 MB a pane at 100 columns). */
const scrollbackRowsUsual = 2_000;
/** Larger screens than this are a mistake of whoever reports the size. */
const sideMax = 1_000;

export class VtPane implements Disposable {
  readonly #emulator: Emulator;
  readonly #channel: IngestChannel;
  readonly #changes = new Emitter<void>();
  readonly #cell: ReturnType<Emulator['buffer']['active']['getNullCell']>;
  #title = '';
  /** Lines that have scrolled since the rows were numbered last. */
  #scrolled = 0;
  #numbering = 0;
  /** Rows scrolled back from the newest; 0 follows the output. */
  #back = 0;

  constructor(options: VtPaneOptions) {
    this.#emulator = new headless.Terminal({
      cols: side(options.columns),
      rows: side(options.rows),
      scrollback: options.scrollbackRows ?? scrollbackRowsUsual,
      convertEol: options.source === 'output',
      allowProposedApi: true,
      logLevel: 'off',
    });
    this.#emulator.loadAddon(new unicode11.Unicode11Addon());
    this.#emulator.unicode.activeVersion = '11';
    this.#cell = this.#emulator.buffer.active.getNullCell();
    this.#emulator.onTitleChange((title) => {
      this.#title = title.replace(/\p{Cc}/gu, '').slice(0, 200);
    });
    this.#emulator.onScroll(() => this.#handleScroll());
    this.#emulator.buffer.onBufferChange(() => this.#numberAnew(0));
    this.#channel = options.ingest.open({
      write: (slice) => this.#parse(slice),
      onPressure: (isPaused) => options.onPressure?.(isPaused),
    });
  }

  /** Something is to be drawn; the emulator has parsed it already. */
  readonly onChange: Event<void> = this.#changes.event;

  /** The title the emulated program set, without control characters. */
  get title(): string {
    return this.#title;
  }

  /** Whether the program wants `ESC O A` instead of `ESC [ A` for arrow keys (DECCKM). */
  get hasApplicationCursor(): boolean {
    return this.#emulator.modes.applicationCursorKeysMode;
  }

  /** Whether pastes are to be put between markers (mode 2004). */
  get hasBracketedPaste(): boolean {
    return this.#emulator.modes.bracketedPasteMode;
  }

  /** What the program wants to be told of the mouse. */
  get mouseMode(): MouseMode {
    const encodings: Readonly<Record<string, MouseMode['encoding']>> = { SGR: 'sgr', DEFAULT: 'default' };
    const { activeEncoding } = coreOf(this.#emulator).coreMouseService;
    return { tracking: this.#emulator.modes.mouseTrackingMode, encoding: encodings[activeEncoding] ?? 'other' };
  }

  /** Whether the program wants to be told when it has the focus (mode 1004). */
  get wantsFocus(): boolean {
    return this.#emulator.modes.sendFocusMode;
  }

  /** A full-screen program is there: what has scrolled away is not its own. */
  get isAlternateScreen(): boolean {
    return this.#emulator.buffer.active.type === 'alternate';
  }

  get columns(): number {
    return this.#emulator.cols;
  }

  get rows(): number {
    return this.#emulator.rows;
  }

  /** Rows that can be scrolled back. */
  get backMax(): number {
    return this.#emulator.buffer.active.baseY;
  }

  get back(): number {
    return this.#back;
  }

  /** Characters that were written and not parsed yet. */
  get waiting(): number {
    return this.#channel.waiting;
  }

  write(text: string): void {
    this.#channel.push(text);
  }

  /** Its output is parsed before that of others. */
  focus(): void {
    this.#channel.focus();
  }

  resize(columns: number, rows: number): void {
    if (side(columns) === this.columns && side(rows) === this.rows) return;
    const gone = this.rowsGone;
    this.#emulator.resize(side(columns), side(rows));
    this.#numberAnew(gone);
    this.#back = Math.min(this.#back, this.backMax);
    this.#changes.fire();
  }

  /** Scrolls towards older rows with a positive number. */
  scrollBy(rows: number): void {
    this.#back = Math.max(0, Math.min(this.#back + rows, this.backMax));
    this.#changes.fire();
  }

  scrollToEnd(): void {
    this.scrollBy(-this.#back);
  }

  /** The text of a row, for search and copy; row 0 is the oldest kept, `rowTotal - 1` the newest. */
  rowText(row: number): string {
    return this.#emulator.buffer.active.getLine(row)?.translateToString(true) ?? '';
  }

  /** The same with its colours. */
  rowLine(row: number): StyledLine {
    const line = this.#emulator.buffer.active.getLine(row);
    return line ? toCellLine(line, this.#cell) : [];
  }

  get rowTotal(): number {
    return this.#emulator.buffer.active.length;
  }

  /** Scrolls so that a row is in sight. */
  showRow(row: number): void {
    const { baseY } = this.#emulator.buffer.active;
    this.scrollBy(baseY - Math.max(0, Math.min(row - (this.rows >> 1), baseY)) - this.#back);
  }

  clear(): void {
    this.#emulator.reset();
    this.#numberAnew(0);
    this.#back = 0;
    this.#changes.fire();
  }

  /** Draws the rows in sight; with `focused` the program's cursor is shown where it is. */
  draw(surface: Surface, focus: 'focused' | 'unfocused'): void {
    const buffer = this.#emulator.buffer.active;
    const top = buffer.baseY - this.#back;
    const skipped = this.skippedRows(surface.height);
    for (let y = 0; y < surface.height; y += 1) {
      if (skipped + y < this.rows) this.#drawLine(surface, y, top + skipped + y);
    }
    const isHidden = this.#back > 0 || focus === 'unfocused' || cursorIsHidden(this.#emulator);
    if (isHidden) return;
    const x = Math.min(buffer.cursorX, surface.width - 1);
    surface.cursor(x, buffer.cursorY - skipped, cursorShapeOf(this.#emulator));
  }

  /** Rows of the screen above what a surface of this height shows: one that is lower than the emulator shows the part with the cursor. */
  skippedRows(height: number): number {
    return this.#back > 0 ? 0 : Math.max(0, this.#emulator.buffer.active.cursorY - height + 1);
  }

  /** Rows that hold output, what has scrolled away included: as high as a block of it is. */
  get usedRows(): number {
    const { baseY, cursorX, cursorY } = this.#emulator.buffer.active;
    return baseY + cursorY + (cursorX > 0 ? 1 : 0);
  }

  /** Rows that were kept once and are no more: row 0 is number `rowsGone` of all. */
  get rowsGone(): number {
    return Math.max(0, this.#scrolled - this.backMax);
  }

  /** Rows that are above the screen, so that nothing changes them any more. */
  get rowsFixed(): number {
    return this.backMax;
  }

  /** Another number: all rows lie elsewhere now. */
  get numbering(): number {
    return this.#numbering;
  }

  /** Whether a row goes on with the line of the row above. */
  isContinued(row: number): boolean {
    return this.#emulator.buffer.active.getLine(row)?.isWrapped ?? false;
  }

  /** Draws one row, whatever is scrolled: the cells from column `from` on, beginning at `x`. */
  drawRow(surface: Surface, y: number, row: number, x = 0, from = 0): void {
    this.#drawLine(surface, y, row, x, from);
  }

  dispose(): void {
    this.#channel.dispose();
    this.#changes.dispose();
    this.#emulator.dispose();
  }

  #drawLine(surface: Surface, y: number, row: number, x = 0, from = 0): void {
    const line = this.#emulator.buffer.active.getLine(row);
    if (!line) return;
    const width = Math.min(surface.width - x, line.length - from);
    for (let column = 0; column < width; column += 1) {
      const cell = line.getCell(from + column, this.#cell);
      if (cell && cell.getWidth() > 0) drawCell(surface, x + column, y, cell);
    }
  }

  #handleScroll(): void {
    // Within a region of the screen nothing gets into the history.
    if (coreOf(this.#emulator).buffer.scrollTop === 0) this.#scrolled += 1;
    this.#keepPlace();
  }

  /** Another width breaks lines elsewhere; how many rows had gone before is counted as it was. */
  #numberAnew(gone: number): void {
    this.#scrolled = this.backMax + gone;
    this.#numbering += 1;
  }

  #parse(slice: string): void {
    writeNow(this.#emulator, slice);
    this.#changes.fire();
  }

  /** While one looks back, new rows push the old ones up; the view stays with what is being read. */
  #keepPlace(): void {
    if (this.#back > 0) this.#back = Math.min(this.#back + 1, this.backMax);
  }
}

function side(length: number): number {
  return Math.max(1, Math.min(Math.floor(length) || 1, sideMax));
}
