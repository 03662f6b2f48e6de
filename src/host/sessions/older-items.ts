/** A page of a conversation that its view has let go: read from the transcript, which has all of it, redacted. */
import { bounds } from '../../protocol/bounds.ts';
import type { ConversationItem } from '../../protocol/view.ts';
import { readTranscript } from './read-transcript.ts';

/** As the transcript writes an item; enough to know its place without reading the rest of the line. */
const itemPattern = /^\{"type":"item","item":\{"id":(\d+),/;

/** The newest items with ids below `before`, oldest first, as many as a page holds; none where the transcript has none. */
export async function readOlderItems(path: string, before: number): Promise<readonly ConversationItem[]> {
  const isOlder = (line: string): boolean => Number(itemPattern.exec(line)?.[1] ?? before) < before;
  const items = new Map<number, ConversationItem>();
  try {
    for await (const entry of readTranscript(path, isOlder)) {
      if (entry.type !== 'item') continue;
      items.delete(entry.item.id);
      items.set(entry.item.id, entry.item);
      // A call is written when it ends, so lines are almost in the order of ids: twice a page is room enough to sort.
      if (items.size > 2 * bounds.olderItemsPageMax) items.delete(items.keys().next().value ?? 0);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return toPage([...items.values()].sort((one, other) => one.id - other.id));
}

function toPage(items: readonly ConversationItem[]): readonly ConversationItem[] {
  let characters = 0;
  const first = items.findLastIndex((item) => {
    characters += JSON.stringify(item).length;
    return characters > bounds.olderItemsCharactersMax;
  });
  // One item is a page, whatever its size.
  return items.slice(Math.max(items.length - bounds.olderItemsPageMax, Math.min(first + 1, items.length - 1), 0));
}
