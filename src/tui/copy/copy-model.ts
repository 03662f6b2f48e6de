/**
 * Copy mode as numbers: a cursor that stands on characters, a selection, and the part in sight; every key is a function from one state to the
 * next. Knows no screen, no clipboard and no search.
 */
import { type CopyText, characterAt, columnAt, lastOffset, offsetAtColumn } from './copy-text.ts';
import { type WordMotion, wordMotions } from './copy-words.ts';

/** A character: the row, and the code-unit offset in its text. */
export interface CopyPlace {
  readonly row: number;
  readonly at: number;
}

export type SelectionShape = 'characters' | 'lines' | 'block';

export interface CopyState {
  readonly cursor: CopyPlace;
  /** The cell that up and down try to keep; infinite after `$`. */
  readonly wantedColumn: number;
  /** The other end of the selection; null without one. */
  readonly anchor: CopyPlace | null;
  readonly shape: SelectionShape;
  /** First row in sight, and how many have room. */
  readonly top: number;
  readonly height: number;
}

export type CopyMotion =
  | WordMotion
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'lineStart'
  | 'lineText'
  | 'lineEnd'
  | 'textStart'
  | 'textEnd'
  | 'halfPageDown'
  | 'halfPageUp'
  | 'pageDown'
  | 'pageUp'
  | 'paragraphForward'
  | 'paragraphBack'
  | 'viewTop'
  | 'viewMiddle'
  | 'viewBottom';

/** Begins with the cursor in a row of what is in sight. */
export function startCopy(text: CopyText, top: number, height: number, row: number): CopyState {
  const state: CopyState = {
    ...{ cursor: { row: 0, at: 0 }, wantedColumn: 0, anchor: null, shape: 'characters' as const },
    ...{ top: Math.max(0, top), height: Math.max(1, height) },
  };
  return toRow(state, text, row);
}

/** The state after a motion; the cursor is in sight. */
export function moveCursor(state: CopyState, motion: CopyMotion, text: CopyText): CopyState {
  const { cursor, top, height } = state;
  const half = Math.max(1, Math.floor(height / 2));
  switch (motion) {
    case 'left':
    case 'right':
      return sideways(state, text, motion === 'left' ? -1 : 1);
    case 'up':
      return toRow(state, text, cursor.row - 1);
    case 'down':
      return toRow(state, text, cursor.row + 1);
    case 'lineStart':
      return goTo(state, text, { row: cursor.row, at: 0 });
    case 'lineText':
      return goTo(state, text, { row: cursor.row, at: text.row(cursor.row).text.search(/\S|$/) });
    case 'lineEnd':
      return {
        ...goTo(state, text, { row: cursor.row, at: lastOffset(text.row(cursor.row)) }),
        wantedColumn: Infinity,
      };
    case 'textStart':
      return toRow(state, text, 0);
    case 'textEnd':
      return toRow(state, text, text.count - 1);
    case 'halfPageDown':
      return scroll(state, text, half);
    case 'halfPageUp':
      return scroll(state, text, -half);
    case 'pageDown':
      return scroll(state, text, Math.max(1, height - 2));
    case 'pageUp':
      return scroll(state, text, -Math.max(1, height - 2));
    case 'paragraphForward':
      return toRow(state, text, toParagraph(text, cursor.row, 1));
    case 'paragraphBack':
      return toRow(state, text, toParagraph(text, cursor.row, -1));
    case 'viewTop':
      return toRow(state, text, top);
    case 'viewMiddle':
      return toRow(state, text, top + Math.floor((Math.min(height, text.count - top) - 1) / 2));
    case 'viewBottom':
      return toRow(state, text, top + height - 1);
    default:
      return goTo(state, text, wordMotions[motion](text, cursor));
  }
}

/** Puts the cursor on the character at or before a place. */
export function goTo(state: CopyState, text: CopyText, place: CopyPlace): CopyState {
  const row = Math.max(0, Math.min(place.row, text.count - 1));
  const { offsets } = text.row(row);
  const at = offsets[characterAt(text.row(row), Math.max(0, place.at))] ?? 0;
  return keepInSight({ ...state, cursor: { row, at }, wantedColumn: columnAt(text.row(row), at) });
}

/** The same with the place in the middle of what is in sight, where it has no room already. */
export function showInMiddle(state: CopyState, text: CopyText, place: CopyPlace): CopyState {
  const isInSight = place.row >= state.top && place.row < state.top + state.height;
  if (isInSight) return goTo(state, text, place);
  const top = Math.max(0, Math.min(place.row - Math.floor(state.height / 2), text.count - state.height));
  return goTo({ ...state, top }, text, place);
}

/** Scrolls, and the cursor goes with it. */
export function scroll(state: CopyState, text: CopyText, rows: number): CopyState {
  const topMax = Math.max(state.top, text.count - state.height);
  const top = Math.max(0, Math.min(state.top + rows, rows > 0 ? topMax : state.top));
  return toRow({ ...state, top }, text, state.cursor.row + rows);
}

/** Begins a selection at the cursor, gives it another shape, or ends it when it has that shape already. */
export function toggleSelection(state: CopyState, shape: SelectionShape): CopyState {
  if (state.anchor === null) return { ...state, anchor: state.cursor, shape };
  return state.shape === shape ? { ...state, anchor: null } : { ...state, shape };
}

export function swapEnds(state: CopyState, text: CopyText): CopyState {
  if (state.anchor === null) return state;
  return { ...goTo(state, text, state.anchor), anchor: state.cursor };
}

/** The room changed; the cursor stays in sight. */
export function resizeCopy(state: CopyState, height: number): CopyState {
  return height === state.height ? state : keepInSight({ ...state, height: Math.max(1, height) });
}

function sideways(state: CopyState, text: CopyText, step: 1 | -1): CopyState {
  const row = text.row(state.cursor.row);
  const index = Math.max(0, Math.min(characterAt(row, state.cursor.at) + step, row.offsets.length - 2));
  return goTo(state, text, { row: state.cursor.row, at: row.offsets[index] ?? 0 });
}

/** Another row, as near to the wanted cell as it goes. */
function toRow(state: CopyState, text: CopyText, wanted: number): CopyState {
  const row = Math.max(0, Math.min(wanted, text.count - 1));
  return keepInSight({ ...state, cursor: { row, at: offsetAtColumn(text.row(row), state.wantedColumn) } });
}

/** The next empty row, skipping those that one stands among. */
function toParagraph(text: CopyText, from: number, step: 1 | -1): number {
  const isEmpty = (row: number): boolean => text.row(row).text.trim() === '';
  let row = from;
  while (row > 0 && row < text.count - 1 && isEmpty(row)) row += step;
  row += step;
  while (row > 0 && row < text.count - 1 && !isEmpty(row)) row += step;
  return row;
}

function keepInSight(state: CopyState): CopyState {
  const { row } = state.cursor;
  const top = Math.min(row, Math.max(state.top, row - state.height + 1));
  return top === state.top ? state : { ...state, top };
}
