/**
 * The list of commands that go on without us, over all servers. Enter follows the chosen one in the pane of its server; the others look, stop and take out.
 */
import type { DurableView } from '../../protocol/view.ts';
import { doDurable, followDurable, openStopDurable } from '../actions/durables.ts';
import type { Action, Scope } from '../keymap.ts';
import { drawFrame, type FocusState, type Overlay, putLines, type Stage, toDetailsNote, toMiddle } from '../pane.ts';
import { toDurableDetails, toDurableRow } from '../present/durables.ts';
import { plain } from '../present/text.ts';
import { Viewport } from '../viewport.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';
import { VirtualList } from '../widgets/virtual-list.ts';

const detailRows = 5;

export class DurablesOverlay implements Overlay {
  readonly scope: Scope = 'durables';
  readonly #stage: Stage;
  readonly #list: VirtualList;
  #details = new Viewport();

  /** `chosen` by its id, or the server whose first one is chosen; null: the first of all. */
  constructor(stage: Stage, chosen: string | null) {
    this.#stage = stage;
    this.#list = new VirtualList({
      renderRow: (index, width) => {
        const durable = this.#durables[index];
        return durable ? toDurableRow(durable, stage.page(width)) : [];
      },
      emptyText: ' No command goes on without signalbox.',
    });
    this.#list.setRowCount(this.#durables.length);
    this.#list.select(
      Math.max(
        0,
        this.#durables.findIndex(({ id, server }) => id === chosen || server === chosen),
      ),
    );
    this.#list.onSelect(() => {
      this.#details = new Viewport();
    });
  }

  place(columns: number, rows: number): Rectangle {
    return toMiddle(columns, rows, 100, Math.max(1, this.#durables.length) + detailRows + 3);
  }

  paint(surface: Surface, focus: FocusState): void {
    const inner = drawFrame(surface, focus, plain(' Durable commands ', 'title', { bold: true }));
    const { glyphs } = this.#stage.page(inner.width);
    const listRows = Math.max(1, inner.height - detailRows - 1);
    this.#list.setRowCount(this.#durables.length);
    this.#list.draw(inner.part({ x: 0, y: 0, width: inner.width, height: listRows }), focus);
    const chosen = this.#chosen;
    if (!chosen) return;
    inner.put(0, listRows, plain(glyphs.rule.repeat(inner.width), 'border'));
    const text = inner.part({ x: 1, y: listRows + 1, width: inner.width - 2, height: detailRows });
    const lines = toDurableDetails(chosen, this.#stage.page(Math.max(8, text.width)));
    const top = this.#details.fit(lines.length, text.height);
    putLines(text, lines.slice(top, top + text.height));
    inner.put(1, listRows, toDetailsNote(top, text.height, lines.length));
  }

  handleAction(action: Action): boolean {
    const chosen = this.#chosen;
    if (action === 'scrollDown') this.#list.moveBy(1);
    else if (action === 'scrollUp') this.#list.moveBy(-1);
    else if (action === 'pageDown') this.#list.moveBy(10);
    else if (action === 'pageUp') this.#list.moveBy(-10);
    else if (action === 'toStart') this.#list.select(0);
    else if (action === 'toEnd') this.#list.select(this.#durables.length - 1);
    else if (action === 'detailsDown') this.#details.page(1);
    else if (action === 'detailsUp') this.#details.page(-1);
    else if (action === 'close') this.#stage.close(this);
    else if (!chosen) return false;
    else if (action === 'followDurable') this.#follow(chosen);
    else if (action === 'lookDurable') void doDurable(this.#stage, chosen, 'look');
    else if (action === 'stopDurable') openStopDurable(this.#stage, chosen, () => this.#stage.close(this));
    else if (action === 'removeDurable') void doDurable(this.#stage, chosen, 'remove');
    else return false;
    return true;
  }

  handleWheel(lines: number): void {
    this.#list.scrollBy(lines);
  }

  get #durables(): readonly DurableView[] {
    return this.#stage.model.view.durables;
  }

  get #chosen(): DurableView | undefined {
    return this.#durables[this.#list.selected];
  }

  #follow(durable: DurableView): void {
    this.#stage.close(this);
    void followDurable(this.#stage, durable);
  }
}
