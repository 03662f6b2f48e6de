/**
 * The audit browser: a list over the whole log of which only what is in sight was fetched, and every record of the chosen operation.
 */
import type { AuditRowView } from '../../protocol/methods.ts';
import { rollBack } from '../actions/rollback.ts';
import { AuditWindow } from '../audit-window.ts';
import type { Action } from '../keymap.ts';
import { drawFrame, drawThumb, type FocusState, type Pane, putLines, type Stage } from '../pane.ts';
import {
  type AuditColumns,
  type AuditDetail,
  toAuditColumns,
  toAuditDetailLines,
  toAuditHeading,
  toAuditRow,
} from '../present/audit.ts';
import { plain, span } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Surface } from '../widgets/surface.ts';
import { VirtualList } from '../widgets/virtual-list.ts';
import { RecordingOverlay } from './recording-overlay.ts';

interface OpenDetail {
  readonly row: AuditRowView;
  readonly detail: AuditDetail | null;
}

export class AuditPane implements Pane {
  readonly #stage: Stage;
  readonly #window: AuditWindow;
  readonly #list: VirtualList;
  #open: OpenDetail | null = null;
  #shows: 'all' | 'diff' = 'all';
  #viewport = new Viewport();
  #lines: { readonly key: string; readonly open: OpenDetail; readonly lines: readonly StyledLine[] } | null = null;
  #shownRows = -1;
  #listTop = 1;
  /** Of the list with its bar, so that heading and rows agree. */
  #listColumns = 0;
  #columns: { readonly width: number; readonly version: number; readonly widths: AuditColumns } | null = null;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#window = new AuditWindow(
      (params) => stage.call('audit.page', params),
      () => stage.invalidate(),
    );
    this.#list = new VirtualList({
      renderRow: (index, width) => {
        const row = this.#window.row(index);
        return row
          ? toAuditRow(row, this.#columnsAt(this.#listColumns), stage.page(width))
          : plain(' loading', 'muted');
      },
      emptyText: ' No record matches.',
    });
  }

  paint(surface: Surface, focus: FocusState): void {
    const { model } = this.#stage;
    this.#window.setText(model.searches.get('audit') ?? '');
    if (model.view.auditRows !== this.#shownRows) {
      this.#shownRows = model.view.auditRows;
      this.#window.reset();
    }
    this.#list.setRowCount(this.#window.total);
    if (this.#open && model.isAuditDetailOpen) this.#paintDetail(surface, focus, this.#open);
    else this.#paintList(surface, focus);
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
      case 'open':
        void this.#openDetail();
        return true;
      case 'rollBack':
        this.#rollBack(this.#window.row(this.#list.selected));
        return true;
      case 'verifyChain':
        void this.#verify();
        return true;
      default:
        return false;
    }
  }

  handleWheel(lines: number): void {
    if (this.#stage.model.isAuditDetailOpen) this.#viewport.scroll(lines);
    else this.#list.scrollBy(lines);
  }

  handleClick(_x: number, y: number): void {
    if (this.#stage.model.isAuditDetailOpen) return;
    const row = this.#list.rowAt(y - this.#listTop);
    if (row !== null) this.#list.select(row);
  }

  #handleInDetail(action: Action): boolean {
    if (action === 'close' && this.#shows === 'diff') {
      this.#shows = 'all';
      return true;
    }
    if (action === 'close') {
      this.#stage.model.isAuditDetailOpen = false;
      this.#open = null;
      return true;
    }
    if (action === 'open') {
      this.#play();
      return true;
    }
    if (action === 'rollBack') {
      this.#rollBack(this.#open?.row ?? null);
      return true;
    }
    if (action === 'toggleDiff') {
      this.#toggleDiff();
      return true;
    }
    return this.#viewport.handleAction(action);
  }

  #toggleDiff(): void {
    const detail = this.#open?.detail;
    if (detail?.diff === null) this.#stage.say(detail.diffNote ?? 'It changed no file, so there is no diff.', 'muted');
    else this.#shows = this.#shows === 'diff' ? 'all' : 'diff';
  }

  #paintList(surface: Surface, focus: FocusState): void {
    const filter = this.#window.text;
    const note = filter === '' ? [] : plain(` only ${filter} `, 'accent');
    const count = this.#window.isKnown ? `${this.#window.total}` : 'loading';
    const inner = drawFrame(surface, focus, plain(` Audit ${count} `, 'title', { bold: true }), note);
    this.#listColumns = inner.width;
    const headed = this.#window.total > 0 && inner.height > 2;
    if (headed) inner.put(0, 0, toAuditHeading(this.#columnsAt(inner.width), this.#stage.page(inner.width)));
    const y = headed ? 1 : 0;
    this.#listTop = 1 + y;
    this.#list.draw(inner.part({ x: 0, y, width: inner.width, height: inner.height - y }), focus);
  }

  #columnsAt(width: number): AuditColumns {
    const { version } = this.#window;
    if (this.#columns?.width !== width || this.#columns.version !== version)
      this.#columns = { width, version, widths: toAuditColumns(this.#window.rows, width) };
    return this.#columns.widths;
  }

  #paintDetail(surface: Surface, focus: FocusState, open: OpenDetail): void {
    const isDiff = this.#shows === 'diff';
    const title = plain(` Audit ${open.row.id}${isDiff ? ', only the diff' : ''} `, 'title', { bold: true });
    const note = isDiff
      ? [span(' v ', 'key'), span('or', 'muted'), span(' Esc ', 'key'), span('all of it ', 'muted')]
      : [];
    const inner = drawFrame(surface, focus, title, note);
    const columns = Math.max(8, inner.width - 2);
    const key = `${columns} ${this.#shows}`;
    if (this.#lines?.key !== key || this.#lines.open !== open) {
      this.#lines = {
        key,
        open,
        lines: toAuditDetailLines(
          open.row,
          open.detail,
          this.#shows,
          this.#stage.model.words.program,
          this.#stage.page(columns),
        ),
      };
    }
    const { lines } = this.#lines;
    const top = this.#viewport.fit(lines.length, inner.height);
    putLines(inner.part({ x: 1, y: 0, width: columns, height: inner.height }), lines.slice(top, top + inner.height));
    drawThumb(surface, 1, inner.height, top, lines.length);
  }

  async #openDetail(): Promise<void> {
    const row = this.#window.row(this.#list.selected);
    if (!row) return;
    this.#open = { row, detail: null };
    this.#viewport = new Viewport();
    this.#shows = 'all';
    this.#stage.model.isAuditDetailOpen = true;
    const detail = await this.#stage.call('audit.detail', { id: row.id });
    if (this.#open?.row === row)
      this.#open = { row, detail: detail ?? { records: [], diff: null, diffNote: 'Its records could not be loaded.' } };
    this.#stage.invalidate();
  }

  #play(): void {
    const open = this.#open;
    if (!open?.detail) return;
    if (open.detail.records.some((record) => record['recording'] !== undefined))
      this.#stage.open(new RecordingOverlay(this.#stage, open.row.id));
    else this.#stage.say('There is no recording: only commands that printed something have one.', 'muted');
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
