/**
 * The list of commands that go on without us, over all servers. Enter follows the chosen one in the pane of its server; the others look, stop and take out.
 */
import type { DurableView } from '../../protocol/view.ts';
import { doDurable, followDurable, openStopDurable } from '../actions/durables.ts';
import type { Action, Scope } from '../keymap.ts';
import type { FocusState, Overlay, Stage } from '../pane.ts';
import { toDurableDetails, toDurableRow } from '../present/durables.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';
import { DetailedList } from './detailed-list.ts';

export class DurablesOverlay implements Overlay {
  readonly scope: Scope = 'durables';
  readonly #stage: Stage;
  readonly #list: DetailedList<DurableView>;

  /** `chosen` by its id, or the server whose first one is chosen; null: the first of all. */
  constructor(stage: Stage, chosen: string | null) {
    this.#stage = stage;
    const rows = (): readonly DurableView[] => stage.model.view.durables;
    this.#list = new DetailedList(stage, {
      ...{ title: 'Durable commands', emptyText: 'No command goes on without signalbox.', detailRows: 5 },
      ...{ rows, toRow: toDurableRow, toDetails: toDurableDetails },
    });
    this.#list.choose(rows().findIndex(({ id, server }) => id === chosen || server === chosen));
  }

  place(columns: number, rows: number): Rectangle {
    return this.#list.place(columns, rows);
  }

  paint(surface: Surface, focus: FocusState): void {
    this.#list.paint(surface, focus);
  }

  handleAction(action: Action): boolean {
    if (this.#list.handleMotion(action)) return true;
    const { chosen } = this.#list;
    if (action === 'close') this.#stage.close(this);
    else if (!chosen) return false;
    else if (action === 'followDurable') this.#follow(chosen);
    else if (action === 'lookDurable') void doDurable(this.#stage, chosen, 'look');
    else if (action === 'stopDurable') openStopDurable(this.#stage, chosen, () => this.#stage.close(this));
    else if (action === 'removeDurable') void doDurable(this.#stage, chosen, 'remove');
    else return false;
    return true;
  }

  handleWheel(lines: number): void {
    this.#list.handleWheel(lines);
  }

  #follow(durable: DurableView): void {
    this.#stage.close(this);
    void followDurable(this.#stage, durable);
  }
}
