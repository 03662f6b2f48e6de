/**
 * Which parts are on the screen now and where: from the model to named rectangles, and from those to canvases. Knows no key.
 */
import { type Rect, toFrame, toWorkspaceLayout, type WorkspaceLayout } from './layout.ts';
import type { FocusState } from './pane.ts';
import type { ScreenModel } from './screen-model.ts';
import type { Canvas, Urgency } from './widgets/canvas.ts';
import type { Rectangle, Surface } from './widgets/surface.ts';

/** `pane:ID` is a server's pane; the others are there once. */
export type RegionName =
  | 'status'
  | 'hint'
  | 'conversation'
  | 'prompt'
  | 'card'
  | 'strip'
  | 'main'
  | 'overlay'
  | `pane:${string}`;

export interface Region {
  readonly name: RegionName;
  readonly area: Rectangle;
  readonly focus: FocusState;
}

/** What the parts need: rows of the prompt's text, and rows of the card at a width. */
export interface Needs {
  readonly promptRows: number;
  readonly cardRowsAt: (columns: number) => number;
  /** Rows of the hint line. */
  readonly hintRows: number;
}

export function toLayout(model: ScreenModel, columns: number, rows: number, needs: Needs): WorkspaceLayout {
  return toWorkspaceLayout({
    columns,
    rows,
    ...needs,
    cardWaits: model.desk.queue.length > 0,
    panes: model.paneIds,
    arrangement: model.places.placement.arrangement,
    focus: model.focus,
    isZoomed: model.isZoomed,
    ...{ pinned: model.places.placement.pinned, lastPane: model.places.last },
    ...{ tree: model.places.placement.tree, shares: model.places.placement.shares },
    ...(model.session === null ? { session: 'none' } : {}),
    ...(model.hasPrompt ? {} : { prompt: 'none' }),
  });
}

/** The regions without the overlay. `hasOverlay` takes the focus from all of them. */
export function toRegions(
  model: ScreenModel,
  layout: WorkspaceLayout,
  size: { readonly columns: number; readonly rows: number },
  overlay: 'overlay' | 'none',
): readonly Region[] {
  const frame = toFrame(size.columns, size.rows, layout.hintRows);
  const regions: Region[] = [
    { name: 'status', area: toRectangle(frame.status), focus: 'unfocused' },
    { name: 'hint', area: toRectangle(frame.hint), focus: 'unfocused' },
  ];
  const add = (name: RegionName, rect: Rect | null, focused: string): void => {
    const focus = overlay === 'none' && name === focused ? 'focused' : 'unfocused';
    if (rect) regions.push({ name, area: toRectangle(rect), focus });
  };
  if (model.viewName !== 'workspace' || model.hasFirstRun) {
    add('main', frame.body, 'main');
    return regions;
  }
  add('conversation', layout.conversation, model.focus);
  add('card', layout.card, model.focus);
  add('prompt', layout.prompt, model.focus);
  for (const pane of layout.panes) add(`pane:${pane.server}`, pane.rect, model.focus);
  add('strip', layout.strip, model.focus);
  return regions;
}

export function toRectangle(rect: Rect): Rectangle {
  return { x: rect.column, y: rect.row, width: rect.columns, height: rect.rows };
}

export function isInside(area: Rectangle, x: number, y: number): boolean {
  return x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
}

/** What the canvases need from the terminal. */
export interface CanvasSource {
  addCanvas(area: Rectangle, paint: (surface: Surface) => void): Canvas;
  removeCanvas(canvas: Canvas): void;
}

/** One canvas a region, made when it is first shown and kept while it is. */
export class RegionCanvases {
  readonly #source: CanvasSource;
  readonly #paint: (name: RegionName, surface: Surface, focus: FocusState) => void;
  readonly #canvases = new Map<RegionName, Canvas>();
  #regions = new Map<RegionName, Region>();

  constructor(source: CanvasSource, paint: (name: RegionName, surface: Surface, focus: FocusState) => void) {
    this.#source = source;
    this.#paint = paint;
  }

  get regions(): readonly Region[] {
    return [...this.#regions.values()];
  }

  /** Later regions lie above earlier ones. A region whose focus changed is painted anew. */
  sync(regions: readonly Region[]): void {
    const before = this.#regions;
    this.#regions = new Map(regions.map((region) => [region.name, region]));
    for (const [name, canvas] of [...this.#canvases]) {
      if (this.#regions.has(name)) continue;
      this.#canvases.delete(name);
      this.#source.removeCanvas(canvas);
    }
    let isNew = false;
    for (const region of regions) {
      const canvas = this.#canvases.get(region.name);
      if (!canvas) {
        this.#canvases.set(
          region.name,
          this.#source.addCanvas(region.area, (surface) => this.#paintRegion(region.name, surface)),
        );
        isNew = true;
        continue;
      }
      canvas.place(region.area);
      if (before.get(region.name)?.focus !== region.focus) canvas.invalidate();
    }
    if (!isNew) return;
    // The hint line is painted after the card, since painting a card tells whether it was read to its end.
    this.#canvases.get('hint')?.toFront();
    this.#canvases.get('overlay')?.toFront();
  }

  invalidate(name: RegionName): void {
    const region = this.#regions.get(name);
    if (region) this.#canvases.get(name)?.invalidate(toUrgency(region));
  }

  invalidateAll(): void {
    for (const region of this.#regions.values()) this.#canvases.get(region.name)?.invalidate(toUrgency(region));
  }

  has(name: RegionName): boolean {
    return this.#regions.has(name);
  }

  /** The topmost region under a cell. */
  at(x: number, y: number): Region | null {
    return this.regions.findLast((region) => isInside(region.area, x, y)) ?? null;
  }

  #paintRegion(name: RegionName, surface: Surface): void {
    const region = this.#regions.get(name);
    if (region) this.#paint(name, surface, region.focus);
  }
}

/** What only changes by output, and costs the most, does not delay a key that was meant for something else. */
function toUrgency({ name, focus }: Region): Urgency {
  const isOutput = name === 'conversation' || name.startsWith('pane:');
  return isOutput && focus !== 'focused' ? 'soon' : 'now';
}
