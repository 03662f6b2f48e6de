/** A rectangle of the screen that one callback paints. Lives in blessed's tree, which decides what lies above what. */
import type { BlessedElement } from './blessed.ts';
import type { CursorPosition } from './draw.ts';
import { type Rectangle, Surface, type SurfaceTarget } from './surface.ts';

export type Paint = (surface: Surface) => void;

/** What may wait is left out of a frame that a key asked for, and is in the next one, 16 ms later at most. */
export type Urgency = 'now' | 'soon';

/** What a canvas needs from the screen it is on. */
export interface CanvasHost {
  readonly target: Omit<SurfaceTarget, 'setCursor'>;
  /** The layout changed: everything must be painted again. */
  handleLayoutChange(): void;
  /** Something to paint; the next frame does it. */
  requestFrame(): void;
  /** What the current frame paints: all that was invalidated, or what cannot wait. */
  readonly paints: 'all' | 'urgent';
  /** Something was left for the next frame. */
  recordLeft(): void;
  /** Whether a canvas below painted into this area in the current frame. */
  wasPainted(area: Rectangle): boolean;
  recordPainted(area: Rectangle): void;
  /** Called from the lowest canvas to the highest in each frame: the last cursor is the one that is shown. */
  recordCursor(cursor: CursorPosition): void;
}

/**
 * Painted when it was invalidated, when the layout changed, or when something below it painted; its own cells are kept otherwise.
 * The surface is blank before each painting.
 */
export class Canvas {
  readonly #host: CanvasHost;
  readonly #paint: Paint;
  #element: BlessedElement | null = null;
  #area: Rectangle;
  #dirty: Urgency | 'no' = 'now';
  /** Where the last painting wanted the cursor; it stays there until the next one. */
  #cursor: CursorPosition | null = null;

  constructor(host: CanvasHost, area: Rectangle, paint: Paint) {
    this.#host = host;
    this.#area = area;
    this.#paint = paint;
  }

  get area(): Rectangle {
    return this.#area;
  }

  get isVisible(): boolean {
    return this.#element !== null && !this.#element.hidden;
  }

  /** Called once by the screen, with the element that calls `paintInto`. */
  attach(element: BlessedElement): void {
    this.#element = element;
  }

  /** Moves and resizes; nothing happens when it is there already. */
  place(area: Rectangle): void {
    const old = this.#area;
    if (old.x === area.x && old.y === area.y && old.width === area.width && old.height === area.height) return;
    this.#area = area;
    if (this.#element) this.#element.position = { left: area.x, top: area.y, width: area.width, height: area.height };
    this.#host.handleLayoutChange();
  }

  show(): void {
    this.#setHidden(false);
  }

  hide(): void {
    this.#setHidden(true);
  }

  toFront(): void {
    this.#element?.setFront();
    this.#host.handleLayoutChange();
  }

  /** Asks for a new painting with the next frame, or with the next one that no key asked for. */
  invalidate(urgency: Urgency = 'now'): void {
    if (this.#dirty !== 'now') this.#dirty = urgency;
    this.#host.requestFrame();
  }

  remove(): void {
    this.#element?.detach();
    this.#element = null;
    this.#host.handleLayoutChange();
  }

  /** Called by the screen while it renders. */
  paintInto(area: Rectangle): void {
    if (area.width <= 0 || area.height <= 0) return;
    const waits = this.#dirty === 'soon' && this.#host.paints === 'urgent';
    if (this.#host.wasPainted(area) || (this.#dirty !== 'no' && !waits)) this.#repaint(area);
    else if (waits) this.#host.recordLeft();
    if (this.#cursor) this.#host.recordCursor(this.#cursor);
  }

  markDirty(): void {
    this.#dirty = 'now';
  }

  #repaint(area: Rectangle): void {
    this.#dirty = 'no';
    this.#cursor = null;
    this.#host.recordPainted(area);
    const { rows, styles, borders } = this.#host.target;
    const setCursor = (x: number, y: number, shape: number): void => {
      this.#cursor = { x, y, shape };
    };
    const surface = new Surface({ rows, styles, borders, setCursor }, area);
    surface.fill();
    this.#paint(surface);
  }

  #setHidden(hidden: boolean): void {
    if (!this.#element || this.#element.hidden === hidden) return;
    this.#element.hidden = hidden;
    this.#host.handleLayoutChange();
  }
}
