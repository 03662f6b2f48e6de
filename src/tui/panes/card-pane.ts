/**
 * The waiting card, docked in the workspace or over the whole width. Reports when its end was shown; answers nothing by itself.
 */

import { cardColumnsMin } from '../../protocol/card.ts';
import { toViewportSource } from '../copy/line-source.ts';
import type { TextSource } from '../copy/text-rows.ts';
import { handleHunkAction, toDiffLayout } from '../hunk-moves.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import { LazyProse } from '../lazy-prose.ts';
import { drawFrame, drawThumb, type FocusState, type Pane, putLines, putSentence, type Stage } from '../pane.ts';
import { type CardShows, toCardBody, toCardNote, toCardTitle, toQueueRow } from '../present/card.ts';
import { besideColumnsMin, besideScreenColumns } from '../present/diff-beside.ts';
import { plain } from '../present/text.ts';
import type { QueueEntry } from '../queue.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Surface } from '../widgets/surface.ts';

/** The border and a space on each side. */
const frameColumns = 4;
/** Rows of the queue above the card in the Approvals view. */
const queueRowsMax = 6;

export class CardPane implements Pane {
  readonly #stage: Stage;
  readonly #kind: 'docked' | 'full';
  readonly #prose: LazyProse;
  #viewport = new Viewport();
  #columns = 0;
  /** Above the card. */
  #queueRows = 0;
  #shows: CardShows = 'card';
  #laidOut: { readonly key: string; readonly card: unknown; readonly lines: readonly StyledLine[] } | null = null;

  constructor(stage: Stage, kind: 'docked' | 'full') {
    this.#stage = stage;
    this.#kind = kind;
    this.#prose = new LazyProse(() => stage.invalidate());
  }

  paint(surface: Surface, focus: FocusState): void {
    const entry = this.#stage.model.desk.current;
    if (!entry) {
      const inner = drawFrame(surface, focus, plain(' Approvals ', 'title', { bold: true }));
      return putSentence(
        inner,
        `Nothing waits for your answer. ${keyWord('global', 'viewWorkspace')} goes to the workspace; what policy stops there comes here.`,
      );
    }
    const rows = this.#kind === 'full' ? this.#paintQueue(surface) : 0;
    this.#queueRows = rows;
    this.#paintCard(surface.part({ x: 0, y: rows, width: surface.width, height: surface.height - rows }), focus, entry);
  }

  /** Rows that all of the card takes at a width, its border included. */
  rowsAt(columns: number): number {
    const entry = this.#stage.model.desk.current;
    return entry ? this.#layOut(entry, columns - frameColumns).length + 2 : 0;
  }

  /** Nothing can be copied of a card that is no longer there. */
  get textSource(): TextSource | null {
    const isThere = this.#laidOut !== null && this.#laidOut.card === this.#stage.model.desk.current?.card;
    const corner = { x: 2, y: 1 + this.#queueRows };
    return isThere ? toViewportSource('card', this.#laidOut?.lines ?? [], this.#viewport, corner) : null;
  }

  handleAction(action: Action): boolean {
    const { desk } = this.#stage.model;
    if (action === 'nextCard') desk.move(1);
    else if (action === 'previousCard') desk.move(-1);
    else if (action === 'toggleDiff') return this.#toggleDiff();
    else if (action === 'toggleBeside' && this.#kind === 'docked' && this.#columns < besideColumnsMin)
      this.#stage.say(
        `Side by side is in the Approvals view (${keyWord('global', 'viewApprovals')}) and, zoomed, here, on a screen of ${besideScreenColumns} columns.`,
        'warn',
      );
    else return handleHunkAction(this.#stage, action, this.#shown) || this.#viewport.handleAction(action);
    return true;
  }

  handleWheel(lines: number): void {
    this.#viewport.scroll(lines);
  }

  get #shown() {
    return { lines: this.#laidOut?.lines ?? [], viewport: this.#viewport, columns: this.#columns };
  }

  #toggleDiff(): boolean {
    if (!this.#stage.model.desk.toSituation()?.hasDiff)
      this.#stage.say('This request changes no file, so there is no diff.', 'muted');
    else this.#shows = this.#shows === 'diff' ? 'card' : 'diff';
    return true;
  }

  #paintCard(surface: Surface, focus: FocusState, entry: QueueEntry): void {
    const { desk, hostPresence } = this.#stage.model;
    const columns = surface.width - frameColumns;
    this.#columns = columns;
    const page = this.#stage.page(columns);
    const lines = this.#layOut(entry, columns);
    const rows = surface.height - 2;
    const top = this.#viewport.fit(lines.length, rows);
    const to = Math.min(lines.length, top + rows);
    const place = { position: desk.position, count: desk.queue.length, mark: desk.markOf(entry.id) };
    const title = toCardTitle(entry, place, this.#shows, page);
    const progress = { from: top, to, count: lines.length, host: hostPresence };
    const inner = drawFrame(surface, focus, title, toCardNote(entry, progress, this.#shows, page));
    putLines(inner.part({ x: 1, y: 0, width: columns, height: rows }), lines.slice(top, to));
    drawThumb(surface, 1, rows, top, lines.length);
    const isNews = desk.markShown(this.#shows);
    // Only the whole card counts as read: the diff alone leaves out who asks and why it was stopped.
    const isWhole = this.#shows === 'card' && rows >= 1 && to >= lines.length && columns >= cardColumnsMin;
    // The hint line may be painted already, and says something else from now on.
    if ((isWhole && desk.markEndShown()) || isNews) queueMicrotask(() => this.#stage.invalidate());
  }

  #layOut(entry: QueueEntry, columns: number): readonly StyledLine[] {
    const isOther = this.#laidOut?.card !== entry.card;
    if (isOther) {
      this.#viewport = new Viewport();
      this.#shows = 'card';
    }
    const layout = toDiffLayout(this.#stage, columns);
    const key = `${columns} ${this.#shows} ${layout} ${this.#prose.version}`;
    if (isOther || this.#laidOut?.key !== key) {
      const lines = toCardBody(
        entry,
        this.#shows,
        this.#stage.page(Math.max(8, columns)),
        layout,
        this.#prose.toColours,
      );
      this.#laidOut = { key, card: entry.card, lines };
    }
    return this.#laidOut?.lines ?? [];
  }

  #paintQueue(surface: Surface): number {
    const { desk } = this.#stage.model;
    const count = Math.min(queueRowsMax, desk.queue.length, Math.max(0, surface.height - 12));
    if (count < 2) return 0;
    const from = Math.max(0, Math.min(desk.position - 1 - Math.floor(count / 2), desk.queue.length - count));
    desk.queue.slice(from, from + count).forEach((entry, index) => {
      const isCurrent = entry.id === desk.current?.id;
      const style = isCurrent ? ({ token: 'selection', bold: true } as const) : {};
      if (isCurrent) surface.fill(style, { x: 0, y: index, width: surface.width, height: 1 });
      surface.put(0, index, toQueueRow(entry, desk.markOf(entry.id), this.#stage.page(surface.width)), style);
    });
    return count;
  }
}
