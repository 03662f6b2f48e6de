/** The picture: canvases in blessed's tree, the cells they painted, and the bytes that bring a terminal up to date. Writes nothing itself. */
import type { Disposable } from '../../base/lifecycle.ts';
import type { Theme } from '../theme.ts';
import type { ColorDepth } from '../theme-color.ts';
import {
  type BlessedScreen,
  createBlessedElement,
  createBlessedScreen,
  releaseBlessedScreen,
  resizeBlessedScreen,
} from './blessed.ts';
import { Canvas, type CanvasHost, type Paint } from './canvas.ts';
import { type CursorPosition, drawFrame, wrapFrame } from './draw.ts';
import { BLANK, Styles } from './styles.ts';
import type { BorderCharacters, CellRow, Rectangle } from './surface.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface ScreenBufferOptions {
  readonly size: Size;
  readonly theme: Theme;
  readonly colors: ColorDepth;
  readonly borders: BorderCharacters;
  /** A canvas was invalidated, or the layout changed. */
  requestFrame(): void;
}

export class ScreenBuffer implements Disposable {
  readonly #options: ScreenBufferOptions;
  readonly #styles: Styles;
  readonly #screen: BlessedScreen;
  readonly #host: CanvasHost;
  readonly #canvases = new Set<Canvas>();
  #painted: Rectangle[] = [];
  #cursor: CursorPosition | null = null;
  #shownCursor: CursorPosition | null = null;
  #shape = 0;
  #clearFirst = true;
  #blankFirst = true;
  #frame = '';
  #paints: 'all' | 'urgent' = 'all';
  #hasLeft = false;

  constructor(options: ScreenBufferOptions) {
    this.#options = options;
    const styles = new Styles(options.theme, options.colors);
    const screen = createBlessedScreen(options.size.columns, options.size.rows);
    screen.draw = () => this.#draw();
    this.#styles = styles;
    this.#screen = screen;
    const paints = (): 'all' | 'urgent' => this.#paints;
    this.#host = {
      get paints() {
        return paints();
      },
      recordLeft: () => {
        this.#hasLeft = true;
      },
      target: {
        get rows() {
          return screen.lines;
        },
        styles,
        borders: options.borders,
      },
      handleLayoutChange: () => this.invalidateAll(),
      requestFrame: () => options.requestFrame(),
      wasPainted: (area) => this.#painted.some((other) => overlap(area, other)),
      recordPainted: (area) => this.#painted.push(area),
      recordCursor: (cursor) => {
        this.#cursor = cursor;
      },
    };
  }

  /** Adds a canvas on top of the others. */
  addCanvas(area: Rectangle, paint: Paint): Canvas {
    const canvas = new Canvas(this.#host, area, paint);
    const element = createBlessedElement(this.#screen, area, (at) => canvas.paintInto(at));
    canvas.attach(element);
    this.#canvases.add(canvas);
    this.invalidateAll();
    return canvas;
  }

  removeCanvas(canvas: Canvas): void {
    this.#canvases.delete(canvas);
    canvas.remove();
  }

  /** Everything is painted again with the next frame, on blank cells. */
  invalidateAll(): void {
    this.#blankFirst = true;
    for (const canvas of this.#canvases) canvas.markDirty();
    this.#options.requestFrame();
  }

  resize(size: Size): void {
    resizeBlessedScreen(this.#screen, size.columns, size.rows);
    this.forgetShown();
  }

  setTheme(theme: Theme): void {
    this.#styles.reset(theme);
    this.forgetShown();
  }

  /** Whatever the terminal shows is not known any more: it is cleared and drawn anew with the next frame. */
  forgetShown(): void {
    this.#clearFirst = true;
    for (const row of this.#screen.olines) blank(row);
    // Not every terminal clears with the colour in force (GNU screen does not): a ground of ours is written cell by cell.
    if (this.#styles.hasGround) for (const row of this.#screen.olines) for (const cell of row) cell[1] = '\0';
    this.invalidateAll();
  }

  /** Whether the last frame left something to the next one. */
  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** Paints what is to be painted, or of it what cannot wait; returns the bytes that show it, '' when there is nothing to show. They must be written. */
  nextFrame(paints: 'all' | 'urgent' = 'all'): string {
    if (this.#styles.isFull) {
      this.#styles.reset();
      this.forgetShown();
    }
    this.#paints = this.#blankFirst ? 'all' : paints;
    this.#hasLeft = false;
    // Once a frame: a layout changes canvas by canvas.
    if (this.#blankFirst) for (const row of this.#screen.lines) blank(row);
    this.#blankFirst = false;
    this.#painted = [];
    this.#cursor = null;
    this.#frame = '';
    this.#screen.render();
    return this.#frame;
  }

  /** What gives the cursor of the terminal back its own shape; '' when it has it. The frames after that begin with it. */
  takeShapeReset(): string {
    const reset = this.#shape === 0 ? '' : '\x1b[0 q';
    this.#shape = 0;
    return reset;
  }

  dispose(): void {
    releaseBlessedScreen(this.#screen);
  }

  #draw(): void {
    const clear = this.#clearFirst ? `${this.#styles.clearSequence}\x1b[2J` : '';
    const cells = clear + drawFrame(this.#screen.lines, this.#screen.olines, this.#styles);
    if (cells === '' && isSameCursor(this.#cursor, this.#shownCursor)) return;
    this.#clearFirst = false;
    this.#shownCursor = this.#cursor;
    this.#frame = wrapFrame(cells, this.#cursor, this.#shape);
    this.#shape = this.#cursor?.shape ?? this.#shape;
  }
}

function isSameCursor(one: CursorPosition | null, other: CursorPosition | null): boolean {
  return one?.x === other?.x && one?.y === other?.y && one?.shape === other?.shape;
}

function blank(row: CellRow): void {
  row.dirty = true;
  for (const cell of row) {
    cell[0] = BLANK;
    cell[1] = ' ';
  }
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
