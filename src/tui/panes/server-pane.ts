/**
 * The live stream of one server: its blocks one below the other, newest at the bottom. Only what is in sight is emulated and drawn.
 */
import type { BlockView } from '../../protocol/view.ts';
import type { ViewChange } from '../host-port.ts';
import type { Action } from '../keymap.ts';
import { drawFrame, drawThumb, type FocusState, type Pane, putLines, type Stage } from '../pane.ts';
import type { Page } from '../present/page.ts';
import { isCommandBlock, toBlockFoot, toBlockHead, toEmptyPane, toPaneTitle } from '../present/server-pane.ts';
import { highlight, plain, toText } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Ingest } from '../widgets/ingest.ts';
import type { Surface } from '../widgets/surface.ts';
import { BlockScreens } from './block-screens.ts';

interface Placed {
  readonly block: BlockView;
  readonly head: readonly StyledLine[];
  readonly outputRows: number;
  readonly foot: readonly StyledLine[];
  readonly gap: number;
}

export class ServerPane implements Pane {
  readonly id: string;
  readonly #stage: Stage;
  readonly #screens: BlockScreens;
  readonly #viewport = new Viewport('stream');
  #placed: readonly Placed[] = [];

  constructor(stage: Stage, id: string, ingest: Ingest, changed: () => void) {
    this.#stage = stage;
    this.id = id;
    this.#screens = new BlockScreens(ingest, changed);
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
    const note = this.#viewport.isFollowing ? [] : plain(' scrolled back, G follows ', 'muted');
    const inner = drawFrame(surface, focus, title, note);
    if (inner.width < 8 || inner.height < 1) return;
    const page = this.#stage.page(inner.width - 2);
    const text = inner.part({ x: 1, y: 0, width: page.columns, height: inner.height });
    const blocks = model.pane?.blocks ?? [];
    if (blocks.length === 0) putLines(text, toEmptyPane(model, page));
    else this.#paintBlocks(surface, text, blocks, page);
    const running = blocks.findLast((block) => block.state === 'running');
    if (focus === 'focused' && running) this.#screens.focus(running);
  }

  handleAction(action: Action): boolean {
    if (action === 'searchNext' || action === 'searchPrevious') {
      this.#jump(action === 'searchNext' ? 1 : -1);
      return true;
    }
    return this.#viewport.handleAction(action);
  }

  handleWheel(lines: number): void {
    this.#viewport.scroll(lines);
  }

  handleChange(change: ViewChange): void {
    if (change.type === 'snapshot') this.#screens.clear();
    if (change.type === 'block.output' && change.server === this.id) this.#screens.write(change.block, change.text);
  }

  dispose(): void {
    this.#screens.clear();
  }

  #paintBlocks(surface: Surface, text: Surface, blocks: readonly BlockView[], page: Page): void {
    this.#screens.setColumns(page.columns);
    this.#placed = blocks.map((block, index) => this.#place(block, blocks[index + 1], page));
    const count = this.#placed.reduce((sum, placed) => sum + heightOf(placed), 0);
    const top = this.#viewport.fit(count, text.height);
    let at = 0;
    for (const placed of this.#placed) {
      const height = heightOf(placed);
      if (at + height > top && at < top + text.height) this.#paintBlock(text, placed, at - top);
      at += height;
    }
    drawThumb(surface, 1, text.height, top, count);
    this.#screens.trim(blocks);
  }

  #place(block: BlockView, next: BlockView | undefined, page: Page): Placed {
    const isOperation = !isCommandBlock(block);
    const isFollowedByOperation = next !== undefined && !isCommandBlock(next);
    return {
      block,
      head: toBlockHead(block, page),
      outputRows: this.#screens.rowsOf(block),
      foot: toBlockFoot(block, page),
      gap: next === undefined || (isOperation && isFollowedByOperation) ? 0 : 1,
    };
  }

  /** `y` is where the block begins, negative when its beginning is above the pane. */
  #paintBlock(text: Surface, placed: Placed, y: number): void {
    const needle = this.#needle;
    const put = (lines: readonly StyledLine[], from: number): void =>
      lines.forEach((line, index) => {
        const row = from + index;
        if (row >= 0 && row < text.height) text.put(0, row, needle === '' ? line : highlight(line, needle));
      });
    put(placed.head, y);
    const outputY = y + placed.head.length;
    const hidden = Math.max(0, -outputY);
    const height = Math.min(placed.outputRows - hidden, text.height - Math.max(0, outputY));
    // Also with no rows known yet: the emulator is made here, and tells when it has something.
    if (placed.block.text !== '' && height >= 0) {
      this.#screens.draw(text.part({ x: 0, y: Math.max(0, outputY), width: text.width, height }), placed.block, hidden);
    }
    put(placed.foot, outputY + placed.outputRows);
  }

  #jump(step: 1 | -1): void {
    const needle = this.#needle.toLowerCase();
    const matches: number[] = [];
    let at = 0;
    for (const placed of this.#placed) {
      const rows = [...placed.head.map(toText), ...this.#screens.textOf(placed.block), ...placed.foot.map(toText)];
      rows.forEach((row, index) => {
        if (row.toLowerCase().includes(needle)) matches.push(at + index);
      });
      at += heightOf(placed);
    }
    const top = this.#viewport.top;
    const next =
      step === 1
        ? (matches.find((row) => row > top) ?? matches[0])
        : (matches.findLast((row) => row < top) ?? matches.at(-1));
    if (next === undefined) this.#stage.say('Not found.', 'warn');
    else this.#viewport.to(next);
  }

  get #needle(): string {
    return this.#stage.model.searches.get(`pane:${this.id}`) ?? '';
  }
}

function heightOf(placed: Placed): number {
  return placed.head.length + placed.outputRows + placed.foot.length + placed.gap;
}
