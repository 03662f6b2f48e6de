/**
 * What the pane of one server says of itself, collected from the parts of the screen's model. Draws nothing.
 */
import type { PaneModel } from './present/server-pane.ts';
import type { ScreenModel } from './screen-model.ts';

export function toPaneModel(model: ScreenModel, id: string): PaneModel {
  const { view, shells, places, hostPresence } = model;
  const { activity, placement } = places;
  // A stream that is in front says itself what happened in it.
  const mark = shells.shownOn(id) === null ? null : activity.markOf(id);
  return {
    ...{ id, server: view.servers[id] ?? null, pane: view.panes[id] ?? null, host: hostPresence },
    tabs: { ...shells.toTabs(id), mark },
    isPinned: placement.pinned.includes(id),
    isAsking: view.logins.some(({ server }) => server === id),
  };
}
