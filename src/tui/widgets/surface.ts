/** A clipped rectangle of cells to draw on: text by tokens, fills, boxes, the cursor. Knows no screen, no bytes and no application. */
import type { Span, StyledLine } from '../styled.ts';
import type { CellStyle, Styles } from './styles.ts';
import { graphemes } from './width.ts';

/** How text looks, without the text. */
export type TextStyle = Omit<Span, 'text'>;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One row of the cell buffer: `[attribute, text]` a cell; the second half of a wide character has the text ''. */
export type CellRow = [attribute: number, text: string][] & { dirty?: boolean };

export interface BorderCharacters {
  readonly horizontal: string;
  readonly vertical: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  /** For scroll bars. */
  readonly thumb: string;
  /** Before the chosen row of a list. */
  readonly cursor: string;
}

export const roundBorders: BorderCharacters = {
  horizontal: '─',
  vertical: '│',
  topLeft: '╭',
  topRight: '╮',
  bottomLeft: '╰',
  bottomRight: '╯',
  thumb: '┃',
  cursor: '❯',
};

export const asciiBorders: BorderCharacters = {
  horizontal: '-',
  vertical: '|',
  topLeft: '+',
  topRight: '+',
  bottomLeft: '+',
  bottomRight: '+',
  thumb: '#',
  cursor: '>',
};

const unicodeHeavyBorders: BorderCharacters = {
  horizontal: '━',
  vertical: '┃',
  topLeft: '┏',
  topRight: '┓',
  bottomLeft: '┗',
  bottomRight: '┛',
  thumb: '█',
  cursor: '❯',
};

const asciiHeavyBorders: BorderCharacters = {
  ...{ horizontal: '=', vertical: '|', thumb: '#', cursor: '>' },
  ...{ topLeft: '#', topRight: '#', bottomLeft: '#', bottomRight: '#' },
};

/** For what must not be overlooked; `borders` are those of the screen. */
export function heavyBorders(borders: BorderCharacters): BorderCharacters {
  return borders === asciiBorders ? asciiHeavyBorders : unicodeHeavyBorders;
}

/** What all surfaces of one screen share. */
export interface SurfaceTarget {
  readonly rows: readonly CellRow[];
  readonly styles: Styles;
  readonly borders: BorderCharacters;
  setCursor(x: number, y: number, shape: number): void;
}

export class Surface {
  readonly width: number;
  readonly height: number;
  readonly #target: SurfaceTarget;
  readonly #left: number;
  readonly #top: number;

  constructor(target: SurfaceTarget, area: Rectangle) {
    this.#target = target;
    this.#left = area.x;
    this.#top = area.y;
    this.width = Math.max(0, area.width);
    this.height = Math.max(0, area.height);
  }

  /** The characters this screen draws borders and bars with. */
  get borders(): BorderCharacters {
    return this.#target.borders;
  }

  /**
   * Draws one line of text or spans from cell (x, y), cut at the right edge; a span's own look lies over `style`.
   * Control characters become visible or blank: nothing drawn here can reach the terminal as a command. Returns the x after the text.
   */
  put(x: number, y: number, content: string | StyledLine, style: TextStyle = {}): number {
    let at = x;
    const spans: StyledLine = typeof content === 'string' ? [{ text: content }] : content;
    for (const span of spans) {
      if (at >= this.width) break;
      const { styles } = this.#target;
      const beneath = span.under === undefined ? style : { token: span.under };
      const attribute = span.cell ? styles.intern(span.cell) : styles.attributeOf(beneath, span);
      if (isAscii(span.text)) {
        const end = Math.min(span.text.length, this.width - at);
        for (let index = 0; index < end; index += 1) this.#set(at + index, y, span.text.charAt(index), 1, attribute);
        at += end;
        continue;
      }
      for (const { text, width } of graphemes(span.text)) {
        if (at >= this.width) break;
        this.#set(at, y, text, width, attribute);
        at += width;
      }
    }
    return at;
  }

  /** One cell with colours of its own, for emulated terminals; `width` is 1 or 2. */
  cell(x: number, y: number, text: string, width: number, style: CellStyle): void {
    this.#set(x, y, text, width, this.#target.styles.intern(style));
  }

