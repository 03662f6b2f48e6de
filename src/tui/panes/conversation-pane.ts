/**
 * The conversation of the session in the workspace: its items with a cursor, followed at the end, held in place where one reads. What is laid
 * out and when is the rows' affair (conversation-rows.ts); what keys do with an item, the actions'.
 */

import type { ConversationItem, SessionView } from '../../protocol/view.ts';
import { toLineSource } from '../copy/line-source.ts';
import type { TextSource } from '../copy/text-rows.ts';
import { ItemFolds } from '../item-folds.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import { LazyProse } from '../lazy-prose.ts';
import type { OlderState } from '../older-items.ts';
import { drawFrame, drawThumb, type FocusState, type Pane, putLines, type Stage } from '../pane.ts';
import { toConversationTitle, toEmptyConversation, toOlderLines, toPlanLines } from '../present/conversation.ts';
import { toFollowNote } from '../present/follow-note.ts';
import type { Page } from '../present/page.ts';
import { toTailLines } from '../present/session-state.ts';
import { plain } from '../present/text.ts';
import { toCallWait } from '../present/tool-item.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Surface } from '../widgets/surface.ts';
import { ConversationRows } from './conversation-rows.ts';

/** Until it was shown once. */
const unseenColumns = 80;

export class ConversationPane implements Pane {
  readonly #stage: Stage;
  readonly #prose: LazyProse;
  readonly #folds = new ItemFolds();
  #rows = new ConversationRows();
  #viewport = new Viewport('stream');
  #session: string | null = null;
  #page: Page | null = null;
  /** What follows the last item, or stands in place of all. */
  #tail: readonly StyledLine[] = [];
  /** The newest item when the end was last in sight. */
  #newest: ConversationItem | null = null;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#prose = new LazyProse(() => stage.invalidate());
  }

  paint(surface: Surface, focus: FocusState): void {
    const { session } = this.#stage.model;
    const inner = drawFrame(surface, focus, this.#toTitle(surface.width), this.#toNote(session, focus));
    if (inner.width < 8 || inner.height < 1) return;
    const page = this.#stage.page(inner.width - 2);
    const plan = session ? toPlanLines(session.plan, page, toPlanRows(session, inner.height)) : [];
    const rows = inner.height - (plan.length > 0 ? plan.length + 1 : 0);
    this.#update(session, page);
    const top = this.#fit(rows);
    this.#paintRows(inner.part({ x: 0, y: 0, width: page.columns + 1, height: rows }), top, focus);
    const place = this.#rows.estimate(top, rows, this.#count);
    drawThumb(surface, 1, rows, place.top, place.total);
    // Before the top comes into sight, what is above it is on its way.
    if (session && top < rows && (top === 0 || !this.#viewport.isFollowing)) this.#readOlder('more');
    if (this.#viewport.isAtEnd) this.#newest = session?.items.at(-1) ?? null;
    if (session) this.#stage.seen(session.id, this.#viewport.isAtEnd ? (session.items.at(-1)?.id ?? 0) : 0);
    if (plan.length > 0) {
      const text = inner.part({ x: 1, y: 0, width: page.columns, height: inner.height });
      text.put(0, rows, plain(page.glyphs.rule.repeat(page.columns), 'border'));
      putLines(text, plan, rows + 1);
    }
    if (session && session.items.length > 0) this.#prose.load();
  }

  handleAction(action: Action): boolean {
    switch (action) {
      case 'nextItem':
      case 'previousItem':
        this.#moveCursor(action === 'nextItem' ? 1 : -1);
        return true;
      case 'foldItem':
        this.#fold();
        return true;
      case 'foldItems':
        this.#foldAll();
        return true;
      case 'toStart':
        this.#readOlder('failed');
        return this.#viewport.handleAction(action);
      case 'toEnd':
        this.#stage.model.chosenItem = null;
        return this.#viewport.handleAction(action);
      default:
        return this.#viewport.handleAction(action);
    }
  }

  get textSource(): TextSource {
    return toLineSource({
      textName: 'conversation',
      lines: () => this.#toAllLines(),
      top: () => this.#viewport.top,
      height: () => Math.max(1, this.#viewport.rows),
      show: () => this.#viewport.toEnd(),
    });
  }

  /** What is new is in sight again, and followed from then on. */
  follow(): void {
    this.#stage.model.chosenItem = null;
    this.#viewport.toEnd();
  }

  handleWheel(lines: number): void {
    this.#viewport.scroll(lines);
  }

  /** A click chooses the item, a second one folds it. */
  handleClick(_x: number, y: number): void {
    const { model } = this.#stage;
    const id = this.#rows.window(this.#viewport.top + y - 1, 1)[0]?.id ?? null;
    if (id === null) return;
    if (id === model.chosenItem) this.#fold();
    model.chosenItem = id;
  }

  get #count(): number {
    return this.#rows.total + this.#tail.length;
  }

  /** The top row, with everything from there to the bottom laid out. Where one reads stays in its place, whatever changes above. */
  #fit(rows: number): number {
    let top = this.#viewport.fit(this.#count, rows);
    for (;;) {
      const at = this.#rows.anchorAt(top, rows);
      if (!this.#rows.layOut(top, top + rows)) return top;
      top = this.#viewport.fit(this.#count, rows);
      if (!this.#viewport.isFollowing) top = this.#hold(at, top, rows);
    }
  }

  #hold(at: ReturnType<ConversationRows['anchorAt']>, top: number, rows: number): number {
    const row = at && this.#rows.rowOf(at.anchor);
    if (!at || row === null) return top;
    const isFollowing = this.#viewport.isFollowing;
    this.#viewport.to(top + row - at.row);
    // To stay in place is not to ask for the end.
    if (!isFollowing) this.#viewport.stay();
    return this.#viewport.fit(this.#count, rows);
  }

  #paintRows(surface: Surface, top: number, focus: FocusState): void {
    const { chosenItem, session, written } = this.#stage.model;
    const mark = plain(this.#stage.page(1).glyphs.bar, focus === 'focused' ? 'focus' : 'muted');
    const put = (y: number, line: StyledLine): number => surface.put(1, y, line);
    const window = this.#rows.window(top, surface.height);
    if (session) written.want(session.items, window, () => this.#stage.invalidate());
    window.forEach(({ line, id }, y) => {
      if (id !== null && id === chosenItem) surface.put(0, y, mark);
      put(y, line);
    });
    const from = Math.max(0, top - this.#rows.total);
    this.#tail.slice(from, from + surface.height - window.length).forEach((line, y) => put(window.length + y, line));
  }

  /** Every line, laid out; what is in sight stays in its place. */
  #toAllLines(): readonly StyledLine[] {
    const { session } = this.#stage.model;
    this.#update(session, this.#page ?? this.#stage.page(unseenColumns));
    const { rows } = this.#viewport;
    const at = this.#rows.anchorAt(this.#viewport.top, rows);
    this.#rows.layOutAll();
    const top = this.#viewport.fit(this.#count, rows);
    if (!this.#viewport.isFollowing) this.#hold(at, top, rows);
    return [...this.#rows.window(0, this.#rows.total).map(({ line }) => line), ...this.#tail];
  }

  #readOlder(state: OlderState): void {
    const { older, session } = this.#stage.model;
    if ((session?.items[0]?.id ?? 1) > 1 && older.state === state) void older.read(() => this.#stage.invalidate());
  }

  #moveCursor(step: 1 | -1): void {
    const { model } = this.#stage;
    const items = model.session?.items ?? [];
    const at = items.findIndex(({ id }) => id === model.chosenItem && this.#isInSight(id));
    const next = at === -1 ? items.findIndex(({ id }) => id === this.#itemInSight(step)) : at + step;
    const chosen = items[Math.max(0, Math.min(next, items.length - 1))];
    if (!chosen) return;
    model.chosenItem = chosen.id;
    this.#reveal(chosen.id);
  }

  /** After scrolling the cursor begins anew where one looks. */
  #isInSight(id: number): boolean {
    const extent = this.#rows.extentOf(id);
    const { top, rows } = this.#viewport;
    return extent !== null && extent.top < top + rows && extent.top + extent.height > top;
  }

  /** Where the cursor begins: with the last item in sight going up, with the first going down. */
  #itemInSight(step: 1 | -1): number | null {
    const { top, rows } = this.#viewport;
    return this.#rows.idAt(step === -1 ? Math.min(top + rows, this.#rows.total) - 1 : top);
  }

  #reveal(id: number): void {
    const extent = this.#rows.extentOf(id);
    if (!extent) return;
    this.#viewport.fit(this.#count, this.#viewport.rows);
    const { top, rows } = this.#viewport;
    if (extent.top < top || extent.height >= rows) this.#viewport.to(extent.top);
    else if (extent.top + extent.height > top + rows) this.#viewport.to(extent.top + extent.height - rows);
  }

  #fold(): void {
    const id = this.#stage.model.chosenItem;
    const now = id === null ? null : this.#rows.foldOf(id);
    if (id === null || !now) return;
    this.#folds.toggle(id, now);
    this.#refresh(id);
  }

  #foldAll(): void {
    const { session, chosenItem } = this.#stage.model;
    const now = this.#folds.toggleAll(session?.items.map(({ id }) => id) ?? []);
    this.#stage.say(
      now === 'folded'
        ? `Every item is one line; ${keyWord('conversation', 'foldItems')} shows them again.`
        : 'Items are as at first.',
      'muted',
    );
    this.#refresh(chosenItem);
  }

  /** With another height, what was chosen stays in sight. */
  #refresh(id: number | null): void {
    const { session } = this.#stage.model;
    if (!session || id === null || this.#page === null) return;
    this.#update(session, this.#page);
    this.#reveal(id);
  }

  #toTitle(columns: number): StyledLine {
    const { session } = this.#stage.model;
    return session
      ? toConversationTitle(session, this.#stage.page(columns))
      : plain(' Conversation ', 'title', { bold: true });
  }

  /** While it is scrolled back. */
  #toNote(session: SessionView | null, focus: FocusState): StyledLine {
    if (this.#viewport.isFollowing) return [];
    const from = this.#newest?.id ?? 0;
    const items = session?.items.filter(({ id }) => id > from).length ?? 0;
    const isWriting = this.#newest !== null && session?.items.at(-1) !== this.#newest;
    const isPrompt = this.#stage.model.focus === 'prompt';
    return toFollowNote({ items, isWriting }, focus === 'focused' ? 'conversation' : isPrompt ? 'prompt' : 'elsewhere');
  }

  #update(session: SessionView | null, page: Page): void {
    const { model } = this.#stage;
    const id = session?.id ?? null;
    if (id !== this.#session) this.#begin(id);
    const { hostPresence: host } = model;
    const isEmpty = !session || (session.items.length === 0 && session.problem === null);
    const at = this.#page === null ? null : this.#rows.anchorAt(this.#viewport.top, this.#viewport.rows);
    this.#page = page;
    this.#rows.update(session?.items ?? [], {
      page,
      head: session ? toOlderLines(session, page, model.older.state) : [],
      thoughts: model.areThoughtsFolded ? 'folded' : 'shown',
      wait: host === 'lost' ? 'host lost' : session ? toCallWait(session, model.cardsOf(session.id)) : 'at work',
      folds: this.#folds.folds,
      layOut: this.#prose.layOut,
      toColours: this.#prose.toColours,
      version: this.#prose.version,
    });
    const tail = session ? toTailLines(session, page, host) : [];
    this.#tail = isEmpty ? [...this.#toEmpty(session, page), ...(tail.length > 0 ? [[], ...tail] : [])] : tail;
    if (!this.#viewport.isFollowing)
      this.#hold(at, this.#viewport.fit(this.#count, this.#viewport.rows), this.#viewport.rows);
  }

  #begin(session: string | null): void {
    this.#session = session;
    this.#rows = new ConversationRows();
    this.#viewport = new Viewport('stream');
    this.#folds.clear();
    this.#newest = null;
    this.#page = null;
    this.#stage.model.chosenItem = null;
  }

  #toEmpty(session: SessionView | null, page: Page): readonly StyledLine[] {
    const isConnecting = this.#stage.model.host.link.kind === 'connecting';
    return isConnecting ? [plain('Connecting to the host.', 'muted')] : toEmptyConversation(session, page);
  }
}

/** A third at most, and nothing where every line is needed for what is said. */
function toPlanRows(session: SessionView, rows: number): number {
  return rows < 10 ? 0 : Math.min(session.plan.length + 1, Math.floor(rows / 3));
}
