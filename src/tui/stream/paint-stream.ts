/**
 * Draws what is in sight of a stream of blocks: heads, output, folds and feet, the mark of the chosen block, times and the marks of cut lines.
 * Looks at no block that is out of sight.
 */
import type { PlacedRow } from '../panes/pane-text.ts';
import { toFoldLine } from '../present/block-fold.ts';
import type { Page } from '../present/page.ts';
import type { BlockWords } from '../present/server-pane.ts';
import { span, textWidth } from '../present/text.ts';
import { toTimeOfDay } from '../present/words.ts';
import type { StyledLine } from '../styled.ts';
import type { Surface } from '../widgets/surface.ts';
import { blockAt, heightOf, ownRowsOf, type PlacedBlock, placeAt } from './block-layout.ts';
import { type BlockStream, timeColumns } from './block-stream.ts';
import { rowAt } from './stream-text.ts';

export interface StreamSight {
  /** The first row of the stream in sight. */
  readonly top: number;
  readonly page: Page;
  readonly words: BlockWords;
  readonly chosen: string | null;
  readonly lines: 'wrapped' | 'cut';
  /** Cells that cut lines are moved to the left. */
  readonly shift: number;
}

/** Cells of the longest line in sight: what there is to move sideways to. */
export function paintStream(text: Surface, stream: BlockStream, sight: StreamSight): number {
  let widest = 0;
  for (let y = 0; y < text.height; ) {
    const placed = blockAt(stream.placed, sight.top + y);
    if (!placed) break;
    widest = Math.max(widest, paintBlock(text, stream, placed, sight));
    y = placed.y + heightOf(placed) - sight.top;
  }
  return widest;
}

/** The bar beside the chosen block, in the column left of the text. */
export function paintChosen(margin: Surface, placed: PlacedBlock | undefined, top: number, page: Page): void {
  if (!placed) return;
  const end = Math.min(margin.height, placed.y + ownRowsOf(placed) - top);
  for (let y = Math.max(0, placed.y - top); y < end; y += 1) margin.put(0, y, [span(page.glyphs.bar, 'focus')]);
}

/** The rows in sight with where their text is, for who marks some of them. */
export function toPlacedRows(stream: BlockStream, sight: StreamSight, height: number): readonly PlacedRow[] {
  const rows: PlacedRow[] = [];
  for (let y = 0; y < height; y += 1) {
    const row = rowAt(stream, sight.top + y, sight);
    if (row) rows.push({ y, x: row.part === 'output' ? gutterOf(sight) - shiftOf(sight) : 0, row });
  }
  return rows;
}

function paintBlock(text: Surface, stream: BlockStream, placed: PlacedBlock, sight: StreamSight): number {
  const { block } = placed;
  const { page, words } = sight;
  const first = Math.max(0, sight.top - placed.y);
  const end = Math.min(ownRowsOf(placed), sight.top + text.height - placed.y);
  const put = (y: number, line: StyledLine | undefined): void => {
    if (line) text.put(0, y, line);
  };
  let widest = 0;
  for (let offset = first; offset < end; offset += 1) {
    const y = placed.y + offset - sight.top;
    const place = placeAt(placed, offset);
    if (place.part === 'head') put(y, stream.lines.headOf(block, page, words)[place.index]);
    else if (place.part === 'foot') put(y, stream.lines.footOf(block, page, words)[place.index]);
    else if (place.part === 'fold')
      put(y, toFoldLine(placed.plan, sight.chosen === block.id ? 'chosen' : 'not chosen', page));
    else if (place.part === 'output')
      widest = Math.max(widest, paintOutput(text, stream, placed, y, place.index, sight));
  }
  return widest;
}

function paintOutput(
  text: Surface,
  stream: BlockStream,
  { block }: PlacedBlock,
  y: number,
  index: number,
  sight: StreamSight,
): number {
  const rows = stream.outputs.drawnRowsOf(block);
  const gutter = gutterOf(sight);
  if (gutter > 0 && !rows.isContinuedAt(index)) {
    const atMs = stream.outputs.timeOf(block, rows.lineFromEndAt(index));
    if (atMs !== null) text.put(0, y, [span(toTimeOfDay(atMs), 'muted')]);
  }
  const shift = shiftOf(sight);
  rows.drawRow(text, y, index, { x: gutter, shift });
  return sight.lines === 'cut'
    ? paintCuts(text, y, textWidth(rows.textAt(index)), { gutter, shift, page: sight.page })
    : 0;
}

/** Marks where a line goes on beyond the pane. */
function paintCuts(
  text: Surface,
  y: number,
  width: number,
  { gutter, shift, page }: { readonly gutter: number; readonly shift: number; readonly page: Page },
): number {
  const mark = (x: number, sign: string): void => void text.put(x, y, [span(sign, 'accent', { inverse: true })]);
  if (shift > 0 && width > 0) mark(gutter, page.glyphs.cutLeft);
  if (width - shift > text.width - gutter) mark(text.width - 1, page.glyphs.cutRight);
  return width;
}

function gutterOf({ words }: StreamSight): number {
  return words.times === 'shown' ? timeColumns : 0;
}

function shiftOf({ lines, shift }: StreamSight): number {
  return lines === 'cut' ? shift : 0;
}
