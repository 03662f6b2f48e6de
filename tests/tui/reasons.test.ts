/** The table of keys as a whole: every action is done by somebody, and one that cannot be done now says why in words that fit the hint line. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AuditRowView } from '../../src/protocol/methods.ts';
import type { Action, Scope } from '../../src/tui/keymap.ts';
import { bindings } from '../../src/tui/keymap-table.ts';
import { type Situation, whyNot } from '../../src/tui/situation.ts';
import { toRecordSituation } from '../../src/tui/situation-record.ts';
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
  ['no connection is tried again', { retried: null }, ['retryConnection']],
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

it.each(['servers', 'agents', 'sessions'] as const)(
  'the keys for the next part say what turns the details of %s',
  (scope) => {
    const why = whyNot('focusNext', toSituation([scope, 'global', 'always'], {}));
    expect(why).toBe('the list has the keys; ^D and ^U turn the details');
    expect(whyNot('focusNext', toSituation(['conversation', 'global', 'always'], {}))).toBeNull();
  },
);

describe('keys of the audit log', () => {
  const row = { tool: 'remote_patch_file', outcome: 'ok', commit: 'c1' } as AuditRowView;
  const command = { ...row, tool: 'remote_exec', commit: null } as AuditRowView;
  const detail = { records: [], diff: null, diffNote: null };
  const keys = ['rollBack', 'fileHistory', 'toggleDiff', 'toggleBeside', 'nextHunk', 'open', 'playRecord'] as const;
  const dead = (record: ReturnType<typeof toRecordSituation>, scope: Scope = 'auditDetail'): readonly Action[] =>
    keys.filter((action) => whyNot(action, toSituation([scope, 'global', 'always'], { record })) !== null);

  it.each([
    ['a change', row, { ...detail, diff: '-a\n+b' }, ['open', 'playRecord']],
    ['a change whose diff was not kept', row, { ...detail, diffNote: 'It is too large.' }, ['open', 'playRecord']],
    [
      'a read of a file',
      { ...row, commit: null },
      detail,
      ['rollBack', 'toggleDiff', 'toggleBeside', 'nextHunk', 'open', 'playRecord'],
    ],
    ['a command that printed nothing', command, detail, [...keys]],
    ['a command', command, { ...detail, records: [{ recording: 'f' }] }, keys.slice(0, 5)],
    ['a command whose records are on their way', command, null, keys.slice(0, 5)],
    ['what runs', { ...command, outcome: 'running' }, null, []],
    ['nothing', null, null, []],
  ] as const)('of %s', (_name, of, records, expected) => {
    expect(dead(toRecordSituation(of, records))).toEqual(expected);
  });

  it('are dead for the chosen row of the list, too, and of no other place', () => {
    expect(dead(toRecordSituation(command, null), 'audit')).toEqual(keys.slice(0, 5));
    expect(dead(toRecordSituation(row, null), 'audit')).toEqual(['playRecord']);
    expect(dead(toRecordSituation(command, detail), 'servers')).toEqual([]);
  });
});
