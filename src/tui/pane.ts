/**
 * What a part of the screen is to the application: something to paint that may take actions, text and the mouse; and what it may ask for.
 */

import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { TextSource } from './copy/text-rows.ts';
import type { Announcement, Opening } from './held-input.ts';
import type { Key, Mouse } from './input/key.ts';
import { keyWord } from './key-words.ts';
import type { Action, Scope } from './keymap.ts';
import type { LocalPrograms } from './local-programs.ts';
import type { PaneText } from './panes/pane-text.ts';
import type { Page } from './present/page.ts';
import { wrapProse } from './present/text.ts';
import type { RegionName } from './regions.ts';
import type { ScreenModel } from './screen-model.ts';
import type { ScreenTexts } from './screen-texts.ts';
import type { FormSituation } from './situation.ts';
import type { StyledLine, Token } from './styled.ts';
import type { ThemeChoice } from './theme-choice.ts';
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
  /**
   * A press, drag, release or wheel in it; the cell counts from the pane's corner, and a drag that began here goes on outside of it. True when
   * it was the pane's to do: then it neither scrolls nor clicks. A press on the border of two panes never comes here.
   */
  handleMouse?(mouse: Mouse): boolean;
  /** While it has the focus it is told of the mouse also while no button is held. */
  readonly wantsMoves?: boolean;
  /** The cell counts from the pane's corner. */
  handleWheel?(lines: number, x: number): void;
  /** A click; the cell counts from the pane's corner. */
  handleClick?(x: number, y: number): void;
  /** Its text, where it has one that can be looked at, searched and copied. */
  readonly textSource?: TextSource | null;
  /** Its rows as text, where it is a stream of blocks. */
  readonly paneText?: PaneText;
}

/** Something above the view that has all keys until it is closed. */
export interface Overlay extends Pane {
  readonly scope: Scope;
  /** The part that it lies over exactly, while that one is on the screen. */
  readonly over?: RegionName;
  /** The waiting request that it is about; it goes when that one goes. */
  readonly about?: string | undefined;
  /** It went because that one went. */
  handleOutdated?(): void;
  /** Once it went: what became of what a person had written in it, as a sentence; null where nothing was. */
  readonly keptWords?: string | null;
  /** What its keys can do now. */
  toFormSituation?(): FormSituation;
  place(columns: number, rows: number): Rectangle;
}

/** What the application does for its parts. */
/** The field of prompts, to those who are not the field. */
export interface PromptField {
  /** What is written there and was not sent. */
  readonly text: string;
  /** Puts a text there; false, and nothing changes, when something is written already. */
  write(text: string): boolean;
  /** Takes out what is written there; false when nothing is. */
  empty(): boolean;
  /** Keeps a prompt that was written elsewhere, for who goes through earlier ones. */
  remember(text: string): void;
}

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
  /** Null where this screen has no other. */
  readonly themes: ThemeChoice | null;
  /** Null where this screen starts none. */
  readonly programs: LocalPrograms | null;
  /** Gives the terminal to a program and takes it back; its exit status. Only where there are `programs`. `after` as there. */
  lendTerminal(argv: readonly string[], after?: 'wait' | 'return'): Promise<number>;
  /** The rows of a server's pane as text; null while it was never shown. */
  paneText(server: string): PaneText | null;
  /** The texts that can be looked at. */
  readonly texts: ScreenTexts;
  /** Hands a text to the clipboard of the terminal; false when it is too long for one. */
  copy(text: string): boolean;
  /** This session is on the screen, its conversation to this item; 0 while its end is out of sight. */
  seen(session: string, item: number): void;
  /** Where prompts are written. */
  prompt(): PromptField;
  /** Shows the newest of the conversation, and follows it. */
  followConversation(): void;
  /** Moves through the conversation while something else has the focus. */
  pageConversation(action: 'pageUp' | 'pageDown'): void;
  open(overlay: Overlay): void;
  /** Shows what has to be found first: what is typed meanwhile goes into it, and Esc gives it up. What may take long is announced. */
  openLater(opening: Opening, announcement?: Announcement): Promise<void>;
  close(overlay: Overlay): void;
  /** Resolves once panes of servers can be made, which are loaded when the first is shown. */
  loadPanes(): Promise<void>;
}

/** Draws lines from the top of a surface. */
export function putLines(surface: Surface, lines: readonly StyledLine[], y = 0): void {
  lines.forEach((line, index) => {
    if (y + index < surface.height) surface.put(0, y + index, line);
  });
}

/** What stands in a list or a view with nothing in it, broken at its side. */
export function putSentence(surface: Surface, text: string): void {
  const columns = Math.max(8, surface.width - 2);
  putLines(surface.part({ x: 1, y: 0, width: columns, height: surface.height }), wrapProse(text, 'muted', columns));
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

/** Says on the border that there is more than has room, and which keys show it. */
export function toDetailsNote(top: number, rows: number, total: number, scope: Scope = 'servers'): StyledLine {
  if (total <= rows) return [];
  const where = ` lines ${top + 1}-${Math.min(total, top + rows)} of ${total}, `;
  return [
    { text: where, token: 'muted' },
    { text: `${keyWord(scope, 'detailsDown')} ${keyWord(scope, 'detailsUp')}`, token: 'key' },
    { text: ' show the rest ', token: 'muted' },
  ];
}

/** Columns of what is behind a dialog that are worth seeing at each side: fewer look like a border of it. */
const behindColumnsMin = 4;

/** How wide a dialog that wants so many columns is: all of the screen where little would be left beside it. */
export function toDialogColumns(columns: number, wanted: number): number {
  return wanted > columns - 2 * behindColumnsMin ? columns : wanted;
}

/** A rectangle in the middle, at most as large as the screen. */
export function toMiddle(columns: number, rows: number, width: number, height: number): Rectangle {
  const w = toDialogColumns(columns, width);
  const h = Math.min(height, rows - 2);
  return {
    x: Math.max(0, Math.floor((columns - w) / 2)),
    y: Math.max(0, Math.floor((rows - h) / 2)),
    width: w,
    height: h,
  };
}
