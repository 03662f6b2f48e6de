/**
 * The preview of a rollback: what would be put back and where it stops. Enter asks the gate; nothing happens before its card is answered.
 */
import type { RollbackPreviewView } from '../../protocol/methods.ts';
import type { Action, Scope } from '../keymap.ts';
import { LastLines } from '../last-lines.ts';
import { LazyProse } from '../lazy-prose.ts';
import {
  drawFrame,
  drawThumb,
  type FocusState,
  type Overlay,
  putLines,
  type Stage,
  toDialogColumns,
  toMiddle,
} from '../pane.ts';
import { toPreviewLines } from '../present/rollback.ts';
import { plain } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

export class RollbackOverlay implements Overlay {
  readonly scope: Scope = 'rollback';
  readonly #stage: Stage;
  readonly #preview: RollbackPreviewView;
  readonly #confirm: () => void;
  readonly #prose: LazyProse;
  readonly #laidOut = new LastLines();
  readonly #viewport = new Viewport();

  constructor(stage: Stage, preview: RollbackPreviewView, confirm: () => void) {
    this.#stage = stage;
    this.#preview = preview;
    this.#prose = new LazyProse(() => stage.invalidate());
    this.#confirm = confirm;
  }

  place(columns: number, rows: number): Rectangle {
    const width = toDialogColumns(columns, 110);
    return toMiddle(columns, rows, width, this.#toLines(width - 4).length + 2);
  }

  paint(surface: Surface, focus: FocusState): void {
    const inner = drawFrame(surface, focus, plain(' Roll back ', 'title', { bold: true }));
    const columns = Math.max(8, inner.width - 2);
    const lines = this.#toLines(columns);
    const top = this.#viewport.fit(lines.length, inner.height);
    putLines(inner.part({ x: 1, y: 0, width: columns, height: inner.height }), lines.slice(top, top + inner.height));
    drawThumb(surface, 1, inner.height, top, lines.length);
  }

  handleAction(action: Action): boolean {
    if (action === 'submit') {
      this.#stage.close(this);
      if (this.#preview.steps.length > 0) this.#confirm();
    } else if (action === 'close') this.#stage.close(this);
    else return this.#viewport.handleAction(action);
    return true;
  }

  #toLines(columns: number): readonly StyledLine[] {
    return this.#laidOut.of([columns, this.#prose.version], () =>
      toPreviewLines(this.#preview, this.#stage.page(columns), this.#prose.toColours),
    );
  }

  handleWheel(lines: number): void {
    this.#viewport.scroll(lines);
  }
}
