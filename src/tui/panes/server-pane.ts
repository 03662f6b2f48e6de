/**
 * The live stream of one server: its blocks one below the other, newest at the bottom. Wires what lays them out, looks at them and paints them;
 * what keys do with the chosen block beyond the pane is in actions/blocks.ts.
 */

import type { BlockView } from '../../protocol/view.ts';
import type { TextSource } from '../copy/text-rows.ts';
import type { ViewChange } from '../host-port.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import { drawFrame, drawThumb, type FocusState, type Pane, putLines, type Stage } from '../pane.ts';
import type { Page } from '../present/page.ts';
import { type BlockWords, isHostNewer, toEmptyPane, toPaneNote, toPaneTitle } from '../present/server-pane.ts';
import { plain } from '../present/text.ts';
import { whyNothingToFold } from '../situation-block.ts';
import { offsetOf, placeAt } from '../stream/block-layout.ts';
import { BlockOutputs } from '../stream/block-outputs.ts';
import { BlockStream, timeColumns } from '../stream/block-stream.ts';
import type { ActiveFilter } from '../stream/line-filter.ts';
import { paintChosen, paintStream, type StreamSight, toPlacedRows } from '../stream/paint-stream.ts';
import { allRows, outputOf, rowAt } from '../stream/stream-text.ts';
import { StreamView } from '../stream/stream-view.ts';
import { toBlockWords } from '../to-pane-model.ts';
import type { Ingest } from '../widgets/ingest.ts';
import type { Surface } from '../widgets/surface.ts';
import { openFilterLine } from './filter-line.ts';
import { toPaneSource } from './pane-source.ts';
import type { PaneRow, PaneText } from './pane-text.ts';

/** Cells that one key moves cut lines by. */
const shiftStep = 8;

export class ServerPane implements Pane, PaneText {
  readonly id: string;
  paintOver: PaneText['paintOver'] = null;
  readonly #stage: Stage;
  readonly #stream: BlockStream;
  readonly #view: StreamView;
  #columns = 80;
  #filter: ActiveFilter | null = null;
  #lines: StreamSight['lines'] = 'wrapped';
  #times: BlockWords['times'] = 'hidden';
  #shift = 0;
  #widest = 0;

  constructor(stage: Stage, id: string, ingest: Ingest, changed: () => void) {
    this.#stage = stage;
    this.id = id;
    this.#stream = new BlockStream(new BlockOutputs(ingest, changed));
    this.#view = new StreamView(this.#stream);
  }

  get textSource(): TextSource {
    return toPaneSource(this.id, this, () => this.toEnd());
  }

  get paneText(): PaneText {
    return this;
  }

  prepare(): void {
    this.#layOut(this.#blocks);
    const wanted = this.#stream.find(this.#stage.model.wantedBlock);
    if (wanted) this.#view.show(wanted);
    if (wanted) this.#stage.model.wantedBlock = null;
    this.#stage.model.chosenBlock = { server: this.id, id: this.#view.chosen?.block.id ?? null };
  }

