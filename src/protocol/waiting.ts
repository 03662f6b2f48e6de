/** All that waits for a person, over all sessions, as one list. Pure: it reads the view, and answers nothing. */
import type { CardSubject, CardView, LoginView, SessionView, View } from './view.ts';

/**
 * `login`: what only a person knows; `approval`: a card of the gate; `local`: a question about an agent's own tool; `form`: an agent's question to fill in; `failed`: a
 * session whose agent is gone until it is written to; `open-item`: an outcome that somebody must look at.
 */
export type WaitingKind = 'login' | 'approval' | 'local' | 'form' | 'failed' | 'open-item';

/** Its texts are foreign and unescaped. */
export interface WaitingItem {
  readonly kind: WaitingKind;
  /** What it is answered by: of the card, the question, the form, the session, or the operation in the log. */
  readonly id: string;
  readonly session: string | null;
  /** Of its session; null without one. */
  readonly title: string | null;
  readonly server: string | null;
  readonly isProduction: boolean;
  readonly who: string;
  /** One line. */
  readonly what: string;
  /** Null where nobody knows. */
  readonly sinceMs: number | null;
}

/** What an agent stands still for comes first, then failed sessions, then what is over and must be looked at; each oldest first. */
export function listWaiting(view: View): readonly WaitingItem[] {
  const sessions = Object.values(view.sessions);
  const blocking = [
    ...view.logins.map((login) => fromLogin(login, view)),
    ...view.approvals.map((card) => fromCard(card, view)),
    ...sessions.flatMap((session) => fromQuestions(session)),
  ];
  const failed = sessions.filter(({ state }) => state === 'failed').map(fromFailed);
  return [...blocking.toSorted(byAge), ...failed.toSorted(byAge), ...fromOpenItems(view).toSorted(byAge)];
}

/** An agent stands still until it is answered. */
export function isBlocking({ kind }: WaitingItem): boolean {
  return kind === 'login' || kind === 'approval' || kind === 'local' || kind === 'form';
}

function fromLogin({ id, server, what, askedAtMs }: LoginView, view: View): WaitingItem {
  return {
    ...{ kind: 'login', id, session: null, title: null, server, who: server === null ? 'signalbox' : 'the login' },
    what: toOneLine(what),
    ...{ isProduction: view.servers[server ?? '']?.environment === 'production', sinceMs: askedAtMs },
  };
}

function fromCard(card: CardView, view: View): WaitingItem {
  const { id, session, server, who, tool, subject, createdAtMs } = card;
  const title = session === null ? null : (view.sessions[session]?.title ?? null);
  return {
    ...{ kind: 'approval', id, session, title, who, sinceMs: createdAtMs },
    ...{ server: server.id, isProduction: server.environment === 'production', what: `${tool}: ${toWhat(subject)}` },
  };
}

function toWhat(subject: CardSubject): string {
  if (subject.kind === 'command') return toOneLine(subject.line ?? (subject.argv ?? []).join(' '));
  if (subject.kind === 'write' && subject.rollsBack) return `takes back ${subject.realPath}`;
  return subject.realPath;
}

function fromQuestions(session: SessionView): readonly WaitingItem[] {
  const common = { ...ofSession(session), server: null, isProduction: false };
  const locals = session.localCards.map(({ id, title, askedAtMs }): WaitingItem => {
    return { ...common, kind: 'local', id, what: toOneLine(title), sinceMs: askedAtMs ?? null };
  });
  const forms = session.forms.map(({ id, message, askedAtMs }): WaitingItem => {
    return { ...common, kind: 'form', id, what: toOneLine(message), sinceMs: askedAtMs ?? null };
  });
  return [...locals, ...forms];
}

function fromFailed(session: SessionView): WaitingItem {
  return {
    ...{ ...ofSession(session), kind: 'failed', id: session.id, server: null, isProduction: false },
    what: toOneLine(session.problem ?? 'The agent does not run.'),
    // The last thing that was said is that it failed.
    sinceMs: session.items.at(-1)?.atMs ?? session.createdAtMs,
  };
}

function fromOpenItems(view: View): readonly WaitingItem[] {
  return view.openItems.map(({ auditId, kind, server, summary, atMs }) => ({
    ...{ kind: 'open-item', id: auditId, session: null, title: null, server, who: 'the gate', sinceMs: atMs },
    isProduction: server !== null && view.servers[server]?.environment === 'production',
    what: `${openWords[kind]}: ${toOneLine(summary)}`,
  }));
}

const openWords = {
  'unknown-outcome': 'nobody knows how it ended',
  'never-ran': 'never ran',
  partial_failure: 'done, not fully recorded',
} as const;

function ofSession({ id, title, agent }: SessionView): Pick<WaitingItem, 'session' | 'title' | 'who'> {
  return { session: id, title, who: agent };
}

function toOneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' / ');
}

function byAge(one: WaitingItem, other: WaitingItem): number {
  return (one.sinceMs ?? Number.POSITIVE_INFINITY) - (other.sinceMs ?? Number.POSITIVE_INFINITY) || 0;
}
