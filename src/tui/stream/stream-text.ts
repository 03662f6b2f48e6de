/**
 * The rows of a stream of blocks as text: what search, copy mode and copying of a block read. Scrolls nothing.
 */
import type { PaneRow } from '../panes/pane-text.ts';
import { toFoldLine } from '../present/block-fold.ts';
import type { Page } from '../present/page.ts';
import type { BlockWords } from '../present/server-pane.ts';
import { toText } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { blockAt, heightOf, type PlacedBlock, placeAt, type RowPlace } from './block-layout.ts';
import type { BlockStream } from './block-stream.ts';
import { toPlainLines, withoutActing } from './plain-output.ts';

/** How the pane was painted last. */
export interface Painted {
  readonly page: Page;
  readonly words: BlockWords;
}

/** The row of the stream with this number among those shown; null beyond the end. */
export function rowAt(stream: BlockStream, index: number, painted: Painted): PaneRow | null {
  const placed = blockAt(stream.placed, index);
  return placed ? toRow(stream, placed, placeAt(placed, index - placed.y), painted) : null;
}

/** Every row of every block, also what is folded away. */
export function allRows(stream: BlockStream, painted: Painted): readonly PaneRow[] {
  return stream.placed.flatMap((placed) => {
    const output = stream.outputs.wholeRowsOf(placed.block);
    const whole = { ...placed, output, plan: { before: 0, hidden: 0, after: output.count, gone: 0 } };
    return Array.from({ length: heightOf(whole) }, (_, at) => toRow(stream, whole, placeAt(whole, at), painted));
  });
}

/** The output of a block as it was printed, line by line, as far as it is kept; what would act where it is pasted is left out. */
export function outputOf(stream: BlockStream, id: string): string | null {
  const placed = stream.find(id);
  return placed ? toPlainLines(placed.block.text).join('\n') : null;
}

function toRow(stream: BlockStream, placed: PlacedBlock, place: RowPlace, { page, words }: Painted): PaneRow {
  const { block, output } = placed;
  const row = { ...place, block: block.id, isContinued: false };
  switch (place.part) {
    case 'head':
      return withLine(row, stream.lines.headOf(block, page, words)[place.index] ?? []);
    case 'foot':
      return withLine(row, stream.lines.footOf(block, page, words)[place.index] ?? []);
    case 'output':
      return {
        ...row,
        text: withoutActing(output.textAt(place.index)),
        isContinued: output.isContinuedAt(place.index),
        toLine: () => output.lineAt?.(place.index) ?? null,
      };
    case 'fold':
      return withLine(row, toFoldLine(placed.plan, 'not chosen', page));
    case 'gap':
      return { ...row, block: null, text: '' };
  }
}

function withLine(row: Omit<PaneRow, 'text'>, line: StyledLine): PaneRow {
  return { ...row, text: toText(line), toLine: () => line };
}