  paint(surface: Surface, focus: FocusState): void {
    const model = this.#stage.model.toPaneModel(this.id);
    const title = toPaneTitle(model, this.#stage.page(Math.max(8, surface.width - 4)));
    if (surface.height < 3) {
      const { folded, unfolded } = this.#stage.page(surface.width).glyphs;
      const mark = focus === 'focused' ? plain(unfolded, 'focus') : plain(folded, 'muted');
      surface.put(0, 0, [...mark, ...title]);
      return;
    }
    const view = { filter: this.#filter?.source ?? null, isFollowing: this.#view.isFollowing };
    const inner = drawFrame(surface, focus, title, toPaneNote(view, this.#stage.page(Math.max(8, surface.width - 4))));
    if (inner.width < 8 || inner.height < 1) return;
    this.#columns = inner.width - 2;
    const text = inner.part({ x: 1, y: 0, width: this.#columns, height: inner.height });
    if (this.#blocks.length === 0)
      putLines(text, toEmptyPane({ ...model, isHostNewer: isHostNewer(this.#stage.model) }, this.#page));
    else this.#paintBlocks({ surface, inner, text }, focus);
  }

  handleAction(action: Action): boolean {
    switch (action) {
      case 'previousBlock':
      case 'nextBlock':
        return this.#step(action === 'nextBlock' ? 1 : -1);
      case 'toggleFold':
        return this.#toggleFold();
      case 'toggleAllFolds':
        return this.#toggleAllFolds();
      case 'toggleWrap':
        return this.#toggleWrap();
      case 'toggleTimes':
        return this.#toggleTimes();
      case 'filterLines':
        return this.#changeFilter();
      case 'moveLeft':
      case 'moveRight':
        return this.#moveSideways(action === 'moveRight' ? shiftStep : -shiftStep);
      default:
        return this.#view.handleAction(action);
    }
  }

  handleWheel(lines: number): void {
    this.#view.scroll(lines);
  }

  handleClick(_x: number, y: number): void {
    const placed = this.#view.chooseAt(y - 1);
    if (placed && placeAt(placed, this.#view.top + y - 1 - placed.y).part === 'fold') this.#toggleFold();
  }

  handleChange(change: ViewChange): void {
    if (change.type === 'snapshot') this.#stream.outputs.clear();
    if (change.type !== 'block.output' || change.server !== this.id) return;
    const block = this.#blocks.findLast(({ id }) => id === change.block);
    if (!block) return;
    this.#stream.outputs.handleOutput(block, change.text, change.skippedBytes, this.#stage.model.clock.nowMs());
  }

  dispose(): void {
    this.#stream.outputs.clear();
  }

  get rowCount(): number {
    return this.#stream.rowCount;
  }

  get top(): number {
    return this.#view.top;
  }

  get height(): number {
    return this.#view.rows;
  }

  rowAt(index: number): PaneRow | null {
    return rowAt(this.#stream, index, { page: this.#page, words: this.#words });
  }

  allRows(): readonly PaneRow[] {
    // Out of sight, nothing lays it out with each frame.
    this.#layOut(this.#blocks);
    return allRows(this.#stream, { page: this.#page, words: this.#words });
  }

  outputOf(block: string): string | null {
    return outputOf(this.#stream, block);
  }

  show(row: PaneRow): number | null {
    const id = row.block;
    let placed = this.#stream.find(id);
    if (!placed || id === null) return null;
    if (offsetOf(placed, row.part, row.index) === null) {
      this.#stream.open(id);
      this.#layOut(this.#blocks);
      placed = this.#stream.find(id) ?? placed;
    }
    const offset = offsetOf(placed, row.part, row.index);
    if (offset === null) return null;
    this.#view.reveal(placed.y + offset);
    return placed.y + offset;
  }

  toEnd(): void {
    this.#view.handleAction('toEnd');
  }

  scrollTo(index: number): void {
    this.#view.scrollTo(index);
  }

  get #blocks(): readonly BlockView[] {
    return this.#stage.model.view.panes[this.id]?.blocks ?? [];
  }

  get #page(): Page {
    return this.#stage.page(this.#columns);
  }

  get #words(): BlockWords {
    return { ...toBlockWords(this.#stage.model, this.id), times: this.#times };
  }

  #layOut(blocks: readonly BlockView[]): void {
    const columns = Math.max(8, this.#columns - (this.#times === 'shown' ? timeColumns : 0));
    const view = { columns, lines: this.#lines, filter: this.#filter?.passes ?? null };
    this.#stream.layOut(blocks, view, this.#page, this.#words);
  }

  #paintBlocks(
    { surface, inner, text }: { readonly surface: Surface; readonly inner: Surface; readonly text: Surface },
    focus: FocusState,
  ): void {
    const blocks = this.#blocks;
    this.#layOut(blocks);
    const top = this.#view.fit(text.height);
    const { chosen } = this.#view;
    const sight: StreamSight = {
      ...{ top, page: this.#page, words: this.#words, lines: this.#lines, shift: this.#shift },
      chosen: focus === 'focused' ? (chosen?.block.id ?? null) : null,
    };
    this.#widest = paintStream(text, this.#stream, sight);
    if (this.#stream.rowCount === 0)
      putLines(text, [plain(`No row has it; ${keyWord('pane', 'filterLines')} shows all again.`, 'muted')]);
    if (focus === 'focused') paintChosen(inner, chosen, top, this.#page);
    drawThumb(surface, 1, text.height, top, this.#stream.rowCount);
    this.paintOver?.(text, toPlacedRows(this.#stream, sight, text.height));
    const running = blocks.findLast((block) => block.state === 'running');
    if (focus === 'focused' && running) this.#stream.outputs.focus(running);
  }

  #step(by: 1 | -1): true {
    if (!this.#view.step(by))
      this.#stage.say(by === 1 ? 'This is the newest block.' : 'This is the first block.', 'muted');
    return true;
  }

  #toggleFold(): true {
    const placed = this.#view.chosen;
    if (this.#filter)
      this.#stage.say(
        `Nothing is folded while lines are filtered; ${keyWord('pane', 'filterLines')} shows all again.`,
        'muted',
      );
    else if (!placed || this.#stream.toggleFold(placed.block.id) === null)
      this.#stage.say(whyNothingToFold(placed?.block ?? null), 'muted');
    else if (placed.y < this.#view.top) this.#view.show(placed);
    return true;
  }

  #toggleAllFolds(): true {
    if (this.#filter)
      this.#stage.say(
        `Nothing is folded while lines are filtered; ${keyWord('pane', 'filterLines')} shows all again.`,
        'muted',
      );
    else {
      const fold = this.#stream.toggleAll();
      this.#stage.say(
        fold === 'folded'
          ? `All output is folded; ${keyWord('pane', 'toggleAllFolds')} unfolds it.`
          : `All output is shown; ${keyWord('pane', 'toggleAllFolds')} folds it.`,
        'muted',
      );
    }
    return true;
  }

  #toggleWrap(): true {
    this.#lines = this.#lines === 'wrapped' ? 'cut' : 'wrapped';
    this.#shift = 0;
    const isCut = this.#lines === 'cut';
    this.#stage.say(isCut ? 'Long lines are cut; Left and Right move along them.' : 'Long lines are wrapped.', 'muted');
    return true;
  }

  #toggleTimes(): true {
    this.#times = this.#times === 'hidden' ? 'shown' : 'hidden';
    const isShown = this.#times === 'shown';
    const sentence = 'Blocks say when they began, and output when it reached this screen, where it was watched.';
    this.#stage.say(isShown ? sentence : 'Times are hidden.', 'muted');
    return true;
  }

  #moveSideways(by: number): true {
    const room = this.#columns - (this.#times === 'shown' ? timeColumns : 0);
    const max = Math.max(0, this.#widest - room);
    if (this.#lines === 'wrapped')
      this.#stage.say(
        `Lines are wrapped; ${keyWord('pane', 'toggleWrap')} cuts them, and then they move sideways.`,
        'muted',
      );
    else this.#shift = Math.max(0, Math.min(this.#shift + by, max));
    return true;
  }

  /** Once to write the filter, once more to see everything again. */
  #changeFilter(): true {
    if (this.#filter) {
      this.#filter = null;
      this.#stage.say('All lines are shown again.', 'muted');
      return true;
    }
    openFilterLine(this.#stage, (filter) => {
      this.#filter = filter;
      this.#stage.invalidate();
    });
    return true;
  }
}
