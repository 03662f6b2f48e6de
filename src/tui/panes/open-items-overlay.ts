/**
 * The list of operations that nobody has acknowledged yet. Enter acknowledges the chosen one; it stays in the audit log. `s` first keeps its file as it is now.
 */
import type { Action, Scope } from '../keymap.ts';
import { drawFrame, type FocusState, type Overlay, putLines, type Stage, toDetailsNote, toMiddle } from '../pane.ts';
import { toOpenItemDetails, toOpenItemRow } from '../present/open-items.ts';
import { plain } from '../present/text.ts';
import { Viewport } from '../viewport.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';
import { VirtualList } from '../widgets/virtual-list.ts';

const detailRows = 7;

export class OpenItemsOverlay implements Overlay {
  readonly scope: Scope = 'openItems';
  readonly #stage: Stage;
  readonly #list: VirtualList;
  #details = new Viewport();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#list = new VirtualList({
      renderRow: (index, width) => {
        const item = stage.model.view.openItems[index];
        return item ? toOpenItemRow(item, stage.page(width)) : [];
      },
      emptyText: ' Nothing is open.',
    });
    this.#list.onSelect(() => {
      this.#details = new Viewport();
    });
  }

  place(columns: number, rows: number): Rectangle {
    const count = Math.max(1, this.#stage.model.view.openItems.length);
    return toMiddle(columns, rows, 100, count + detailRows + 3);
  }

  paint(surface: Surface, focus: FocusState): void {
    const { openItems } = this.#stage.model.view;
    const inner = drawFrame(surface, focus, plain(' Open items ', 'title', { bold: true }));
    const { glyphs } = this.#stage.page(inner.width);
    const listRows = Math.max(1, inner.height - detailRows - 1);
    this.#list.setRowCount(openItems.length);
    this.#list.draw(inner.part({ x: 0, y: 0, width: inner.width, height: listRows }), focus);
    const chosen = openItems[this.#list.selected];
    if (!chosen) return;
    inner.put(0, listRows, plain(glyphs.rule.repeat(inner.width), 'border'));
    const text = inner.part({ x: 1, y: listRows + 1, width: inner.width - 2, height: detailRows });
    const lines = toOpenItemDetails(chosen, this.#stage.page(Math.max(8, text.width)));
    const top = this.#details.fit(lines.length, text.height);
    putLines(text, lines.slice(top, top + text.height));
    inner.put(1, listRows, toDetailsNote(top, text.height, lines.length));
  }

  handleAction(action: Action): boolean {
    const { openItems } = this.#stage.model.view;
    if (action === 'scrollDown') this.#list.moveBy(1);
    else if (action === 'scrollUp') this.#list.moveBy(-1);
    else if (action === 'pageDown') this.#list.moveBy(10);
    else if (action === 'pageUp') this.#list.moveBy(-10);
    else if (action === 'toStart') this.#list.select(0);
    else if (action === 'toEnd') this.#list.select(openItems.length - 1);
    else if (action === 'detailsDown') this.#details.page(1);
    else if (action === 'detailsUp') this.#details.page(-1);
    else if (action === 'close') this.#stage.close(this);
    else if (action === 'acknowledge') void this.#acknowledge();
    else if (action === 'storeImage') void this.#storeImage();
    else return false;
    return true;
  }

  handleWheel(lines: number): void {
    this.#list.scrollBy(lines);
  }

  async #storeImage(): Promise<void> {
    const item = this.#stage.model.view.openItems[this.#list.selected];
    if (!item) return;
    const answer = await this.#stage.call('openItem.storeImage', { auditId: item.auditId });
    if (!answer) return;
    this.#stage.say(answer.message, 'ok');
    if (this.#stage.model.view.openItems.length === 0) this.#stage.close(this);
  }

  async #acknowledge(): Promise<void> {
    const item = this.#stage.model.view.openItems[this.#list.selected];
    if (!item) return;
    const done = await this.#stage.call('openItem.acknowledge', { auditId: item.auditId });
    if (done && this.#stage.model.view.openItems.length === 0) this.#stage.close(this);
  }
}
