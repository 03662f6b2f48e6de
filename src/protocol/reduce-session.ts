/** How a conversation grows in the view, within its bounds. Knows nothing of agents; merging chunks into items is the host's work. */
import { bounds } from './bounds.ts';
import type { ConversationItem, SessionView } from './view.ts';

type ToolItem = Extract<ConversationItem, { kind: 'tool' }>;

/** A prompt begins something new: a plan that was done by then is no longer anybody's. */
export function addItem(session: SessionView, item: ConversationItem): SessionView {
  const isOutdated = item.kind === 'user' && session.plan.every((step) => step.status === 'completed');
  const plan = isOutdated ? [] : session.plan;
  return { ...session, plan, items: withinBounds([...session.items, withinItemBound(item)]) };
}

export function appendToItem(session: SessionView, id: number, text: string): SessionView {
  return changeItem(session, id, (item) =>
    item.kind === 'tool' ? item : withinItemBound({ ...item, text: item.text + text }),
  );
}

export function replaceItem(session: SessionView, item: ConversationItem): SessionView {
  return changeItem(session, item.id, () => withinItemBound(item));
}

/** Characters an item holds, as the bounds count them. */
export function itemCharacters(item: ConversationItem): number {
  return item.kind === 'tool' ? item.title.length + item.detail.length + partCharacters(item) : item.text.length;
}

function partCharacters({ diffs = [], terminals = [], locations = [], asked }: ToolItem): number {
  const texts = [
    ...(asked ? [asked.tool, asked.server ?? '', asked.summary] : []),
    ...diffs.flatMap(({ path, diff }) => [path, diff ?? '']),
    ...terminals.flatMap(({ id, server, operation }) => [id, server ?? '', operation ?? '']),
    ...locations.map(({ path }) => path),
  ];
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function changeItem(
  session: SessionView,
  id: number,
  change: (item: ConversationItem) => ConversationItem,
): SessionView {
  // The newest items change most, so the search begins at the end.
  const index = session.items.findLastIndex((item) => item.id === id);
  const item = session.items[index];
  if (!item) return session;
  return { ...session, items: session.items.with(index, change(item)) };
}

function withinItemBound(item: ConversationItem): ConversationItem {
  if (itemCharacters(item) <= bounds.itemCharactersMax) return item;
  if (item.kind === 'tool') {
    const title = item.title.slice(0, bounds.titleCharactersMax);
    // What it says in words counts more than what it shows beside them.
    const { diffs: _diffs, terminals: _terminals, locations: _locations, ...words } = item;
    return { ...words, title, detail: item.detail.slice(0, bounds.itemCharactersMax - title.length) };
  }
  return { ...item, text: item.text.slice(0, bounds.itemCharactersMax) };
}

function withinBounds(items: readonly ConversationItem[]): readonly ConversationItem[] {
  let first = Math.max(0, items.length - bounds.conversationItemsMax);
  let characters = 0;
  for (let index = items.length - 1; index >= first; index -= 1) {
    const item = items[index];
    if (!item) break;
    characters += itemCharacters(item);
    // The newest item stays, whatever its size.
    if (characters > bounds.conversationCharactersMax && index < items.length - 1) {
      first = index + 1;
      break;
    }
  }
  return first === 0 ? items : items.slice(first);
}
