/**
 * The list of operations that nobody has acknowledged yet. Enter acknowledges the chosen one; it stays in the audit log. `s` first keeps its file as it is now.
 */
import type { OpenItemView } from '../../protocol/view.ts';
import type { Action, Scope } from '../keymap.ts';
import type { FocusState, Overlay, Stage } from '../pane.ts';
import { toOpenItemDetails, toOpenItemRow } from '../present/open-items.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';
import { DetailedList } from './detailed-list.ts';

export class OpenItemsOverlay implements Overlay {
  readonly scope: Scope = 'openItems';
  readonly #stage: Stage;
  readonly #list: DetailedList<OpenItemView>;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#list = new DetailedList(stage, {
      ...{ title: 'Open items', emptyText: 'Nothing is open.', detailRows: 7 },
      ...{ rows: () => stage.model.view.openItems, toRow: toOpenItemRow, toDetails: toOpenItemDetails },
    });
  }

  place(columns: number, rows: number): Rectangle {
    return this.#list.place(columns, rows);
  }

  paint(surface: Surface, focus: FocusState): void {
    this.#list.paint(surface, focus);
  }

  handleAction(action: Action): boolean {
    if (this.#list.handleMotion(action)) return true;
    if (action === 'close') this.#stage.close(this);
    else if (action === 'acknowledge') void this.#acknowledge();
    else if (action === 'storeImage') void this.#storeImage();
    else return false;
    return true;
  }

  handleWheel(lines: number): void {
    this.#list.handleWheel(lines);
  }

  async #storeImage(): Promise<void> {
    const item = this.#list.chosen;
    if (!item) return;
    const answer = await this.#stage.call('openItem.storeImage', { auditId: item.auditId });
    if (!answer) return;
    this.#stage.say(answer.message, 'ok');
    if (this.#stage.model.view.openItems.length === 0) this.#stage.close(this);
  }

  async #acknowledge(): Promise<void> {
    const item = this.#list.chosen;
    if (!item) return;
    const done = await this.#stage.call('openItem.acknowledge', { auditId: item.auditId });
    if (done && this.#stage.model.view.openItems.length === 0) this.#stage.close(this);
  }
}
