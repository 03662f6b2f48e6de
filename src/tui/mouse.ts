/**
 * What the mouse does: a click focuses what is under it, the wheel scrolls it. With something above the view, only that listens.
 */
import type { Mouse } from './input/key.ts';
import type { Painter } from './painter.ts';
import type { RegionCanvases, RegionName } from './regions.ts';
import type { ScreenModel } from './screen-model.ts';

export interface MouseWorld {
  readonly canvases: RegionCanvases;
  readonly painter: Painter;
  readonly model: ScreenModel;
  readonly hasOverlay: boolean;
}

const wheelLines = 3;

/** True when something may look different now. */
export function handleMouse(mouse: Mouse, world: MouseWorld): boolean {
  const region = world.canvases.at(mouse.x, mouse.y);
  if (!region || (world.hasOverlay && region.name !== 'overlay')) return false;
  const pane = world.painter.paneOf(region.name);
  if (mouse.kind === 'wheel-up' || mouse.kind === 'wheel-down') {
    pane?.handleWheel?.(mouse.kind === 'wheel-up' ? -wheelLines : wheelLines);
    return true;
  }
  if (mouse.kind !== 'press' || mouse.button !== 'left') return false;
  focusRegion(world.model, region.name);
  pane?.handleClick?.(mouse.x - region.area.x, mouse.y - region.area.y);
  return true;
}

function focusRegion(model: ScreenModel, name: RegionName): void {
  const [first] = model.paneIds;
  if (name === 'conversation' || name === 'prompt' || name === 'card') model.focus = name;
  else if (name.startsWith('pane:')) model.focus = name as `pane:${string}`;
  else if (name === 'strip' && first !== undefined) model.focus = `pane:${first}`;
}
