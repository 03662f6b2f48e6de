/**
 * When the mouse selects text: a drag, or two and three clicks, open copy mode over the text they began in; from there it is copy mode's affair.
 * Single clicks stay what they are.
 */

import { clickMs } from './copy/mouse-copy.ts';
import type { Mouse } from './input/key.ts';
import type { Pointer } from './mouse.ts';
import type { Overlay, Stage } from './pane.ts';
import { CopyOverlay } from './panes/copy-overlay.ts';
import type { Region, RegionCanvases } from './regions.ts';
import type { ShownText } from './screen-texts.ts';

interface Press {
  readonly mouse: Mouse;
  readonly region: Region;
  readonly shown: ShownText;
  readonly atMs: number;
  readonly clicks: number;
}

export class MouseSelection {
  readonly #stage: Stage;
  readonly #canvases: Pick<RegionCanvases, 'at' | 'regions'>;
  readonly #overlay: () => Overlay | null;
  readonly #pointer: Pick<Pointer, 'handle'>;
  #press: Press | null = null;
  #isHeld = false;

  /** @param pointer has all that is about no selection. */
  constructor(
    stage: Stage,
    canvases: Pick<RegionCanvases, 'at' | 'regions'>,
    overlay: () => Overlay | null,
    pointer: Pick<Pointer, 'handle'>,
  ) {
    this.#stage = stage;
    this.#canvases = canvases;
    this.#overlay = overlay;
    this.#pointer = pointer;
  }

  /** True when something may look different now. */
  handle(mouse: Mouse): boolean {
    return this.#select(mouse, this.#overlay()) || this.#pointer.handle(mouse);
  }

  #select(mouse: Mouse, overlay: Overlay | null): boolean {
    if (overlay instanceof CopyOverlay) return this.#forward(mouse, overlay);
    if (mouse.kind === 'press') return this.#handlePress(mouse);
    if (mouse.kind === 'release') this.#isHeld = false;
    if (mouse.kind !== 'drag' || !this.#isHeld || !this.#press) return false;
    const press = this.#press;
    const copy = this.#open(press);
    copy.handleMouse(toLocal(mouse, press.region));
    return true;
  }

  #handlePress(mouse: Mouse): boolean {
    const before = this.#press;
    this.#press = null;
    this.#isHeld = false;
    const region = this.#canvases.at(mouse.x, mouse.y);
    const shown = region && mouse.button === 'left' ? this.#stage.texts.in(region.name) : null;
    // The border is the layout's.
    if (!region || !shown || shown.source.wantsMouse || !isInside(mouse, region)) return false;
    const atMs = this.#stage.model.clock.monotonicMs();
    const isAgain = before?.mouse.x === mouse.x && before.mouse.y === mouse.y && atMs - before.atMs <= clickMs;
    this.#press = { mouse, region, shown, atMs, clicks: isAgain ? before.clicks + 1 : 1 };
    this.#isHeld = true;
    if (this.#press.clicks < 2) return false;
    this.#open(this.#press);
    return true;
  }

  #open(press: Press): CopyOverlay {
    this.#press = null;
    this.#isHeld = false;
    const copy = new CopyOverlay(this.#stage, press.shown, press.shown.source.freeze('as shown'));
    this.#stage.open(copy);
    copy.mouse.open(toLocal(press.mouse, press.region), press.clicks);
    return copy;
  }

  /** A drag goes on outside of the text, too. */
  #forward(mouse: Mouse, copy: CopyOverlay): boolean {
    const region = this.#canvases.regions.find(({ name }) => name === 'overlay');
    if (!region) return false;
    const isInside = this.#canvases.at(mouse.x, mouse.y)?.name === 'overlay';
    const isOn = mouse.kind === 'drag' || mouse.kind === 'release';
    return (isInside || isOn) && copy.handleMouse(toLocal(mouse, region));
  }
}

function toLocal(mouse: Mouse, { area }: Region): Mouse {
  return { ...mouse, x: mouse.x - area.x, y: mouse.y - area.y };
}

function isInside(mouse: Mouse, { area }: Region): boolean {
  const { x, y } = { x: mouse.x - area.x, y: mouse.y - area.y };
  return x > 0 && y > 0 && x < area.width - 1 && y < area.height - 1;
}
