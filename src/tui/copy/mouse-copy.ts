/**
 * Selecting with the mouse: a drag, a word with two clicks, a line with three; letting go copies. When the mouse opened copy mode, it leaves it
 * again. Knows no screen but the cells of the text.
 */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { Mouse } from '../input/key.ts';
import type { Rectangle } from '../widgets/surface.ts';
import { type CopyPlace, type CopyState, goTo, scroll, toggleSelection } from './copy-model.ts';
import { type CopyText, offsetAtColumn } from './copy-text.ts';
import { wordAt } from './copy-words.ts';

/** Two clicks on one cell within this time are one double click. */
export const clickMs = 400;

export interface MouseCopyPorts {
  readonly text: CopyText;
  /** Where the text is drawn, in the part that the mouse's cells count from. */
  area(): Rectangle;
  state(): CopyState;
  become(state: CopyState): void;
  copy(): void;
  leave(): void;
}

type Cell = Pick<Mouse, 'x' | 'y'>;

export class MouseCopy {
  readonly #clock: Clock;
  readonly #ports: MouseCopyPorts;
  #isHeld = false;
  #clicks = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #last: Cell | null = null;
  /** The mouse opened copy mode, and no key was pressed since. */
  #isLeaving = false;
  #timer: Disposable | null = null;

  constructor(clock: Clock, ports: MouseCopyPorts) {
    this.#clock = clock;
    this.#ports = ports;
  }

  /** The press that opened copy mode; letting go leaves it. */
  open(cell: Cell, clicks: number): void {
    this.#isLeaving = true;
    this.#clicks = clicks - 1;
    this.#last = cell;
    this.#lastMs = this.#clock.monotonicMs();
    this.#press(cell);
  }

  /** A key was pressed: copy mode stays. */
  settle(): void {
    this.#isLeaving = false;
    this.#timer?.dispose();
  }

  handle(mouse: Mouse): boolean {
    if (mouse.kind === 'press' && mouse.button === 'left') this.#press(mouse);
    else if (mouse.kind === 'drag' && this.#isHeld) this.#drag(mouse);
    else if (mouse.kind === 'release' && this.#isHeld) this.#release();
    else return false;
    return true;
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #press(cell: Cell): void {
    this.#timer?.dispose();
    const nowMs = this.#clock.monotonicMs();
    const isSame = this.#last?.x === cell.x && this.#last.y === cell.y && nowMs - this.#lastMs <= clickMs;
    this.#clicks = isSame ? (this.#clicks % 3) + 1 : 1;
    this.#last = cell;
    this.#lastMs = nowMs;
    this.#isHeld = true;
    const { text } = this.#ports;
    const place = this.#placeOf(cell);
    const bare = { ...goTo(this.#ports.state(), text, place), anchor: null };
    if (this.#clicks === 1) return this.#ports.become(bare);
    const word = wordAt(text, bare.cursor);
    const selected = this.#clicks === 2 ? goTo(bare, text, word.last) : bare;
    const anchor = this.#clicks === 2 ? word.first : bare.cursor;
    this.#ports.become({ ...selected, anchor, shape: this.#clicks === 2 ? 'characters' : 'lines' });
  }

  #drag(cell: Cell): void {
    const { text } = this.#ports;
    let state = this.#ports.state();
    if (state.anchor === null) state = { ...toggleSelection(state, 'characters') };
    const { y, height } = this.#ports.area();
    // Beyond the edge the text moves on, a row with each move of the mouse.
    if (cell.y < y) state = scroll(state, text, -1);
    else if (cell.y >= y + height) state = scroll(state, text, 1);
    this.#ports.become(state);
    this.#ports.become(goTo(state, text, this.#placeOf(cell)));
  }

  #release(): void {
    this.#isHeld = false;
    if (this.#ports.state().anchor === null) return this.#isLeaving ? this.#ports.leave() : undefined;
    this.#ports.copy();
    if (!this.#isLeaving) return;
    // A word is shown for as long as it may become a line.
    if (this.#clicks > 1) this.#timer = this.#clock.after(clickMs, () => this.#ports.leave());
    else this.#ports.leave();
  }

  #placeOf(cell: Cell): CopyPlace {
    const { text } = this.#ports;
    const { x, y, height } = this.#ports.area();
    const { top } = this.#ports.state();
    const inside = Math.max(0, Math.min(cell.y - y, height - 1));
    const row = Math.max(0, Math.min(top + inside, text.count - 1));
    return { row, at: offsetAtColumn(text.row(row), Math.max(0, cell.x - x)) };
  }
}
