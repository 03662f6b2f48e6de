/**
 * The output of one block as rows of a pane: wrapped or cut lines, all or those that a filter lets through. A contract and the way a pane
 * looks at its output; knows no emulator.
 */
import type { StyledLine } from '../styled.ts';
import type { Surface } from '../widgets/surface.ts';

/** How a pane looks at all output in it. */
export interface OutputView {
  /** Cells of a row. */
  readonly columns: number;
  readonly lines: 'wrapped' | 'cut';
  /** Whether a line is shown; null shows all. Another function is another filter. */
  readonly filter: ((line: string) => boolean) | null;
}

export interface OutputRows {
  readonly count: number;
  /** Rows that are not kept here any more; the recording has them. */
  readonly gone: number;
  textAt(index: number): string;
  /** The same with its colours; null where only the text is known. */
  lineAt?(index: number): StyledLine | null;
  /** Whether it goes on with the line of the row above. */
  isContinuedAt(index: number): boolean;
  /** Which line of the output it belongs to, counted from the last one, which is 0. */
  lineFromEndAt(index: number): number;
}

/** Rows that can be drawn as the program meant them. */
export interface DrawnRows extends OutputRows {
  /** Draws one row in row `y` from column `x` on; of a cut line the cells from `shift` on. */
  drawRow(surface: Surface, y: number, index: number, place: { readonly x: number; readonly shift: number }): void;
}
