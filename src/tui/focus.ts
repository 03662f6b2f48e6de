/**
 * Which part of the workspace has the keys, and where Tab and the arrows lead. Pure; a card is never chosen unless asked for.
 */
import type { Rect, WorkspaceLayout, WorkspaceRegion } from './layout.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** Everything that can have the focus, in the order of Tab: also panes that the layout hides now. */
export function toFocusOrder(
  panes: readonly string[],
  cardsWaiting: number,
  prompt: 'prompt' | 'none' = 'prompt',
): readonly WorkspaceRegion[] {
  return [
    ...(prompt === 'prompt' ? (['prompt'] as const) : []),
    'conversation',
    ...(cardsWaiting > 0 ? (['card'] as const) : []),
    ...panes.map((server) => `pane:${server}` as const),
  ];
}

/** The region `step` places further, around the end. */
export function moveFocus(order: readonly WorkspaceRegion[], from: WorkspaceRegion, step: 1 | -1): WorkspaceRegion {
  const at = order.indexOf(from);
  if (at === -1) return order[0] ?? from;
  return order[(at + step + order.length) % order.length] ?? from;
}

/** The next pane, or the first when no pane has the focus; without panes nothing moves. */
export function movePane(panes: readonly string[], from: WorkspaceRegion, step: 1 | -1): WorkspaceRegion {
  if (panes.length === 0) return from;
  const at = panes.findIndex((server) => from === `pane:${server}`);
  if (at === -1) return `pane:${panes[step === 1 ? 0 : panes.length - 1] ?? ''}`;
  return `pane:${panes[(at + step + panes.length) % panes.length] ?? ''}`;
}

/** What still exists keeps the focus; a card or pane that went away leaves it to the conversation, never to another card. */
export function keepFocus(order: readonly WorkspaceRegion[], from: WorkspaceRegion): WorkspaceRegion {
  return order.includes(from) ? from : 'conversation';
}

/** The nearest region in that direction on the screen; the same one when there is none. */
export function moveToward(layout: WorkspaceLayout, from: WorkspaceRegion, direction: Direction): WorkspaceRegion {
  const places = toPlaces(layout);
  const start = places.find((place) => place.region === from);
  if (!start) return from;
  const candidates = places
    .filter((place) => place.region !== from && isToward(start.rect, place.rect, direction))
    .map((place) => ({ region: place.region, distance: toDistance(start.rect, place.rect, direction) }))
    .sort((a, b) => a.distance - b.distance);
  return candidates[0]?.region ?? from;
}

/** The region under a cell. */
export function toRegionAt(layout: WorkspaceLayout, row: number, column: number): WorkspaceRegion | null {
  for (const { region, rect } of toPlaces(layout)) {
    const isInRows = row >= rect.row && row < rect.row + rect.rows;
    if (isInRows && column >= rect.column && column < rect.column + rect.columns) return region;
  }
  return null;
}

interface Place {
  readonly region: WorkspaceRegion;
  readonly rect: Rect;
}

function toPlaces(layout: WorkspaceLayout): readonly Place[] {
  const places: Place[] = [];
  if (layout.conversation) places.push({ region: 'conversation', rect: layout.conversation });
  if (layout.card) places.push({ region: 'card', rect: layout.card });
  if (layout.prompt) places.push({ region: 'prompt', rect: layout.prompt });
  for (const pane of layout.panes) places.push({ region: `pane:${pane.server}`, rect: pane.rect });
  return places;
}

function isToward(from: Rect, to: Rect, direction: Direction): boolean {
  switch (direction) {
    case 'up':
      return to.row + to.rows <= from.row;
    case 'down':
      return to.row >= from.row + from.rows;
    case 'left':
      return to.column + to.columns <= from.column;
    case 'right':
      return to.column >= from.column + from.columns;
  }
}

/** Distance along the direction counts once, the offset across it four times: straight ahead wins. */
function toDistance(from: Rect, to: Rect, direction: Direction): number {
  const isVertical = direction === 'up' || direction === 'down';
  const gap = (a: number, aLength: number, b: number, bLength: number): number =>
    Math.max(0, Math.max(a, b) - Math.min(a + aLength, b + bLength));
  const rowGap = gap(from.row, from.rows, to.row, to.rows);
  const columnGap = gap(from.column, from.columns, to.column, to.columns);
  const centre = isVertical ? Math.abs(from.column - to.column) : Math.abs(from.row - to.row);
  const along = isVertical ? rowGap : columnGap;
  const across = isVertical ? columnGap : rowGap;
  return along + across * 4 + centre / 1000;
}
