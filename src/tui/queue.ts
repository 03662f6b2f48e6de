/**
 * What waits for the operator, as one queue: what logins need, the gate's cards, the questions about agents' own local tools, and agents' forms. Pure.
 */
import type { CardView, FormView, LocalCardView, LoginView, ServerView, SessionView, View } from '../protocol/view.ts';

export type QueueEntry =
  | { readonly kind: 'gate'; readonly id: string; readonly card: CardView }
  | { readonly kind: 'local'; readonly id: string; readonly card: LocalCardView; readonly session: SessionView }
  /** Null: of a jump host that has no record of its own. */
  | { readonly kind: 'login'; readonly id: string; readonly card: LoginView; readonly server: ServerView | null }
  | { readonly kind: 'form'; readonly id: string; readonly card: FormView; readonly session: SessionView };

/** Logins first, since servers wait two minutes for one; then oldest first; local questions and forms follow, session by session. */
export function toQueue(view: View): readonly QueueEntry[] {
  const gate = view.approvals.map((card): QueueEntry => ({ kind: 'gate', id: card.id, card }));
  const local = Object.values(view.sessions).flatMap((session) =>
    session.localCards.map(
      (card): QueueEntry => ({ kind: 'local', id: `local:${session.id}:${card.id}`, card, session }),
    ),
  );
  const forms = Object.values(view.sessions).flatMap((session) =>
    session.forms.map((card): QueueEntry => ({ kind: 'form', id: `form:${session.id}:${card.id}`, card, session })),
  );
  const logins = view.logins.map(
    (card): QueueEntry => ({
      kind: 'login',
      id: `login:${card.id}`,
      card,
      server: view.servers[card.server ?? ''] ?? null,
    }),
  );
  return [...logins, ...gate, ...local, ...forms];
}

/** The session that asked; null for the operator's own action. */
export function toSessionOf(entry: QueueEntry): string | null {
  if (entry.kind === 'login') return null;
  return entry.kind === 'gate' ? entry.card.session : entry.session.id;
}

/** To be filled in, not to be approved. */
export function isQuestion(entry: QueueEntry): entry is Extract<QueueEntry, { readonly kind: 'form' | 'login' }> {
  return entry.kind === 'form' || entry.kind === 'login';
}

/** A server without a registered environment counts as production. */
export function isProduction(entry: QueueEntry): boolean {
  return (
    entry.kind === 'gate' && (entry.card.server.environment === 'production' || entry.card.server.environmentAssumed)
  );
}

/** The text that `e` opens, or null when this request cannot be edited. */
export function toEditable(entry: QueueEntry): string | null {
  if (entry.kind !== 'gate') return null;
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
