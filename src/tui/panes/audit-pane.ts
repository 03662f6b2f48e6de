/**
 * The audit browser: a list over the whole log of which only what is in sight was fetched, and every record of the chosen operation: beside
 * the list where there is room, and over all of the view.
 */
import type { AuditRowView } from '../../protocol/methods.ts';
import { rollBack } from '../actions/rollback.ts';
import { AuditTimeline } from '../audit-timeline.ts';
import { AuditWindow } from '../audit-window.ts';
import { toViewportSource } from '../copy/line-source.ts';
import type { TextSource } from '../copy/text-rows.ts';
import { handleHunkAction } from '../hunk-moves.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import { LazyProse } from '../lazy-prose.ts';
import { drawFrame, type FocusState, type Pane, putLines, putSentence, type Stage } from '../pane.ts';
import { type AuditColumns, toAuditColumns, toAuditHeading, toAuditRow } from '../present/audit.ts';
import { foreign, plain, span, wrapProse } from '../present/text.ts';
import { toRecordSituation } from '../situation-record.ts';
import type { Surface } from '../widgets/surface.ts';
import { VirtualList } from '../widgets/virtual-list.ts';
import { AuditPreview } from './audit-preview.ts';
import { openHistory } from './history-overlay.ts';
import { paintTimeline } from './paint-timeline.ts';
import { type ReadRecord, RecordView } from './record-view.ts';
import { RecordingOverlay } from './recording-overlay.ts';

export class AuditPane implements Pane {
  readonly #stage: Stage;
  readonly #window: AuditWindow;
  readonly #list: VirtualList;
  readonly #timeline: AuditTimeline;
  /** Why the log cannot be shown with this filter; it changes while one types. */
  #problem: string | null = null;
  #open: ReadRecord | null = null;
  #shows: 'all' | 'diff' = 'all';
  readonly #opened: RecordView;
  readonly #preview: AuditPreview;
  #shownState = '';
  #listTop = 1;
  /** Of the list with its bar, so that heading and rows agree. */
  #listColumns = 0;
  #columns: { readonly width: number; readonly version: number; readonly widths: AuditColumns } | null = null;

