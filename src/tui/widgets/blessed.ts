/**
 * The one door to blessed: layout tree, z-order and cell buffer, typed by hand because the published types do not match the module.
 * blessed gets no terminal: its input is silent and its output leads nowhere, so that no byte, signal handler or subprocess is its own.
 */
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { CellRow, Rectangle } from './surface.ts';

export interface BlessedScreen {
  readonly lines: CellRow[];
  readonly olines: CellRow[];
  render(): void;
  alloc(): void;
  draw: (start: number, end: number) => void;
  readonly program: { cols: number; rows: number };
}

export interface BlessedElement {
  hidden: boolean;
  position: { left: number; top: number; width: number; height: number };
  lpos: Coordinates | null;
  render: () => Coordinates | null;
  _getCoords(fresh: boolean): Coordinates | undefined;
  setFront(): void;
  setBack(): void;
  detach(): void;
  destroy(): void;
}

interface Coordinates {
  readonly xi: number;
  readonly xl: number;
  readonly yi: number;
  readonly yl: number;
}

/** What blessed's two kinds of root objects keep for the whole process. */
interface ProcessWide {
  _bound: boolean;
  readonly instances: unknown[];
}

interface BlessedLibrary {
  readonly screen: ProcessWide & ((options: object) => BlessedScreen);
  readonly program: ProcessWide & ((options: object) => object);
  readonly box: (options: object) => BlessedElement;
}

/** CommonJS, asked for file by file: the whole module loads thirty widgets that are never used, a quarter of the time to the first frame. */
const load = createRequire(import.meta.url);
const library: BlessedLibrary = {
  screen: load('blessed/lib/widgets/screen'),
  program: load('blessed/lib/program'),
  box: load('blessed/lib/widgets/box'),
};

/** A stream that is never read from or written to. */
class Nowhere extends EventEmitter {
  readonly isTTY = true;
  readonly isRaw = true;
  readonly columns: number;
  readonly rows: number;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(): boolean {
    return true;
  }
  setRawMode(): void {}
  resume(): void {}
  pause(): void {}
}

/**
 * Stands in for terminfo: blessed cannot read the files of current systems, and compiling its own took 11 ms of the first frame, for
 * sequences that lead nowhere.
 */
const noTerminfo = {
  _tputSetup: true,
  tput: { unicode: true, strings: {}, numbers: {} },
  put: new Proxy({}, { get: () => () => true }),
};

/** Makes a layout tree with a cell buffer of this size. */
export function createBlessedScreen(columns: number, rows: number): BlessedScreen {
  // Pretending that the process-wide handlers are installed keeps blessed from installing its own for signals, errors and exit.
  library.screen._bound = true;
  library.program._bound = true;
  const inTmux = process.env['TMUX'];
  // With TMUX set blessed would run `tmux -V` and wait for it.
  delete process.env['TMUX'];
  try {
    const program = library.program({
      input: new Nowhere(columns, rows),
      output: new Nowhere(columns, rows),
      terminal: 'xterm-256color',
      tput: false,
    });
    const screen = library.screen({
      program: Object.assign(program, noTerminfo),
      warnings: false,
      fullUnicode: false,
    });
    screen.draw = () => {};
    return screen;
  } finally {
    if (inTmux !== undefined) process.env['TMUX'] = inTmux;
  }
}

/** Lets go of a screen. blessed's own `destroy` would remove process-wide handlers that were never installed, and fail. */
export function releaseBlessedScreen(screen: BlessedScreen): void {
  forget(library.screen.instances, screen);
  forget(library.program.instances, screen.program);
}

function forget(instances: unknown[], instance: unknown): void {
  const at = instances.indexOf(instance);
  if (at >= 0) instances.splice(at, 1);
}

/** Gives the buffer a new size; all cells are blank afterwards. */
export function resizeBlessedScreen(screen: BlessedScreen, columns: number, rows: number): void {
  screen.program.cols = columns;
  screen.program.rows = rows;
  screen.alloc();
}

/** Adds an element whose content `paint` draws into the buffer; blessed's own content is never used, because it interprets text. */
export function createBlessedElement(
  screen: BlessedScreen,
  area: Rectangle,
  paint: (area: Rectangle) => void,
): BlessedElement {
  const element = library.box({
    parent: screen,
    left: area.x,
    top: area.y,
    width: area.width,
    height: area.height,
    tags: false,
  });
  element.render = () => {
    const at = element._getCoords(true);
    element.lpos = at ?? null;
    if (at) paint({ x: at.xi, y: at.yi, width: at.xl - at.xi, height: at.yl - at.yi });
    return element.lpos;
  };
  return element;
}
