/** Makes a view small enough to be sent as one snapshot: the oldest output and conversation go first. Changes nothing in an ordinary view. */
import { bounds } from './bounds.ts';
import { withTail } from './reduce-pane.ts';
import { itemCharacters } from './reduce-session.ts';
import type { PaneView, SessionView, View } from './view.ts';

/** @param charactersMax for the output of all panes, and again for all conversations. */
export function trimView(view: View, charactersMax: number = bounds.snapshotTextCharactersMax): View {
  const panes = trimEach(view.panes, charactersMax, paneCharacters, trimPane);
  const sessions = trimEach(view.sessions, charactersMax, sessionCharacters, trimSession);
  return panes === view.panes && sessions === view.sessions ? view : { ...view, panes, sessions };
}

function trimPane(pane: PaneView, charactersMax: number): PaneView {
  let left = charactersMax;
  const newestFirst = pane.blocks.toReversed().map((block) => {
    const trimmed = withTail(block, left);
    left -= trimmed.text.length;
    return trimmed;
  });
  return { ...pane, blocks: newestFirst.reverse() };
}

function trimSession(session: SessionView, charactersMax: number): SessionView {
  let left = charactersMax;
  let first = session.items.length;
  for (const item of session.items.toReversed()) {
    left -= itemCharacters(item);
    if (left < 0) break;
    first -= 1;
  }
  return { ...session, items: session.items.slice(first) };
}

function paneCharacters(pane: PaneView): number {
  return pane.blocks.reduce((sum, block) => sum + block.text.length, 0);
}

function sessionCharacters(session: SessionView): number {
  return session.items.reduce((sum, item) => sum + itemCharacters(item), 0);
}

function trimEach<T>(
  all: Readonly<Record<string, T>>,
  charactersMax: number,
  charactersOf: (one: T) => number,
  trim: (one: T, charactersMax: number) => T,
): Readonly<Record<string, T>> {
  const entries = Object.entries(all);
  const total = entries.reduce((sum, [, one]) => sum + charactersOf(one), 0);
  if (total <= charactersMax) return all;
  const share = Math.floor(charactersMax / entries.length);
  return Object.fromEntries(entries.map(([id, one]) => [id, charactersOf(one) <= share ? one : trim(one, share)]));
}
