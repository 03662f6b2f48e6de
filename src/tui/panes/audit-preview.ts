/**
 * Beside the list of the audit log, on a wide screen: what the chosen row is about, with its diff, as it would be when it is opened.
 */
import type { AuditRowView } from '../../protocol/methods.ts';
import { AuditPreviews } from '../audit-previews.ts';
import type { LazyProse } from '../lazy-prose.ts';
import { drawFrame, type Stage, toDetailsNote } from '../pane.ts';
import { foreign, plain } from '../present/text.ts';
import type { Surface } from '../widgets/surface.ts';
import { RecordView } from './record-view.ts';

/** From here on both have room, and so much of the width is the preview's. */
export const previewScreenColumns = 160;
const share = 0.45;

export class AuditPreview {
  readonly #previews: AuditPreviews;
  readonly #view: RecordView;
  #row: AuditRowView | null = null;
  /** The column where it begins; none while it is not drawn. */
  #at = Number.POSITIVE_INFINITY;

  constructor(stage: Stage, prose: LazyProse) {
    this.#view = new RecordView(stage, prose);
    this.#previews = new AuditPreviews(
      (id) => stage.model.host.call('audit.detail', { id }),
      () => stage.invalidate(),
    );
  }

  /** @param row that is chosen: null while it is on its way, when the one of before stays; 'none' where there is none. */
  follow(row: AuditRowView | null | 'none'): void {
    if (row === null) return;
    if (row === 'none' || row.id !== this.#row?.id) this.#view.toBeginning();
    this.#row = row === 'none' ? null : row;
  }

  /** Takes its part of so many columns, also while there is nothing to show, so that nothing jumps; returns those that are left. */
  place(columns: number): number {
    this.#at = columns < previewScreenColumns ? Number.POSITIVE_INFINITY : columns - Math.floor(columns * share);
    return Math.min(columns, this.#at);
  }

  paint(surface: Surface): void {
    const row = this.#row;
    const { width, height } = surface;
    if (row === null || this.#at >= width) return;
    const part = surface.part({ x: this.#at, y: 0, width: width - this.#at, height });
    const inner = part.part({ x: 1, y: 1, width: part.width - 2, height: height - 2 });
    this.#view.layOut({ row, detail: this.#previews.of(row) }, { shows: 'all', place: 'preview' }, inner);
    const { lines, viewport } = this.#view;
    const note = toDetailsNote(viewport.top, inner.height, lines.length, 'audit');
    drawFrame(part, 'unfocused', plain(` ${foreign(row.id)} `, 'title', { bold: true }), note);
    this.#view.draw(part, inner);
  }

  /** Whether a column of the view is its own. */
  has(x: number): boolean {
    return x >= this.#at;
  }

  page(direction: 1 | -1): void {
    this.#view.viewport.page(direction);
  }

  scroll(lines: number): void {
    this.#view.viewport.scroll(lines);
  }
}
