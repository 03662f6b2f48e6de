/**
 * One emulated terminal drawn into a surface. Import this module only when the first pane is shown: it loads the emulator.
 * What the emulated program asks of its terminal (device reports, colours, the clipboard) is never answered.
 */
import unicode11 from '@xterm/addon-unicode11';
import headless from '@xterm/headless';
import { Emitter, type Event } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { PALETTE, RGB } from '../theme-color.ts';
import type { Ingest, IngestChannel } from './ingest.ts';
import { cellFlags } from './styles.ts';
import type { Surface } from './surface.ts';

type Emulator = InstanceType<typeof headless.Terminal>;
type EmulatorCell = ReturnType<Emulator['buffer']['active']['getNullCell']>;

export interface VtPaneOptions {
  readonly columns: number;
  readonly rows: number;
  readonly ingest: Ingest;
  /** `output`: of a command without a terminal, where a line feed also returns the carriage; `terminal`: of a real one. */
  readonly source: 'output' | 'terminal';
  /** The source should pause (true) or may go on. */
  onPressure?(isPaused: boolean): void;
}

/** Long history belongs to the recording; this is for looking back (4 MB a pane at 100 columns). */
const scrollbackRows = 2_000;
/** Larger screens than this are a mistake of whoever reports the size. */
const sideMax = 1_000;

export class VtPane implements Disposable {
  readonly #emulator: Emulator;
  readonly #channel: IngestChannel;
  readonly #changes = new Emitter<void>();
  readonly #cell: EmulatorCell;
  #title = '';
  /** Rows scrolled back from the newest; 0 follows the output. */
  #back = 0;

  constructor(options: VtPaneOptions) {
    this.#emulator = new headless.Terminal({
      cols: side(options.columns),
      rows: side(options.rows),
      scrollback: scrollbackRows,
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
    this.#emulator.onScroll(() => this.#keepPlace());
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
    this.#emulator.resize(side(columns), side(rows));
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
    this.#back = 0;
    this.#changes.fire();
  }

  /** Draws the rows in sight; with `focused` the program's cursor is shown where it is. */
  draw(surface: Surface, focus: 'focused' | 'unfocused'): void {
    const buffer = this.#emulator.buffer.active;
    const top = buffer.baseY - this.#back;
    // A surface that is lower than the emulator shows the part with the cursor.
    const skipped = this.#back > 0 ? 0 : Math.max(0, buffer.cursorY - surface.height + 1);
    for (let y = 0; y < surface.height; y += 1) {
      if (skipped + y < this.rows) this.#drawLine(surface, y, top + skipped + y);
    }
    const isHidden = this.#back > 0 || focus === 'unfocused' || cursorIsHidden(this.#emulator);
    if (!isHidden) surface.cursor(Math.min(buffer.cursorX, surface.width - 1), buffer.cursorY - skipped);
  }

  /** Rows that hold output, what has scrolled away included: as high as a block of it is. */
  get usedRows(): number {
    const { baseY, cursorX, cursorY } = this.#emulator.buffer.active;
    return baseY + cursorY + (cursorX > 0 ? 1 : 0);
  }

  /** Draws rows by number from `from` on, whatever is scrolled: for several emulators one below the other. */
  drawRows(surface: Surface, from: number): void {
    for (let y = 0; y < surface.height; y += 1) this.#drawLine(surface, y, from + y);
  }

  dispose(): void {
    this.#channel.dispose();
    this.#changes.dispose();
    this.#emulator.dispose();
  }

  #drawLine(surface: Surface, y: number, row: number): void {
    const line = this.#emulator.buffer.active.getLine(row);
    if (!line) return;
    const width = Math.min(surface.width, line.length);
    for (let x = 0; x < width; x += 1) {
      const cell = line.getCell(x, this.#cell);
      if (cell && cell.getWidth() > 0) drawCell(surface, x, y, cell);
    }
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

function drawCell(surface: Surface, x: number, y: number, cell: EmulatorCell): void {
  let flags = 0;
  if (cell.isBold()) flags |= cellFlags.bold;
  if (cell.isDim()) flags |= cellFlags.dim;
  if (cell.isItalic()) flags |= cellFlags.italic;
  if (cell.isUnderline()) flags |= cellFlags.underline;
  if (cell.isInverse()) flags |= cellFlags.inverse;
  if (cell.isStrikethrough()) flags |= cellFlags.strike;
  const fg = cell.isFgRGB() ? RGB + cell.getFgColor() : cell.isFgPalette() ? PALETTE + cell.getFgColor() : 0;
  const bg = cell.isBgRGB() ? RGB + cell.getBgColor() : cell.isBgPalette() ? PALETTE + cell.getBgColor() : 0;
  const text = cell.isInvisible() ? ' ' : printable(cell.getChars());
  if (text === ' ' && flags === 0 && bg === 0) return;
  surface.cell(x, y, text, cell.getWidth(), { fg, bg, flags });
}

/** The emulator keeps controls and invisible direction marks out of most cells; what it lets through must not reach the real terminal. */
function printable(text: string): string {
  return text === '' ? ' ' : /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(text) ? '�' : text;
}

/** Parts of the emulator that it does not publish; its version is pinned, and a test notices when they go. */
interface EmulatorCore {
  writeSync(text: string): void;
  readonly coreService: { readonly isCursorHidden: boolean };
}

function coreOf(emulator: Emulator): EmulatorCore {
  return (emulator as unknown as { readonly _core: EmulatorCore })._core;
}

/** Parses at once. The public `write` parses later, for up to 12 ms at a time in each emulator; the budget here is for all of them. */
function writeNow(emulator: Emulator, text: string): void {
  coreOf(emulator).writeSync(text);
}

function cursorIsHidden(emulator: Emulator): boolean {
  return coreOf(emulator).coreService.isCursorHidden;
}
