/**
 * What the pane of one server says of itself, collected from the parts of the screen's model. Draws nothing.
 */
import { keyWord } from './key-words.ts';
import { toKeyText } from './keymap.ts';
import type { BlockWords, PaneModel } from './present/server-pane.ts';
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

/** What its blocks say of the lines to the host and to its server. */
export function toBlockWords({ view, hostPresence, words }: ScreenModel, id: string): Omit<BlockWords, 'times'> {
  const retryAtMs = view.servers[id]?.retryAtMs ?? null;
  if (retryAtMs === null) return { host: hostPresence };
  const tryNow = `${toKeyText(words.prefix)} ${keyWord('prefix', 'retryConnection')}`;
  return {
    host: hostPresence,
    lost: { retryAtMs, tryNow, durables: new Set(view.durables.map((durable) => durable.id)) },
  };
}
