/** The one list of what waits for a person, and how much of a conversation is unread. */
import { describe, expect, it } from 'vitest';
import { toEmptyView } from '../../src/protocol/reduce.ts';
import { countUnread } from '../../src/protocol/unread.ts';
import type { CardView, ConversationItem, OpenItemView, View } from '../../src/protocol/view.ts';
import { isBlocking, listWaiting } from '../../src/protocol/waiting.ts';
import { countWaiting, toWaitingText } from '../../src/protocol/waiting-text.ts';
import { session } from '../fixtures/view-events.ts';

const empty = toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false });

function card(id: string, createdAtMs: number, overrides: Partial<CardView> = {}): CardView {
  return {
    ...{ id, auditId: `a-${id}`, tool: 'remote_exec', session: 's1', who: 'demo', isolation: null, createdAtMs },
    server: { id: 'web-1', address: 'u@h', environment: 'staging', environmentAssumed: false },
    ...{ hostKey: null, rule: 'r', reason: 'why', floor: false, expiresAtMs: null, sessionGrantPossible: false },
    subject: { kind: 'command', argv: ['reboot'], line: null, cwd: null, stdin: null, parts: [] },
    ...overrides,
  };
}

const openItem: OpenItemView = {
  ...{ auditId: 'x1', kind: 'unknown-outcome', server: 'db-1', summary: 'restart', message: 'look', atMs: 5 },
};

function toView(overrides: Partial<View>): View {
  return { ...empty, ...overrides };
}

describe('the list of what waits', () => {
  const local = { id: 'l1', title: 'Bash\nls', detail: '', unexpected: true, askedAtMs: 20 };
  const form = { id: 'f1', message: 'Which branch?', url: null, fields: [], askedAtMs: 10 };
  const view = toView({
    approvals: [card('c2', 30), card('c1', 15, { session: null, who: 'operator (cli)' })],
    sessions: {
      s1: session('s1', { title: 'one', localCards: [local] }),
      s2: session('s2', { title: 'two', agent: 'other', forms: [form] }),
      s3: session('s3', { state: 'failed', problem: 'no\nmemory', createdAtMs: 7 }),
      s4: session('s4', { state: 'resting' }),
      s5: session('s5', { state: 'restarting', problem: 'died' }),
    },
    openItems: [openItem],
  });

  it('has what agents stand still for first, oldest first, then failed sessions, then open items', () => {
    expect(listWaiting(view).map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      ...['form f1', 'approval c1', 'local l1', 'approval c2'],
      ...['failed s3', 'open-item x1'],
    ]);
    expect(listWaiting(view).filter(isBlocking)).toHaveLength(4);
  });

  it('says of each who asks where, for what, since when, in one line', () => {
    expect(listWaiting(view)).toMatchObject([
      { session: 's2', title: 'two', who: 'other', what: 'Which branch?', server: null, sinceMs: 10 },
      { session: null, title: null, who: 'operator (cli)', server: 'web-1', what: 'remote_exec: reboot' },
      { session: 's1', title: 'one', what: 'Bash / ls' },
      { session: 's1', title: 'one', isProduction: false },
      { session: 's3', what: 'no / memory', sinceMs: 7 },
      { session: null, server: 'db-1', what: 'nobody knows how it ended: restart' },
    ]);
  });

  it.each<[string, Partial<View>]>([
    ['nothing at all', {}],
    ['a session that rests', { sessions: { s: session('s', { state: 'resting' }) } }],
    ['an agent that is started again by itself', { sessions: { s: session('s', { state: 'restarting' }) } }],
    ['a session that ended', { sessions: { s: session('s', { state: 'ended', problem: 'x' }) } }],
  ])('is empty with %s', (_what, change) => {
    expect(listWaiting(toView(change))).toEqual([]);
    expect(toWaitingText(toView(change))).toBeNull();
  });

  it('puts what has no time behind what has one, and keeps the order of those', () => {
    const cards = ['a', 'b'].map((id) => ({ id, title: id, detail: '', unexpected: false }));
    const timeless = toView({ approvals: [card('c', 99)], sessions: { s: session('s', { localCards: cards }) } });
    expect(listWaiting(timeless).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  });

  it('counts for a notification only what an agent stands still for', () => {
    expect(countWaiting(view)).toBe(4);
    expect(countWaiting(toView({ openItems: [openItem] }))).toBe(0);
    const onlyForm = toView({ sessions: { s: session('s', { forms: [form] }) } });
    expect(toWaitingText(onlyForm)).toBe('1 request waits for you');
  });

  it('names in a notification the server whose login waits', () => {
    const ofWeb = { id: 'q', server: 'web-1', what: 'a code', note: null, prompts: [], askedAtMs: 0, expiresAtMs: 1 };
    expect(toWaitingText(toView({ logins: [ofWeb] }))).toBe('The login to web-1 waits for you');
    expect(toWaitingText(toView({ logins: [{ ...ofWeb, server: null }] }))).toBe('signalbox waits for you');
    const two = toView({ logins: [ofWeb, { ...ofWeb, id: 'r', server: 'db-1' }] });
    expect(toWaitingText(two)).toBe('2 requests wait for you on web-1, db-1');
  });
});

describe('unread items', () => {
  const kinds = ['user', 'agent', 'thought', 'notice'] as const;
  const items: ConversationItem[] = kinds.map((kind, index) => ({ id: index + 1, kind, text: kind, atMs: 0 }));

  it.each([
    [undefined, 2],
    [0, 2],
    [1, 2],
    [2, 1],
    [4, 0],
    [9, 0],
  ])('after item %s there are %i', (seenItem, count) => {
    expect(countUnread({ items, ...(seenItem === undefined ? {} : { seenItem }) })).toBe(count);
  });
});