  constructor(stage: Stage) {
    const prose = new LazyProse(() => stage.invalidate());
    this.#stage = stage;
    this.#opened = new RecordView(stage, prose);
    this.#preview = new AuditPreview(stage, prose);
    this.#window = new AuditWindow(
      (params) => this.#ask(() => stage.model.host.call('audit.page', params)),
      () => stage.invalidate(),
    );
    this.#timeline = new AuditTimeline(
      (params) => stage.model.host.call('audit.timeline', params).catch(() => null),
      stage.model.clock,
      () => stage.invalidate(),
    );
    this.#list = new VirtualList({
      renderRow: (index, width) => {
        const row = this.#window.row(index);
        return row
          ? toAuditRow(row, this.#columnsAt(this.#listColumns), stage.page(width))
          : plain(' loading', 'muted');
      },
    });
  }

  /** A record that was asked for elsewhere is opened. */
  prepare(): void {
    const { model } = this.#stage;
    const row = model.wantedRecord;
    model.wantedRecord = null;
    if (row) void this.#openDetail(row);
  }

  paint(surface: Surface, focus: FocusState): void {
    const { model } = this.#stage;
    const text = model.searches.get('audit') ?? '';
    this.#window.setText([text, this.#timeline.filter].filter((part) => part !== '').join(' '));
    const listColumns = this.#preview.place(surface.width);
    // What a host that was killed left running reads otherwise under the next one, though no row came.
    const state = `${model.view.host.startedAtMs} ${model.view.auditRows}`;
    this.#timeline.follow(text, state, listColumns - 3);
    if (state !== this.#shownState) {
      this.#shownState = state;
      this.#window.reset();
    }
    this.#list.setRowCount(this.#window.total);
    const open = model.isAuditDetailOpen ? this.#open : null;
    // A row that is not there is fetched: not again and again while the filter is wrong.
    const chosen = this.#problem === null && this.#window.total > 0 ? this.#window.row(this.#list.selected) : null;
    model.chosenRecord = toRecordSituation(open?.row ?? chosen, open?.detail ?? null);
    this.#preview.follow(this.#problem !== null || this.#window.total === 0 ? 'none' : chosen);
    model.hasAuditPreview = !model.isAuditDetailOpen && listColumns < surface.width;
    if (this.#open && model.isAuditDetailOpen) this.#paintDetail(surface, focus, this.#open);
    else this.#paintList(surface, focus, listColumns);
  }

  /** The records that are open. */
  get textSource(): TextSource | null {
    const isOpen = this.#stage.model.isAuditDetailOpen && this.#open !== null;
    return isOpen ? toViewportSource('audit', this.#opened.lines, this.#opened.viewport) : null;
  }

  handleAction(action: Action): boolean {
    if (this.#stage.model.isAuditDetailOpen) return this.#handleInDetail(action);
    switch (action) {
      case 'scrollDown':
        this.#list.moveBy(1);
        return true;
      case 'scrollUp':
        this.#list.moveBy(-1);
        return true;
      case 'pageDown':
        this.#list.moveBy(20);
        return true;
      case 'pageUp':
        this.#list.moveBy(-20);
        return true;
      case 'toStart':
        this.#list.select(0);
        return true;
      case 'toEnd':
        this.#list.select(this.#window.total - 1);
        return true;
      case 'detailsDown':
      case 'detailsUp':
        this.#preview.page(action === 'detailsDown' ? 1 : -1);
        return true;
      case 'open':
        void this.#openDetail(this.#window.row(this.#list.selected));
        return true;
      case 'playRecord':
        this.#play(this.#window.row(this.#list.selected));
        return true;
      case 'rollBack':
        this.#rollBack(this.#window.row(this.#list.selected));
        return true;
      case 'fileHistory':
        openHistory(this.#stage, this.#window.row(this.#list.selected));
        return true;
      case 'earlier':
      case 'later':
        this.#timeline.move(action === 'earlier' ? -1 : 1);
        return true;
      case 'allTimes':
        this.#timeline.clear();
        return true;
      case 'verifyChain':
        void this.#verify();
        return true;
      default:
        return false;
    }
  }

  handleWheel(lines: number, x = 0): void {
    if (this.#stage.model.isAuditDetailOpen) this.#opened.viewport.scroll(lines);
    else if (this.#preview.has(x)) this.#preview.scroll(lines);
    else this.#list.scrollBy(lines);
  }

  handleClick(x: number, y: number): void {
    if (this.#stage.model.isAuditDetailOpen || this.#preview.has(x)) return;
    const row = this.#list.rowAt(y - this.#listTop);
    if (row !== null) this.#list.select(row);
  }

  #handleInDetail(action: Action): boolean {
    if (action === 'close' && this.#shows === 'diff') {
      this.#shows = 'all';
      return true;
    }
    if (action === 'close') {
      this.#stage.model.leaveRecord();
      this.#open = null;
      return true;
    }
    if (action === 'open' || action === 'playRecord') this.#play(this.#open?.row ?? null);
    else if (action === 'rollBack') this.#rollBack(this.#open?.row ?? null);
    else if (action === 'fileHistory') openHistory(this.#stage, this.#open?.row ?? null);
    else if (action === 'toggleDiff') this.#toggleDiff();
    else {
      return handleHunkAction(this.#stage, action, this.#opened) || this.#opened.viewport.handleAction(action);
    }
    return true;
  }

  #toggleDiff(): void {
    const detail = this.#open?.detail;
    if (detail?.diff === null) this.#stage.say(detail.diffNote ?? 'It changed no file, so there is no diff.', 'muted');
    else this.#shows = this.#shows === 'diff' ? 'all' : 'diff';
  }

  #paintList(surface: Surface, focus: FocusState, columns: number): void {
    const filter = this.#window.text;
    const note = filter === '' ? [] : plain(` only ${foreign(filter)} `, 'accent');
    const count = this.#window.isKnown ? `${this.#window.total}` : 'loading';
    const list = surface.part({ x: 0, y: 0, width: columns, height: surface.height });
    const inner = drawFrame(list, focus, plain(` Audit ${count} `, 'title', { bold: true }), note);
    const top = paintTimeline(this.#stage, this.#timeline, inner);
    this.#paintRows(inner.part({ x: 0, y: top, width: inner.width, height: inner.height - top }), top, focus);
    this.#preview.paint(surface);
  }

  #paintRows(inner: Surface, above: number, focus: FocusState): void {
    this.#listColumns = inner.width;
    if (this.#problem !== null) {
      const page = this.#stage.page(inner.width - 2);
      const lines = wrapProse(this.#problem, 'warn', page.columns);
      return putLines(inner.part({ x: 1, y: 0, width: page.columns, height: inner.height }), lines);
    }
    if (this.#window.total === 0) return putSentence(inner, this.#toEmptyText());
    const headed = this.#window.total > 0 && inner.height > 2;
    if (headed) inner.put(0, 0, toAuditHeading(this.#columnsAt(inner.width), this.#stage.page(inner.width)));
    const y = headed ? 1 : 0;
    this.#listTop = 1 + above + y;
    this.#list.draw(inner.part({ x: 0, y, width: inner.width, height: inner.height - y }), focus);
  }

  #toEmptyText(): string {
    if (!this.#window.isKnown) return 'The log is being read.';
    if (this.#timeline.filter !== '') return `Nothing was done then. ${keyWord('audit', 'allTimes')} shows all times.`;
    if (this.#window.text !== '') return `No action matches. ${keyWord('global', 'search')} changes the filter.`;
    return `Nothing was done on a server yet. ${keyWord('global', 'viewWorkspace')} goes to the workspace; what you and agents do there is recorded here.`;
  }

  #columnsAt(width: number): AuditColumns {
    const { version } = this.#window;
    if (this.#columns?.width !== width || this.#columns.version !== version)
      this.#columns = { width, version, widths: toAuditColumns(this.#window.rows, this.#stage.page(width)) };
    return this.#columns.widths;
  }

  #paintDetail(surface: Surface, focus: FocusState, open: ReadRecord): void {
    const isDiff = this.#shows === 'diff';
    const title = plain(` Audit ${foreign(open.row.id)}${isDiff ? ', only the diff' : ''} `, 'title', { bold: true });
    const note = isDiff
      ? [span(` ${keyWord('auditDetail', 'toggleDiff')} `, 'key'), span('shows all of it ', 'muted')]
      : [];
    const inner = drawFrame(surface, focus, title, note);
    this.#opened.layOut(open, { shows: this.#shows, place: 'open' }, inner);
    this.#opened.draw(surface, inner);
  }

  async #openDetail(row: AuditRowView | null): Promise<void> {
    if (!row) return;
    this.#open = { row, detail: null };
    this.#opened.toBeginning();
    this.#shows = 'all';
    this.#stage.model.isAuditDetailOpen = true;
    const detail = await this.#stage.call('audit.detail', { id: row.id });
    if (this.#open?.row === row)
      this.#open = { row, detail: detail ?? { records: [], diff: null, diffNote: 'Its records could not be loaded.' } };
    this.#stage.invalidate();
  }

  /** A filter that is not written to its end is no failure of the log: it is said in the place of the rows. */
  async #ask<T>(call: () => Promise<T>): Promise<T | null> {
    try {
      const answer = await call();
      this.#problem = null;
      return answer;
    } catch (error) {
      this.#problem = (error as Error).message;
      return null;
    }
  }

  /** That there is one was asked before the key counted; where only the host knows, it says so. */
  #play(row: AuditRowView | null): void {
    if (row) this.#stage.open(new RecordingOverlay(this.#stage, row.id));
  }

  #rollBack(row: AuditRowView | null): void {
    if (row) void rollBack(this.#stage, { id: row.id });
  }

  async #verify(): Promise<void> {
    this.#stage.say('Checking every record of the log.', 'muted');
    const answer = await this.#stage.call('audit.verify', {});
    if (answer) this.#stage.say(answer.message, answer.ok ? 'ok' : 'danger');
  }
}
