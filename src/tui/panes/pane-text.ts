/**
 * The rows of a pane as text, each with the block that it belongs to: what search and copy mode build on. A contract; knows no pane, no
 * emulator and no key.
 */
import type { StyledLine } from '../styled.ts';
import type { Surface } from '../widgets/surface.ts';

/** One row of a pane's stream. */
export interface PaneRow {
  /** The block's id, which is the id of its operation in the log too; null for the blank row between two blocks. */
  readonly block: string | null;
  /** `fold` stands for rows that are folded away. */
  readonly part: 'head' | 'output' | 'fold' | 'foot' | 'gap';
  /** The number of the row within its part, from 0; it stays the same when something is folded. */
  readonly index: number;
  /** The whole row, also what is cut at the side; safe to print. */
  readonly text: string;
  /** The row as it is drawn, with its colours; costs more than the text. Null where only the text is known. */
  toLine?(): StyledLine | null;
  /** True when it only goes on with the line of the row above, which had no room. */
  readonly isContinued: boolean;
}

/** One row in sight: where it is drawn. */
export interface PlacedRow {
  /** Row of the surface. */
  readonly y: number;
  /** Column of the surface where the first character of `row.text` is, negative when it is cut at the left. */
  readonly x: number;
  readonly row: PaneRow;
}

export interface PaneText {
  /** Rows as they stand in the pane now, one below the other; what is folded or filtered away is not among them. */
  readonly rowCount: number;
  /** The first row in sight, and how many are. */
  readonly top: number;
  readonly height: number;
  /** Null beyond the ends. */
  rowAt(index: number): PaneRow | null;
  /** Every row, also what is folded away; costs as much as there is text, so it is for searches and not for frames. */
  allRows(): readonly PaneRow[];
  /** What is kept of a block's output, as lines of text that were not broken for the pane; null when it is not in the pane. */
  outputOf(block: string): string | null;
  /** Brings a row into sight, and unfolds its block where it is folded away. Its number among the shown rows, or null when it is gone. */
  show(row: PaneRow): number | null;
  /** Shows the newest rows, and follows them. */
  toEnd(): void;
  /** Scrolls so that this shown row is in sight, as little as needed. */
  scrollTo(index: number): void;
  /** Called after each painting with the surface of the text and the rows in sight, to mark some of them; null for nothing. */
  paintOver: ((surface: Surface, rows: readonly PlacedRow[]) => void) | null;
}
