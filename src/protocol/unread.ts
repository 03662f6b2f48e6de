/** How much of a conversation no screen has shown yet. Pure; what a screen shows is its own business. */
import type { SessionView } from './view.ts';

/**
 * Messages, tool calls and notices after the last item that was shown. An operator's own prompts and an agent's thoughts are nothing
 * that anybody waits to read.
 */
export function countUnread(session: Pick<SessionView, 'items' | 'seenItem'>): number {
  const seen = session.seenItem ?? 0;
  return session.items.filter(({ id, kind }) => id > seen && kind !== 'user' && kind !== 'thought').length;
}
