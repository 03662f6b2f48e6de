/**
 * Rows of text that can be looked at, searched and copied: what a conversation, a pane, a document, a recording or a shell gives for it. A
 * contract; knows no key and no part of the screen.
 */
import type { StyledLine } from '../styled.ts';
import type { Rectangle } from '../widgets/surface.ts';

/** One row as it is drawn, and what of it its source has. Offsets are code units of the row's text. */
export interface TextRow {
  readonly line: StyledLine;
  /** Where what the source has begins and ends: indentation stands before it, the mark of a broken word behind it. */
  readonly from: number;
  readonly to: number;
  /** Null for a row of its own; else it goes on with the row above, and this text of the source was between them. */
  readonly continues: string | null;
  /** Of two texts beside each other. */
  readonly sides?: RowSides;
}

/** Null where a text has nothing in this row. */
export interface RowSides {
  readonly before: RowSide | null;
  readonly after: RowSide | null;
  /** Offset of what belongs to the right. */
  readonly divide: number;
}

export type RowSide = Pick<TextRow, 'from' | 'to' | 'continues'>;

/** A text as it was at one moment. What comes later changes nothing in it, so nothing moves while one reads. */
export interface FrozenText {
  /** Oldest first. */
  readonly rows: readonly TextRow[];
  /** The first row in sight. */
  readonly top: number;
  /** Where the rows are drawn in the rectangle of their part. */
  readonly area: Rectangle;
}

/** What has such rows. */
export interface TextSource {
  /** Safe to print: `conversation`, or the name of a server. */
  readonly textName: string;
  /** `open`: also what is folded away, for searches; what is at the bottom of the view stays there. `as shown`: exactly what is in sight. */
  freeze(folds: 'open' | 'as shown'): FrozenText;
  /** Called when nobody looks any more: a live text follows its end again, another one shows this row on top. */
  release(top: number): void;
  /** True while the emulated program asked for the mouse: its clicks and drags are not ours. */
  readonly wantsMouse?: boolean;
}

/** More rows than this are not looked at; the oldest are left out. Long history belongs to the recording. */
export const textRowsMax = 50_000;
