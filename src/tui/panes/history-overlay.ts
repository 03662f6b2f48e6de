/**
 * Every change of one file of a server, newest first: a list above, what the chosen change did below. Rolls the chosen one back.
 */
import type { FileStepView } from '../../protocol/audit-methods.ts';
import type { Result } from '../../protocol/methods.ts';
import { showRecord } from '../actions/blocks.ts';
import { rollBack } from '../actions/rollback.ts';
import { handleHunkAction, toDiffLayout } from '../hunk-moves.ts';
import type { Action, Scope } from '../keymap.ts';
import { LastLines } from '../last-lines.ts';
import { LazyProse } from '../lazy-prose.ts';
import { drawFrame, drawThumb, type FocusState, type Overlay, putLines, type Stage } from '../pane.ts';
import { toHistoryDetails, toHistoryRow, toHistoryTitle } from '../present/history.ts';
import { plain } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';
import { VirtualList } from '../widgets/virtual-list.ts';

/** What became of the file that this operation was about. */
export function openHistory(stage: Stage, row: { readonly id: string } | null): void {
  if (row) stage.open(new HistoryOverlay(stage, row.id));
}

export class HistoryOverlay implements Overlay {
  readonly scope: Scope = 'fileHistory';
  readonly #stage: Stage;
  readonly #list: VirtualList;
  readonly #details = new Map<string, Result<'audit.detail'> | 'loading'>();
  #history: Result<'audit.history'> | null = null;
  readonly #prose: LazyProse;
  readonly #laidOut = new LastLines();
  #viewport = new Viewport();
  #lines: readonly StyledLine[] = [];
  #columns = 0;

  /** @param id of any operation that was about the file. */
  constructor(stage: Stage, id: string) {
    this.#stage = stage;
    this.#prose = new LazyProse(() => stage.invalidate());
    this.#list = new VirtualList({
      renderRow: (index, width) => {
        const step = this.#history?.steps[index];
        return step ? toHistoryRow(step, stage.page(width)) : [];
      },
      emptyText: ' The log knows no change of this file.',
    });
    this.#list.onSelect(() => {
      this.#viewport = new Viewport();
    });
    void this.#load(id);
  }

  place(columns: number, rows: number): Rectangle {
    return { x: 0, y: 1, width: columns, height: rows - 2 };
  }

  paint(surface: Surface, focus: FocusState): void {
    const page = this.#stage.page(Math.max(8, surface.width - 4));
    const title = this.#history ? toHistoryTitle(this.#history, page) : plain(' History ', 'title', { bold: true });
    const inner = drawFrame(surface, focus, title);
    if (!this.#history) {
      inner.put(1, 0, plain(`${page.glyphs.running} reading the log`, 'muted'));
      return;
    }
    const { steps } = this.#history;
    const listRows = Math.min(Math.max(1, steps.length), Math.max(1, Math.floor(inner.height / 3)));
    this.#list.draw(inner.part({ x: 0, y: 0, width: inner.width, height: listRows }), focus);
    const chosen = this.#chosen;
    if (!chosen || inner.height < listRows + 2) return;
    inner.put(0, listRows, plain(page.glyphs.rule.repeat(inner.width), 'border'));
    const height = inner.height - listRows - 1;
    this.#columns = Math.max(8, inner.width - 2);
    const layout = toDiffLayout(this.#stage, this.#columns);
    const detail = this.#detailOf(chosen);
    this.#lines = this.#laidOut.of([chosen, detail, this.#columns, layout, this.#prose.version], () =>
      toHistoryDetails(chosen, detail, this.#stage.page(this.#columns), layout, this.#prose.toColours),
    );
    const top = this.#viewport.fit(this.#lines.length, height);
    const text = inner.part({ x: 1, y: listRows + 1, width: this.#columns, height });
    putLines(text, this.#lines.slice(top, top + height));
    drawThumb(surface, listRows + 2, height, top, this.#lines.length);
  }

  handleAction(action: Action): boolean {
    if (action === 'close') this.#stage.close(this);
    else if (action === 'scrollDown') this.#list.moveBy(1);
    else if (action === 'scrollUp') this.#list.moveBy(-1);
    else if (action === 'open') this.#openRecord();
    else if (action === 'rollBack') this.#rollBack();
    else {
      const shown = { lines: this.#lines, viewport: this.#viewport, columns: this.#columns };
      return handleHunkAction(this.#stage, action, shown) || this.#viewport.handleAction(action);
    }
    return true;
  }

  handleWheel(lines: number): void {
    this.#viewport.scroll(lines);
  }

  get #chosen(): FileStepView | null {
    return this.#history?.steps[this.#list.selected] ?? null;
  }

  #openRecord(): void {
    if (!this.#chosen) return;
    this.#stage.close(this);
    void showRecord(this.#stage, this.#chosen.id);
  }

  #rollBack(): void {
    const chosen = this.#chosen;
    if (!chosen) return;
    if (!chosen.canRollBack) return this.#stage.say('This one changed nothing that could be rolled back.', 'warn');
    void rollBack(this.#stage, { id: chosen.id }, () => this.#stage.close(this));
  }

  /** Null while it is on its way. */
  #detailOf({ id }: FileStepView): Result<'audit.detail'> | null {
    const known = this.#details.get(id);
    if (known !== undefined) return known === 'loading' ? null : known;
    this.#details.set(id, 'loading');
    void this.#stage.call('audit.detail', { id }).then((detail) => {
      this.#details.set(id, detail ?? { records: [], diff: null, diffNote: 'Its records could not be loaded.' });
      this.#stage.invalidate();
    });
    return null;
  }

  async #load(id: string): Promise<void> {
    const history = await this.#stage.call('audit.history', { id });
    if (!history) return this.#stage.close(this);
    this.#history = history;
    this.#list.setRowCount(history.steps.length);
    const at = history.steps.findIndex((step) => step.id === id);
    if (at !== -1) this.#list.select(at);
    this.#stage.invalidate();
  }
}
