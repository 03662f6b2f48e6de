/** One table for handlers, hints and help: what a key means here, and why it does nothing. */
import { describe, expect, it } from 'vitest';
import { type Scope, toBindings, toHints, toKeyText, toMeaning } from '../../src/tui/keymap.ts';
import { bindings } from '../../src/tui/keymap-table.ts';
import type { Situation } from '../../src/tui/situation.ts';
import type { CardSituation } from '../../src/tui/situation-card.ts';
import type { PaneSituation } from '../../src/tui/situation-panes.ts';
import type { SessionSituation } from '../../src/tui/situation-session.ts';

import { idleSession, paneSituation, readCard, toSituation as situation } from '../fixtures/situation.ts';

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
    ['tab', ['prompt', 'always'], 'completePrompt'],
    ['d', ['prefix'], 'detach'],
    ['z', ['prefix'], 'zoom'],
    ['a', ['prefix'], 'goToCard'],
    ['space', ['prefix'], 'arrange'],
  ])('%s in %s is %s', (key, scopes, action) => {
    expect(toMeaning(key, situation(scopes))).toMatchObject({ kind: 'action', action });
  });

  it.each(['a', 'd', '?', '1', 'q', ':', '/', 'j', 'space'])(
    'leaves %s to the text while the prompt has the focus',
    (key) => {
      expect(toMeaning(key, situation(['prompt', 'always']))).toEqual({ kind: 'none' });
    },
  );

  it.each<[string, Partial<Situation>, string]>([
    ['a', withCard({ isEndShown: false }), 'scroll to the end first, with PgDn'],
    ['a', withCard({ isEndShown: false, shows: 'diff' }), 'first the whole card, with v'],
    ['a', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['d', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['r', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['e', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['s', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['A', withCard({ isDeaf: true }), 'the card has just appeared'],
    ['a', withCard({ isAnswering: true }), 'the answer is on its way'],
    ['a', { isConnected: false }, 'not connected to the host; it is tried again by itself'],
    ['s', withCard({ isProduction: true }), 'never on production'],
    ['s', withCard({ kind: 'write' }), 'only for commands'],
    [
      's',
      withCard({ isGrantPossible: false }),
      'only for one exact command of an agent that is not known to change files',
    ],
    ['s', withCard({ isEndShown: false }), 'scroll to the end first, with PgDn'],
    ['e', withCard({ isEditable: false }), 'only commands and file contents can be edited'],
    ['e', withCard({ kind: 'local' }), 'a local tool can only be allowed or denied'],
    ['space', withCard({ isProduction: true }), 'production is approved one by one'],
    ['space', withCard({ isEndShown: false }), 'scroll to the end first, with PgDn'],
    ['A', {}, 'no card is marked'],
    ['|', withCard({ hasDiff: false }), 'it changes no text file'],
    ['}', { card: null }, 'nothing waits'],
    ['n', {}, 'no other card waits'],
    ['a', { card: null }, 'nothing waits'],
    ['o', {}, 'nothing is open'],
  ])('%s says why it does nothing: %j', (key, change, reason) => {
    expect(toMeaning(key, situation(card, change))).toMatchObject({ kind: 'disabled', reason });
  });

  const conversation: readonly Scope[] = ['conversation', 'global', 'always'];
  const withSession = (change: Partial<SessionSituation>): Partial<Situation> => ({
    session: { ...idleSession, ...change },
  });
  it.each<[string, Partial<Situation>, string]>([
    ['m', withSession({ modes: 0 }), 'the agent offers no modes'],
    ['m', withSession({ modes: 0, state: 'resting' }), 'its agent does not run; w starts it'],
    ['M', withSession({ options: 0 }), 'the agent offers no options'],
    ['M', withSession({ options: 0, state: 'starting' }), 'its agent is starting'],
    ['M', { session: null }, 'no session is open; c opens one'],
    ['M', { isConnected: false }, 'not connected to the host; it is tried again by itself'],
    ['S', withSession({ state: 'working' }), 'a turn runs; ^C ends it'],
    ['S', withSession({ state: 'waiting for you' }), 'a turn runs; ^C ends it'],
    ['S', withSession({ state: 'starting' }), 'the agent is starting'],
    ['S', withSession({ isExternal: true }), 'another program drives this session'],
    ['S', withSession({ state: 'ended' }), 'this session has ended'],
    ['w', withSession({}), 'its agent runs'],
    ['w', withSession({ state: 'starting' }), 'it is starting'],
    ['!', withSession({ changedServers: 0 }), 'no server of this session has changed'],
    ['!', withSession({ state: 'working' }), 'a turn runs; ^C ends it'],
    ['!', { session: null }, 'no session is open; c opens one'],
    ['u', withSession({ queued: 0 }), 'no prompt waits'],
    ['W', {}, 'nothing waits'],
    ['E', withSession({ hasPrompt: false }), 'nothing was asked yet'],
    ['i', { hasFirstRun: true }, 'open a session first; its first prompt is step 4'],
  ])('%s beside a conversation says why it does nothing: %j', (key, change, reason) => {
    expect(toMeaning(key, situation(conversation, change))).toMatchObject({ kind: 'disabled', reason });
  });

  const withPanes = (change: Partial<PaneSituation>): Partial<Situation> => ({
    places: { ...paneSituation, ...change },
  });
  it.each<[string, Partial<Situation>, string]>([
    ['space', withPanes({ panes: 0 }), 'no server pane is open'],
    ['=', withPanes({ panes: 0 }), 'no server pane is open'],
    ['ctrl-left', withPanes({ panes: 0 }), 'no server pane is open'],
    ['alt-up', withPanes({ isZoomed: true }), 'one part has the whole screen; z gives it back'],
    ['{', withPanes({ focused: null }), 'no server pane has the focus'],
    ['}', withPanes({ panes: 1 }), 'there is no other pane'],
    ['}', withPanes({ isZoomed: true }), 'one part has the whole screen; z gives it back'],
    ['%', withPanes({ panes: 1 }), 'there is no other pane'],
    ['"', withPanes({ focused: null }), 'no server pane has the focus'],
    ['h', withPanes({ focused: null }), 'no server pane has the focus'],
    ['P', withPanes({ panes: 0, focused: null }), 'no server pane is open'],
    ['H', withPanes({ panes: 0, hidden: 0 }), 'no server pane is open'],
    ['A', withPanes({ others: 0 }), 'no other server is registered'],
    ['A', withPanes({ isWorkspace: false }), 'only in the workspace; 1 goes there'],
  ])('%s after the prefix says why it does nothing: %j', (key, change, reason) => {
    expect(toMeaning(key, situation(['prefix'], change))).toMatchObject({ kind: 'disabled', reason });
  });

  const agents: readonly Scope[] = ['agents', 'global', 'always'];
  it.each<[string, string | null, string]>([
    ['l', 'not installed', 'it is not installed; I installs it'],
    ['l', 'disabled', 'it is disabled; e enables it'],
    ['l', null, 'no agent is selected'],
    ['I', 'ready', 'it is installed'],
    ['I', 'not installed by a package', 'signalbox knows no package of it; its details say where it comes from'],
    ['l', 'not installed by a package', 'it is not installed; its details say where it comes from'],
    ['e', null, 'no agent is selected'],
    ['D', null, 'no agent is selected'],
  ])('%s beside an agent that is %s says why it does nothing', (key, availability, reason) => {
    const isInstallable = availability !== 'not installed by a package';
    const agent =
      availability === null ? null : { availability: availability.replace(' by a package', ''), isInstallable };
    expect(toMeaning(key, situation(agents, { agent }))).toMatchObject({ kind: 'disabled', reason });
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

  it.each([
    [false, 'approve'],
    [true, 'approve, typing the id'],
  ])('says what approving will ask for (production: %s)', (isProduction, label) => {
    const hints = toHints(situation(card, withCard({ isProduction })), 'ctrl-b');
    expect(hints.find(({ action }) => action === 'approve')?.label).toBe(label);
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
