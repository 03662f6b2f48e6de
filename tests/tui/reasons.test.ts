/** The table of keys as a whole: every action is done by somebody, and one that cannot be done now says why in words that fit the hint line. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/tui/keymap.ts';
import { bindings } from '../../src/tui/keymap-table.ts';
import { type Situation, whyNot } from '../../src/tui/situation.ts';
import { readCard, toSituation } from '../fixtures/situation.ts';

const folder = fileURLToPath(new URL('../../src/tui', import.meta.url));
const actions: readonly Action[] = [...new Set(bindings.map(({ action }) => action))].sort();

/** Files that say what actions do; the table and its reasons only name them. */
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !/^(keymap|situation)/.test(path))
  .map((path) => readFileSync(join(folder, path), 'utf8'))
  .join('\n');

/** What is missing, one thing at a time, and the actions that must say so. */
const lacks: readonly (readonly [string, Partial<Situation>, readonly Action[]])[] = [
  [
    'the host is lost',
    { isConnected: false, promptProblem: 'not connected to the host', agent: null },
    [
      ...(['approve', 'makeRule', 'send', 'startAgent', 'newSession', 'killSession', 'renameSession'] as const),
      ...(['rollBack', 'rollBackAll', 'verifyChain', 'reloadServers', 'probeAgent', 'acknowledge'] as const),
      ...(['storeImage', 'saveEdit', 'showChanges'] as const),
    ],
  ],
  [
    'no session is there',
    { session: null, hasSession: false, sessions: 0, promptProblem: 'no session is open' },
    [
      ...(['send', 'chooseMode', 'chooseOption', 'switchAgent', 'startAgent', 'showQueue', 'editLast'] as const),
      ...(['killSession', 'renameSession', 'showChanges', 'nextSession', 'previousSession', 'attach'] as const),
    ],
  ],
  [
    'no card waits',
    { card: null, waiting: 0 },
    [
      ...(['approve', 'deny', 'denyWithReason', 'edit', 'approveForSession', 'mark', 'makeRule', 'explain'] as const),
      ...(['goToCard', 'nextCard', 'previousCard', 'fillIn', 'declineForm', 'cancelForm', 'copyLink'] as const),
    ],
  ],
  [
    'a card has just appeared',
    { card: { ...readCard, isDeaf: true } },
    ['approve', 'deny', 'denyWithReason', 'edit', 'approveForSession', 'mark', 'approveMarked', 'makeRule', 'fillIn'],
  ],
  ['no agent is chosen', { agent: null }, ['loginAgent', 'installAgent', 'toggleAgent', 'removeAgent']],
  ['no server is chosen', { server: null }, ['testServer', 'trustKey']],
  ['nothing was searched for', { hasSearch: false }, ['searchNext', 'searchPrevious']],
  ['nothing was done', { undo: null, call: null }, ['undo', 'cancelCall']],
  [
    'nothing was written',
    { prompt: { prompts: 0, hasFold: false, canEditOutside: false } },
    ['searchHistory', 'unfoldPaste', 'editOutside'],
  ],
  [
    'nothing waits at all',
    { allWaiting: 0, openItems: 0, attachments: 0 },
    ['showWaiting', 'openItems', 'removeAttachment'],
  ],
];

describe('the table of keys', () => {
  it.each(actions)('%s is done by something', (action) => {
    expect(sources).toMatch(new RegExp(`'${action}'|\\b${action}(:|\\()`));
  });

  it.each(lacks)('when %s, gives the reason', (_name, change, expected) => {
    const situation = toSituation(['conversation', 'global', 'always'], change);
    const reasons = expected.map((action) => [action, whyNot(action, situation)] as const);
    expect(reasons.filter(([, reason]) => reason === null).map(([action]) => action)).toEqual([]);
  });

  it('gives reasons in words: short, without a full stop, and never an empty one', () => {
    for (const [, change] of lacks) {
      const situation = toSituation(['conversation', 'global', 'always'], change);
      for (const action of actions) {
        const reason = whyNot(action, situation);
        if (reason !== null) expect(reason, action).toMatch(/^.{8,110}(?<![.!])$/u);
      }
    }
  });

  it('has no reason against what is always possible', () => {
    const nothing = lacks.reduce((all, [, change]) => ({ ...all, ...change }), {});
    const situation = toSituation(['conversation', 'global', 'always'], nothing);
    const always: readonly Action[] = [
      'detach',
      'help',
      'palette',
      'viewWorkspace',
      'viewAudit',
      'focusNext',
      'leaveEditor',
    ];
    expect(always.map((action) => whyNot(action, situation))).toEqual(always.map(() => null));
  });
});
