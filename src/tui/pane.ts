/**
 * What a part of the screen is to the application: something to paint that may take actions, text and the mouse; and what it may ask for.
 */
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { Key } from './input/key.ts';
import type { Action, Scope } from './keymap.ts';
import type { Page } from './present/page.ts';
import type { ScreenModel } from './screen-model.ts';
import type { FormSituation } from './situation.ts';
import type { StyledLine, Token } from './styled.ts';
import type { Rectangle, Surface } from './widgets/surface.ts';

export type FocusState = 'focused' | 'unfocused';

export interface Pane {
  /** Called before anything is painted, so that what it has chosen is known everywhere. */
  prepare?(): void;
  /** The surface is blank; the pane draws its own border. */
  paint(surface: Surface, focus: FocusState): void;
  /** True when the action was this pane's to do. */
  handleAction(action: Action): boolean;
  /** A key without a meaning in the table; only for what has a text field. */
  handleKey?(key: Key): void;
  handlePaste?(text: string): void;
  handleWheel?(lines: number): void;
  /** A click; the cell counts from the pane's corner. */
  handleClick?(x: number, y: number): void;
}

/** Something above the view that has all keys until it is closed. */
export interface Overlay extends Pane {
  readonly scope: Scope;
  /** The waiting request that it is about; it goes when that one goes. */
  readonly about?: string;
  /** What its keys can do now. */
  toFormSituation?(): FormSituation;
  place(columns: number, rows: number): Rectangle;
}

/** What the application does for its parts. */
export interface Stage {
  readonly model: ScreenModel;
  page(columns: number): Page;
  /** Something to paint; the next frame does it. */
  invalidate(): void;
  /** One sentence in the hint line, until the next key. */
  say(text: string, token?: Token): void;
  /** Calls the host; a failure is said in the hint line and answered with null. */
  call<Name extends MethodName>(method: Name, params: Params<Name>): Promise<Result<Name> | null>;
  perform(action: Action): void;
  open(overlay: Overlay): void;
  close(overlay: Overlay): void;
}

/** Draws lines from the top of a surface. */
export function putLines(surface: Surface, lines: readonly StyledLine[], y = 0): void {
  lines.forEach((line, index) => {
    if (y + index < surface.height) surface.put(0, y + index, line);
  });
}

/** The border of a part: the focused one differs by its colour and by the mark in its title. */
export function drawFrame(surface: Surface, focus: FocusState, title: StyledLine, note: StyledLine = []): Surface {
  const isFocused = focus === 'focused';
  const style = isFocused ? ({ token: 'focus' } as const) : ({ token: 'border' } as const);
  const mark: StyledLine = isFocused ? [{ text: isAscii(surface) ? '*' : '■', token: 'focus' }] : [];
  return surface.box(style, [...mark, ...title], note);
}

/** Whether only ASCII is drawn: the borders tell. */
export function isAscii(surface: Surface): boolean {
  return surface.borders.vertical === '|';
}

/** Where a text stands in the whole: a thumb on the right border, `from` rows below the top, over `rows` rows. */
export function drawThumb(surface: Surface, from: number, rows: number, top: number, total: number): void {
  if (total <= rows || rows < 2) return;
  const size = Math.max(1, Math.round((rows * rows) / total));
  const start = Math.min(rows - size, Math.round((top / Math.max(1, total - rows)) * (rows - size)));
  for (let y = start; y < start + size; y += 1) {
    surface.put(surface.width - 1, from + y, [{ text: surface.borders.thumb, token: 'accent' }]);
  }
}

/** A rectangle in the middle, at most as large as the screen. */
export function toMiddle(columns: number, rows: number, width: number, height: number): Rectangle {
  const w = Math.min(width, columns - 2);
  const h = Math.min(height, rows - 2);
  return {
    x: Math.max(0, Math.floor((columns - w) / 2)),
    y: Math.max(0, Math.floor((rows - h) / 2)),
    width: w,
    height: h,
  };
}
