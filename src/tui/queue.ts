/**
 * What waits for the operator, as one queue: the gate's cards and the questions about agents' own local tools. Pure.
 */
import type { CardView, LocalCardView, SessionView, View } from '../protocol/view.ts';

export type QueueEntry =
  | { readonly kind: 'gate'; readonly id: string; readonly card: CardView }
  | { readonly kind: 'local'; readonly id: string; readonly card: LocalCardView; readonly session: SessionView };

/** Oldest first; local questions follow, session by session. */
export function toQueue(view: View): readonly QueueEntry[] {
  const gate = view.approvals.map((card): QueueEntry => ({ kind: 'gate', id: card.id, card }));
  const local = Object.values(view.sessions).flatMap((session) =>
    session.localCards.map(
      (card): QueueEntry => ({ kind: 'local', id: `local:${session.id}:${card.id}`, card, session }),
    ),
  );
  return [...gate, ...local];
}

/** The session that asked; null for the operator's own action. */
export function toSessionOf(entry: QueueEntry): string | null {
  return entry.kind === 'local' ? entry.session.id : entry.card.session;
}

/** A server without a registered environment counts as production. */
export function isProduction(entry: QueueEntry): boolean {
  return (
    entry.kind === 'gate' && (entry.card.server.environment === 'production' || entry.card.server.environmentAssumed)
  );
}

/** The text that `e` opens, or null when this request cannot be edited. */
export function toEditable(entry: QueueEntry): string | null {
  if (entry.kind === 'local') return null;
  const { subject } = entry.card;
  switch (subject.kind) {
    case 'command':
      return subject.line ?? (subject.argv === null ? null : subject.argv.map(quoteWord).join(' '));
    case 'write':
      return subject.afterText;
    case 'read':
      return null;
  }
}

/** A word as a POSIX shell reads it back. */
function quoteWord(word: string): string {
  return /^[A-Za-z0-9_@%+:,./^=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
