/** The table of looks that cells refer to by number, with 24-bit colours that the buffer's own attributes have no room for. */
import { type Span, type Token, tokens } from '../styled.ts';
import type { Look, Theme } from '../theme.ts';
import { BLACK, type Color, type ColorDepth, isLight, PALETTE, RGB, reduceColor, WHITE } from '../theme-color.ts';

export const cellFlags = { bold: 1, dim: 2, italic: 4, underline: 8, inverse: 16, strike: 32 } as const;

export interface CellStyle {
  readonly fg: Color;
  readonly bg: Color;
  /** A sum of `cellFlags`. */
  readonly flags: number;
}

type TextStyle = Omit<Span, 'text'>;

const plain: CellStyle = { fg: 0, bg: 0, flags: 0 };
/** Marks an attribute as an index of this table; the buffer's own default attributes lack it and mean the plain look. */
const OURS = 1 << 30;
/** The attribute of a cell that nothing was drawn on. */
export const BLANK: number = OURS;
/** Emulated programs can make a new colour for every cell; past this many the table starts anew with the next frame. */
const stylesMax = 50_000;
/** Colour tables are 26 bits wide; two of them still fit a double exactly. */
const COLOR_SPAN = 2 ** 26;

export class Styles {
  readonly #depth: ColorDepth;
  #theme: Theme;
  /** What lies beneath everything; its colours stand where a cell asks for the terminal's own. */
  #ground: CellStyle;
  #table: CellStyle[] = [];
  #sequences: string[] = [];
  #indexes = new Map<number, Map<number, number>>();
  #semantic = new Map<number, number>();

  constructor(theme: Theme, depth: ColorDepth) {
    this.#theme = theme;
    this.#depth = depth;
    this.#ground = toGround(theme, depth);
    this.intern(plain);
  }

  get isFull(): boolean {
    return this.#table.length > stylesMax;
  }

  /** Forgets everything; attributes handed out before mean nothing afterwards, so every cell must be painted again. */
  reset(theme: Theme = this.#theme): void {
    this.#theme = theme;
    this.#ground = toGround(theme, this.#depth);
    this.#table = [];
    this.#sequences = [];
    this.#indexes = new Map();
    this.#semantic = new Map();
    this.intern(plain);
  }

  /** The attribute of exactly this look. */
  intern(style: CellStyle): number {
    let ofFlags = this.#indexes.get(style.flags);
    if (!ofFlags) {
      ofFlags = new Map();
      this.#indexes.set(style.flags, ofFlags);
    }
    const key = style.fg * COLOR_SPAN + style.bg;
    let index = ofFlags.get(key);
    if (index === undefined) {
      index = this.#table.length;
      this.#table.push(style);
      ofFlags.set(key, index);
    }
    return OURS | index;
  }

  /** The attribute of a span that lies over a base look. */
  attributeOf(base: TextStyle, over: TextStyle): number {
    const key = styleKey(base) * 1024 + styleKey(over);
    let attribute = this.#semantic.get(key);
    if (attribute === undefined) {
      attribute = this.intern(this.#combine(base, over));
      this.#semantic.set(key, attribute);
    }
    return attribute;
  }

  styleOf(attribute: number): CellStyle {
    return (attribute & OURS ? this.#table[attribute & ~OURS] : undefined) ?? plain;
  }

  /** Whether the background is the theme's and not the terminal's. */
  get hasGround(): boolean {
    return this.#ground.bg !== 0;
  }

  /** The SGR sequence that a screen is cleared with, so that what nothing was drawn on has the colours of the theme, too. */
  get clearSequence(): string {
    return sgr(plain, this.#ground, this.#depth);
  }

  /** The SGR sequence (ECMA-48 8.3.117) that switches from any look to this one, at the depth of the terminal. */
  sequenceOf(attribute: number): string {
    const index = attribute & OURS ? attribute & ~OURS : 0;
    let sequence = this.#sequences[index];
    if (sequence === undefined) {
      sequence = sgr(this.styleOf(attribute), this.#ground, this.#depth);
      this.#sequences[index] = sequence;
    }
    return sequence;
  }

  #combine(base: TextStyle, over: TextStyle): CellStyle {
    let { fg, bg, flags } = plain;
    for (const layer of [base, over]) {
      const look: Look | null = layer.token ? this.#lookOf(layer.token) : null;
      fg = look?.fg ?? fg;
      bg = look?.bg ?? bg;
      for (const name of ['bold', 'italic', 'underline', 'inverse'] as const)
        if (look?.[name] || layer[name]) flags |= cellFlags[name];
      if (look?.dim) flags |= cellFlags.dim;
    }
    return { fg, bg, flags };
  }

  #lookOf(token: Token): Look {
    return this.#depth === 'none' ? this.#theme.plainLook(token) : this.#theme.look(token);
  }
}

const tokenNumbers = new Map<Token, number>(tokens.map((token, index) => [token, index + 1]));

/** A number below 1024 for every look that spans can ask for. */
function styleKey(style: TextStyle): number {
  const token = style.token ? (tokenNumbers.get(style.token) ?? 0) : 0;
  return (
    token * 16 + (style.bold ? 8 : 0) + (style.italic ? 4 : 0) + (style.underline ? 2 : 0) + (style.inverse ? 1 : 0)
  );
}

const flagCodes = [
  [cellFlags.bold, 1],
  [cellFlags.dim, 2],
  [cellFlags.italic, 3],
  [cellFlags.underline, 4],
  [cellFlags.inverse, 7],
  [cellFlags.strike, 9],
] as const;

/** The colours of the theme's text; the terminal's own where the theme names none, and where no colour may be used. */
function toGround(theme: Theme, depth: ColorDepth): CellStyle {
  if (depth === 'none') return plain;
  const { fg, bg } = theme.look('text');
  const ground = { fg: fg ?? 0, bg: bg ?? 0, flags: 0 };
  return depth === '16' ? toBasicGround(ground) : ground;
}

/** With 16 colours a ground is black or white, whatever hue it has: what is written on it must be read. */
function toBasicGround(ground: CellStyle): CellStyle {
  if (ground.bg === 0) return ground;
  return isLight(ground.bg) ? { ...ground, fg: BLACK, bg: WHITE } : { ...ground, fg: WHITE, bg: BLACK };
}

function sgr(style: CellStyle, ground: CellStyle, depth: ColorDepth): string {
  const codes = ['0'];
  for (const [flag, code] of flagCodes) if (style.flags & flag) codes.push(String(code));
  codes.push(...colorCodes(reduceColor(style.fg || ground.fg, depth), 30));
  codes.push(...colorCodes(reduceColor(style.bg || ground.bg, depth), 40));
  return `\x1b[${codes.join(';')}m`;
}

function colorCodes(color: Color, first: 30 | 40): string[] {
  if (color === 0) return [];
  if (color >= RGB) {
    const rgb = color - RGB;
    return [`${first + 8};2;${rgb >> 16};${(rgb >> 8) & 255};${rgb & 255}`];
  }
  const index = color - PALETTE;
  if (index < 8) return [String(first + index)];
  if (index < 16) return [String(first + 60 + index - 8)];
  return [`${first + 8};5;${index}`];
}
