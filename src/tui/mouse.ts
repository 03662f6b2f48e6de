/**
 * What the mouse does: a click focuses what is under it, the wheel scrolls it, a drag moves a border, a word of the first or last line does what
 * it says. A pane that wants the mouse for itself is asked first. With something above the view, only that listens.
 */
import { type FoundBorder, moveBorderTo, toBorderAt } from './border-drag.ts';
import type { Mouse } from './input/key.ts';
import type { Action } from './keymap.ts';
import type { Painter } from './painter.ts';
import type { Pane, Stage } from './pane.ts';
import type { Region, RegionCanvases, RegionName } from './regions.ts';
import type { ScreenModel } from './screen-model.ts';
import { type Situation, whyNot } from './situation.ts';

export interface PointerPorts {
  readonly stage: Stage;
  readonly canvases: RegionCanvases;
  readonly painter: Painter;
  hasOverlay(): boolean;
  situation(): Situation;
}

const wheelLines = 3;

/** What a press has begun, until the button is released. */
type Hold =
  | { readonly kind: 'border'; readonly found: FoundBorder; readonly press: Mouse; readonly region: Region }
  /** The pane has taken the press, so the drag is its too, wherever it goes. */
  | { readonly kind: 'pane'; readonly name: RegionName };

export class Pointer {
  readonly #ports: PointerPorts;
  #hold: Hold | null = null;
  #hasDragged = false;

  constructor(ports: PointerPorts) {
    this.#ports = ports;
  }

  /** True when something may look different now. */
  handle(mouse: Mouse): boolean {
    const hold = this.#hold;
    if (mouse.kind === 'release') this.#hold = null;
    if (hold && (mouse.kind === 'drag' || mouse.kind === 'release')) return this.#handleHeld(hold, mouse);
    const region = this.#ports.canvases.at(mouse.x, mouse.y);
    if (!region || (this.#ports.hasOverlay() && region.name !== 'overlay')) return false;
    if (mouse.kind === 'press' && mouse.button === 'left' && this.#takeBorder(mouse, region)) return true;
    const pane = this.#ports.painter.paneOf(region.name);
    if (pane && this.#offer(pane, mouse, region)) return true;
    if (mouse.kind === 'wheel-up' || mouse.kind === 'wheel-down') {
      pane?.handleWheel?.(mouse.kind === 'wheel-up' ? -wheelLines : wheelLines, mouse.x - region.area.x);
      return true;
    }
    if (mouse.kind !== 'press' || mouse.button !== 'left') return false;
    this.#click(mouse, region);
    return true;
  }

  /** A press on a border waits: a drag moves the border, a release where it was pressed is a click. */
  #takeBorder(press: Mouse, region: Region): boolean {
    const { model } = this.#ports.stage;
    const { layout } = model.places;
    const isPart = region.name.startsWith('pane:') || region.name === 'conversation' || region.name === 'card';
    if (!layout || !(isPart || region.name === 'prompt') || model.viewName !== 'workspace') return false;
    const found = toBorderAt(layout, press.y, press.x);
    if (!found) return false;
    this.#hold = { kind: 'border', found, press, region };
    this.#hasDragged = false;
    return true;
  }

  #offer(pane: Pane, mouse: Mouse, region: Region): boolean {
    const isTaken = pane.handleMouse?.(toInside(mouse, region)) === true;
    if (isTaken && mouse.kind === 'press') {
      this.#hold = { kind: 'pane', name: region.name };
      focusRegion(this.#ports.stage.model, region.name);
    }
    return isTaken;
  }

  #handleHeld(hold: Hold, mouse: Mouse): boolean {
    if (hold.kind === 'pane') {
      const region = this.#ports.canvases.regions.find(({ name }) => name === hold.name);
      if (region) this.#ports.painter.paneOf(hold.name)?.handleMouse?.(toInside(mouse, region));
      return region !== undefined;
    }
    if (mouse.kind === 'drag') return this.#drag(hold.found, mouse);
    if (this.#hasDragged) return false;
    const pane = this.#ports.painter.paneOf(hold.region.name);
    const isTaken =
      pane?.handleMouse?.(toInside(hold.press, hold.region)) === true && pane.handleMouse(toInside(mouse, hold.region));
    if (isTaken) focusRegion(this.#ports.stage.model, hold.region.name);
    else this.#click(hold.press, hold.region);
    return true;
  }

  /** The cell that was taken hold of stays under the pointer. */
  #drag({ border, along, offset }: FoundBorder, { x, y }: Mouse): boolean {
    const { places } = this.#ports.stage.model;
    this.#hasDragged = true;
    const { layout, placement } = places;
    const cell = along === 'columns' ? { row: y, column: x - offset } : { row: y - offset, column: x };
    if (layout) places.placement = moveBorderTo(layout, placement, border, cell);
    return places.placement !== placement;
  }

  #click(mouse: Mouse, region: Region): void {
    const { stage, painter } = this.#ports;
    const [x, y] = [mouse.x - region.area.x, mouse.y - region.area.y];
    if (region.name === 'status' || region.name === 'hint') {
      const action = painter.actionAt(region.name, x, y, region.area.width);
      if (action !== null) this.#perform(action);
      return;
    }
    focusRegion(stage.model, region.name);
    painter.paneOf(region.name)?.handleClick?.(x, y);
  }

  /** As the key would: what cannot be done now says why. */
  #perform(action: Action): void {
    const { stage } = this.#ports;
    const reason = whyNot(action, this.#ports.situation());
    stage.model.isPrefixPending = false;
    if (reason === null) stage.perform(action);
    else stage.say(`Not now: ${reason}.`, 'warn');
  }
}

function toInside(mouse: Mouse, { area }: Region): Mouse {
  return { ...mouse, x: mouse.x - area.x, y: mouse.y - area.y };
}

function focusRegion(model: ScreenModel, name: RegionName): void {
  if (name === 'conversation' || name === 'prompt' || name === 'card') model.focus = name;
  else if (name.startsWith('pane:')) model.focus = name as `pane:${string}`;
}
