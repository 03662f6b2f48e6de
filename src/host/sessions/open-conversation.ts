/** The conversation of one session: what is complete goes into its transcript, what changes to screens. */
import { Conversation } from './conversation.ts';
import type { SessionOptions } from './session-options.ts';

/** Goes on after the items that are there already. */
export function openConversation({ kept, items, clock, transcript, publish }: SessionOptions): Conversation {
  return new Conversation({
    ...{ session: kept.id, publish },
    lastId: items().at(-1)?.id ?? 0,
    nowMs: () => clock.nowMs(),
    onCompleted: (item) => transcript.append({ type: 'item', item }),
  });
}
