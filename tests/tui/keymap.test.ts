/** One table for handlers, hints and help: what a key means here, and why it does nothing. */
import { describe, expect, it } from 'vitest';
import { type Scope, toBindings, toHints, toKeyText, toMeaning } from '../../src/tui/keymap.ts';
import { bindings } from '../../src/tui/keymap-table.ts';
import type { CardSituation, Situation } from '../../src/tui/situation.ts';

const readCard: CardSituation = {
  kind: 'command',
  isEndShown: true,
  isDeaf: false,
  isAnswering: false,
  isProduction: false,
  isGrantPossible: true,
  isEditable: true,
  isMarked: false,
  hasDiff: false,
};

function situation(scopes: readonly Scope[], change: Partial<Situation> = {}): Situation {
  return {
    scopes,
    waiting: 1,
    card: readCard,
    markedCards: 0,
    hasSession: true,
    isTurnRunning: false,
    promptProblem: null,
    sessions: 1,
    panes: 1,
    openItems: 0,
    server: null,
    registeredServers: 1,
    isConnected: true,
    hasSearch: false,
    isClosable: false,
    detachKeys: '^B d',
    form: null,
    ...change,
  };
}

const card: readonly Scope[] = ['card', 'global', 'always'];
const withCard = (change: Partial<CardSituation>): Partial<Situation> => ({ card: { ...readCard, ...change } });

describe('the table of keys', () => {
  it('gives no key two meanings in one place', () => {
    const seen = new Set<string>();
    for (const binding of bindings) {
      for (const key of binding.keys) {
        expect(seen.has(`${binding.scope} ${key}`), `${binding.scope} ${key}`).toBe(false);
        seen.add(`${binding.scope} ${key}`);
      }
    }
  });

  it('has a sentence for every key', () => {
    for (const binding of bindings) expect(binding.help, binding.action).toMatch(/^[A-Z].*\.$/);
  });

  it.each<[string, readonly Scope[], string]>([
    ['a', card, 'approve'],
    ['d', card, 'deny'],
    ['r', card, 'denyWithReason'],
    ['e', card, 'edit'],
    ['s', card, 'approveForSession'],
    ['space', card, 'mark'],
    ['x', card, 'explain'],
    ['?', card, 'help'],
    ['1', card, 'viewWorkspace'],
    ['6', card, 'viewSessions'],
    ['i', card, 'editPrompt'],
    ['j', card, 'scrollDown'],
    ['ctrl-c', ['prompt', 'always'], 'cancelTurn'],
    ['escape', ['prompt', 'always'], 'leaveEditor'],
    ['enter', ['prompt', 'always'], 'send'],
    ['d', ['prefix'], 'detach'],
    ['z', ['prefix'], 'zoom'],
    ['a', ['prefix'], 'goToCard'],
    ['space', ['prefix'], 'arrange'],
  ])('%s in %s is %s', (key, scopes, action) => {
    expect(toMeaning(key, situation(scopes))).toMatchObject({ kind: 'action', action });
  });

  it.each(['a', 'd', '?', '1', 'q', ':', '/', 'j', 'space', 'tab'])(
    'leaves %s to the text while the prompt has the focus',
    (key) => {
      expect(toMeaning(key, situation(['prompt', 'always']))).toEqual({ kind: 'none' });
    },
  );

  it.each<[string, Partial<Situation>, string]>([
    ['a', withCard({ isEndShown: false }), 'scroll to the end first'],
    ['a', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['d', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['r', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['e', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['s', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['A', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['a', withCard({ isAnswering: true }), 'the answer is on its way'],
    ['a', { isConnected: false }, 'not connected to the host'],
    ['s', withCard({ isProduction: true }), 'never on production'],
    ['s', withCard({ kind: 'write' }), 'only for commands'],
    ['s', withCard({ isGrantPossible: false }), 'not for this request'],
    ['s', withCard({ isEndShown: false }), 'scroll to the end first'],
    ['e', withCard({ isEditable: false }), 'only commands and file contents can be edited'],
    ['e', withCard({ kind: 'local' }), 'a local tool can only be allowed or denied'],
    ['space', withCard({ isProduction: true }), 'production is approved one by one'],
    ['space', withCard({ isEndShown: false }), 'scroll to the end first'],
    ['A', {}, 'no card is marked'],
    ['n', {}, 'no other card waits'],
    ['a', { card: null }, 'nothing waits'],
    ['o', {}, 'nothing is open'],
  ])('%s says why it does nothing: %j', (key, change, reason) => {
    expect(toMeaning(key, situation(card, change))).toMatchObject({ kind: 'disabled', reason });
  });

  it('denies a card that was not read to its end: only approving needs that', () => {
    expect(toMeaning('d', situation(card, withCard({ isEndShown: false })))).toMatchObject({
      kind: 'action',
      action: 'deny',
    });
  });

  it('hints at the same table: every hint is a key that means the same thing', () => {
    for (const scopes of [card, ['prompt', 'always'], ['servers', 'global', 'always'], ['form']] as const) {
      const here = situation(scopes);
      const keys = new Set(toBindings(here).map((binding) => binding.action));
      for (const hint of toHints(here, 'ctrl-b').filter((entry) => !entry.key.startsWith('^B')))
        expect(keys.has(hint.action)).toBe(true);
    }
  });

  it('names the prefix that is configured', () => {
    const hint = toHints(situation(['prompt', 'always']), 'ctrl-]').find((entry) => entry.action === 'goToCard');
    expect(hint?.key).toBe('^] a');
  });

  it.each([
    ['ctrl-c', '^C'],
    ['alt-enter', 'Alt-Enter'],
    ['shift-tab', 'Shift-Tab'],
    ['pagedown', 'PgDn'],
    ['A', 'A'],
  ])('writes %s as %s', (key, text) => {
    expect(toKeyText(key)).toBe(text);
  });
});
