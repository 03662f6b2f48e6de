/**
 * One operation of the audit log as it is read: its summary, its diff and its records, laid out once and scrolled. The open record and the
 * preview beside the list are both this. Fetches nothing.
 */
import type { AuditRowView } from '../../protocol/methods.ts';
import { toDiffLayout } from '../hunk-moves.ts';
import { LastLines } from '../last-lines.ts';
import type { LazyProse } from '../lazy-prose.ts';
import { drawThumb, putLines, type Stage } from '../pane.ts';
import { type AuditDetail, type DetailLook, toAuditDetailLines } from '../present/audit.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Surface } from '../widgets/surface.ts';

export interface ReadRecord {
  readonly row: AuditRowView;
  /** Null while it is on its way. */
  readonly detail: AuditDetail | null;
}

export class RecordView {
  readonly #stage: Stage;
  readonly #prose: LazyProse;
  readonly #laidOut = new LastLines();
  #viewport = new Viewport();
  #lines: readonly StyledLine[] = [];
  #columns = 0;

  constructor(stage: Stage, prose: LazyProse) {
    this.#stage = stage;
    this.#prose = prose;
  }

  get viewport(): Viewport {
    return this.#viewport;
  }

  /** As they were drawn last. */
  get lines(): readonly StyledLine[] {
    return this.#lines;
  }

  get columns(): number {
    return this.#columns;
  }

  /** Another record is read from its beginning. */
  toBeginning(): void {
    this.#viewport = new Viewport();
  }

  /** Lays it out for the room inside of a frame, and says how many lines that are. */
  layOut({ row, detail }: ReadRecord, look: Pick<DetailLook, 'shows' | 'place'>, inner: Surface): void {
    const columns = Math.max(8, inner.width - 2);
    const layout = toDiffLayout(this.#stage, columns);
    const { program } = this.#stage.model.words;
    this.#columns = columns;
    this.#lines = this.#laidOut.of([row, detail, columns, look.shows, look.place, layout, this.#prose.version], () =>
      toAuditDetailLines(
        ...([row, detail, { ...look, program, layout, toColours: this.#prose.toColours }] as const),
        this.#stage.page(columns),
      ),
    );
    this.#viewport.fit(this.#lines.length, inner.height);
  }

  /** @param surface with the frame around `inner`, for the thumb. */
  draw(surface: Surface, inner: Surface): void {
    const { top } = this.#viewport;
    const { height } = inner;
    putLines(inner.part({ x: 1, y: 0, width: this.#columns, height }), this.#lines.slice(top, top + height));
    drawThumb(surface, 1, height, top, this.#lines.length);
  }
}
