/**
 * Every file that one session changed: a list above, the whole difference of the chosen file below. Rolls one back, or all of them.
 */
import type { ChangedFileView } from '../../protocol/methods.ts';
import type { SessionView } from '../../protocol/view.ts';
import { rollBack } from '../actions/rollback.ts';
import { toViewportSource } from '../copy/line-source.ts';
import type { TextSource } from '../copy/text-rows.ts';
import type { Action, Scope } from '../keymap.ts';
import { LastLines } from '../last-lines.ts';
import { LazyProse } from '../lazy-prose.ts';
import { drawFrame, drawThumb, type FocusState, type Overlay, putLines, type Stage } from '../pane.ts';
import { toChangeDetails, toChangeRow } from '../present/rollback.ts';
import { plain, readable } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';
import { VirtualList } from '../widgets/virtual-list.ts';

export class ChangesOverlay implements Overlay {
  readonly scope: Scope = 'changes';
  readonly #stage: Stage;
  readonly #session: SessionView;
  readonly #list: VirtualList;
  readonly #prose: LazyProse;
  readonly #laidOut = new LastLines();
  #files: readonly ChangedFileView[] | null = null;
  #problem: string | null = null;
  /** The difference has the room of the list, too. */
  #isWhole = false;
  #viewport = new Viewport();
  /** The difference as it was drawn last, and its first row. */
  #shown: { readonly lines: readonly StyledLine[]; readonly y: number } | null = null;

  constructor(stage: Stage, session: SessionView) {
    this.#stage = stage;
    this.#session = session;
    this.#prose = new LazyProse(() => stage.invalidate());
    this.#list = new VirtualList({
      renderRow: (index, width) => {
        const file = this.#files?.[index];
        return file ? toChangeRow(file, stage.page(width)) : [];
      },
      emptyText: ' It has changed no file. What its commands did is in the audit log.',
    });
    this.#list.onSelect(() => {
      this.#viewport = new Viewport();
    });
    void this.#load();
  }

  place(columns: number, rows: number): Rectangle {
    return { x: 0, y: 1, width: columns, height: rows - 2 };
  }

  paint(surface: Surface, focus: FocusState): void {
    const title = ` Changes of ${readable(this.#session.title)} `;
    const inner = drawFrame(surface, focus, plain(title, 'title', { bold: true }));
    const { glyphs } = this.#stage.page(inner.width);
    if (this.#files === null) {
      inner.put(1, 0, plain(this.#problem ?? `${glyphs.running} reading the log`, 'muted'));
      return;
    }
    const chosen = this.#files[this.#list.selected];
    const isWhole = this.#isWhole && chosen !== undefined;
    const most = Math.max(1, Math.floor(inner.height / 3));
    const listRows = isWhole ? -1 : Math.min(Math.max(1, this.#files.length), most);
    if (!isWhole) this.#list.draw(inner.part({ x: 0, y: 0, width: inner.width, height: listRows }), focus);
    if (!chosen || inner.height < listRows + 2) return;
    if (!isWhole) inner.put(0, listRows, plain(glyphs.rule.repeat(inner.width), 'border'));
    const height = inner.height - listRows - 1;
    const columns = Math.max(8, inner.width - 2);
    const lines = this.#laidOut.of([chosen, columns, this.#prose.version], () =>
      toChangeDetails(chosen, this.#stage.page(columns), this.#prose.toColours),
    );
    this.#shown = { lines, y: listRows + 2 };
    const top = this.#viewport.fit(lines.length, height);
    putLines(inner.part({ x: 1, y: listRows + 1, width: columns, height }), lines.slice(top, top + height));
    drawThumb(surface, listRows + 2, height, top, lines.length);
  }

  /** The difference of the chosen file. */
  get textSource(): TextSource | null {
    return this.#shown && toViewportSource('changes', this.#shown.lines, this.#viewport, { x: 2, y: this.#shown.y });
  }

  handleAction(action: Action): boolean {
    const chosen = this.#files?.[this.#list.selected];
    const session = this.#session.id;
    if (action === 'open') this.#isWhole = !this.#isWhole;
    else if (action === 'close' && this.#isWhole) this.#isWhole = false;
    else if (action === 'close') this.#stage.close(this);
    else if (action === 'scrollDown') this.#list.moveBy(1);
    else if (action === 'scrollUp') this.#list.moveBy(-1);
    else if (action === 'rollBack') {
      if (chosen) void this.#rollBack({ session, server: chosen.server, path: chosen.path });
    } else if (action === 'rollBackAll') void this.#rollBack({ session });
    else return this.#viewport.handleAction(action);
    return true;
  }

  handleWheel(lines: number): void {
    this.#viewport.scroll(lines);
  }

  async #rollBack(request: Parameters<typeof rollBack>[1]): Promise<void> {
    // The cards are answered in the view below.
    await rollBack(this.#stage, request, () => this.#stage.close(this));
  }

  /** The log answers at once; how each file is now takes a look at its server. */
  async #load(): Promise<void> {
    for (const look of ['log', 'server'] as const) {
      const answer = await this.#stage.call('session.changes', { session: this.#session.id, look });
      if (!answer) this.#problem = 'The changes could not be read.';
      else {
        this.#files = answer.files;
        this.#list.setRowCount(answer.files.length);
      }
      this.#stage.invalidate();
      if (!answer || answer.files.length === 0) return;
    }
  }
}