  /** Fills a rectangle; without arguments everything, with spaces. */
  fill(
    style: TextStyle = {},
    area: Rectangle = { x: 0, y: 0, width: this.width, height: this.height },
    character = ' ',
  ): void {
    const attribute = this.#target.styles.attributeOf(style, {});
    const from = this.#left + Math.max(0, area.x);
    const to = this.#left + Math.min(this.width, area.x + area.width);
    const bottom = Math.min(this.height, area.y + area.height);
    for (let y = Math.max(0, area.y); y < bottom && from < to; y += 1) {
      const row = this.#target.rows[this.#top + y];
      if (!row) continue;
      row.dirty = true;
      // Of a wide character at either end only half would stay.
      const before = row[from]?.[1] === '' ? row[from - 1] : undefined;
      if (before) before[1] = ' ';
      for (let x = from; x < to; x += 1) {
        const cell = row[x];
        if (!cell) continue;
        cell[0] = attribute;
        cell[1] = character;
      }
      const after = row[to];
      if (after && after[1] === '') after[1] = ' ';
    }
  }

  /** Draws a border around the whole surface with an optional title on it, and returns the inside. */
  box(
    style: TextStyle = { token: 'border' },
    title: StyledLine = [],
    note: StyledLine = [],
    borders: BorderCharacters = this.#target.borders,
  ): Surface {
    const { horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight } = borders;
    const right = this.width - 1;
    const bottom = this.height - 1;
    if (right >= 1 && bottom >= 1) {
      const attribute = this.#target.styles.attributeOf(style, {});
      for (let x = 1; x < right; x += 1) {
        this.#set(x, 0, horizontal, 1, attribute);
        this.#set(x, bottom, horizontal, 1, attribute);
      }
      for (let y = 1; y < bottom; y += 1) {
        this.#set(0, y, vertical, 1, attribute);
        this.#set(right, y, vertical, 1, attribute);
      }
      this.#set(0, 0, topLeft, 1, attribute);
      this.#set(right, 0, topRight, 1, attribute);
      this.#set(0, bottom, bottomLeft, 1, attribute);
      this.#set(right, bottom, bottomRight, 1, attribute);
      // Lines may be faint, text may not.
      const text: TextStyle = style.token === 'border' ? { ...style, token: 'muted' } : style;
      if (title.length > 0) this.part({ x: 1, y: 0, width: right - 1, height: 1 }).put(0, 0, title, text);
      if (note.length > 0) this.part({ x: 1, y: bottom, width: right - 1, height: 1 }).put(0, 0, note, text);
    }
    return this.part({ x: 1, y: 1, width: this.width - 2, height: this.height - 2 });
  }

  /** A smaller surface inside this one, cut to it; coordinates start at its own corner. */
  part(area: Rectangle): Surface {
    const x = Math.min(Math.max(0, area.x), this.width);
    const y = Math.min(Math.max(0, area.y), this.height);
    return new Surface(this.#target, {
      x: this.#left + x,
      y: this.#top + y,
      width: Math.min(area.width - (x - area.x), this.width - x),
      height: Math.min(area.height - (y - area.y), this.height - y),
    });
  }

  /**
   * Shows the terminal's cursor in this cell; the last call in a frame wins, without one the cursor is hidden. The shape is that of DECSCUSR.
   */
  cursor(x: number, y: number, shape = 0): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    this.#target.setCursor(this.#left + x, this.#top + y, shape);
  }

  #set(x: number, y: number, text: string, width: number, attribute: number): void {
    if (x < 0 || y < 0 || y >= this.height || x >= this.width || width === 0) return;
    const row = this.#target.rows[this.#top + y];
    const cell = row?.[this.#left + x];
    if (!row || !cell) return;
    row.dirty = true;
    // Half of a wide character cannot stay when its other half is overwritten.
    const before = cell[1] === '' ? row[this.#left + x - 1] : undefined;
    if (before) before[1] = ' ';
    const cut = width === 2 && x + 1 >= this.width;
    cell[0] = attribute;
    cell[1] = cut ? ' ' : text;
    const after = row[this.#left + x + 1];
    if (width === 2 && !cut && after) {
      const beyond = row[this.#left + x + 2];
      if (beyond && beyond[1] === '') beyond[1] = ' ';
      after[0] = attribute;
      after[1] = '';
    } else if (after && after[1] === '') after[1] = ' ';
  }
}

/** Printable ASCII takes one cell a character, and is nearly everything; it needs no segmenting. */
function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
