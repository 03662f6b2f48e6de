/** What a conversation says of its items, as tables: item in, lines out, folded and in full. */
import { describe, expect, it } from 'vitest';
import { toCodeLines } from '../../../src/tui/present/code-colours.ts';
import {
  layOutItem,
  toDefaultFold,
  toEmptyConversation,
  toItemLines,
  toOlderLines,
  toPlanLines,
} from '../../../src/tui/present/conversation.ts';
import { type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { toTailLines } from '../../../src/tui/present/session-state.ts';
import { toText } from '../../../src/tui/present/text.ts';
import { toCallWait } from '../../../src/tui/present/tool-item.ts';
import { makeSession, makeText, makeTool } from '../../fixtures/fake-host.ts';

const page: Page = { columns: 60, nowMs: 10_000, glyphs: unicodeGlyphs };

const asked = { tool: 'remote_exec', server: 'web-1', summary: 'df -h' };
const facts = [
  ...['status: ok', 'tool: remote_exec', 'server: web-1', 'execution: attempted true, exitCode 0'],
  ...[
    'policy: decision auto-allow, rule x',
    'audit: id A1-known, logWritten true',
    'data: {"encoding":"utf-8","redacted":0}',
  ],
].join('\n');

it('says in a narrow pane, too, all of what can be done without a session', () => {
  expect(toEmptyConversation(null, { ...page, columns: 30 }).map(toText)).toEqual([
    'No session is open.',
    '',
    'c  opens one: choose an agent',
    '   and the servers it may use.',
    '6  lists the sessions that',
    '   run.',
  ]);
});

describe('a conversation', () => {
  it.each([
    ['a question', makeText(1, 'user', 'hello\nthere'), ['❯ hello', '  there']],
    ['a notice', makeText(1, 'notice', 'The agent was restarted.'), ['▲ The agent was restarted.']],
    ['a call that runs', makeTool(1, { status: 'in_progress', title: 'df -h' }), [`● df -h${' '.repeat(46)}running`]],
    [
      'a call that failed',
      makeTool(1, { status: 'failed', title: 'df', detail: 'exit 1' }),
      [`✗ df${' '.repeat(50)}failed`, '  ▎ exit 1'],
    ],
    [
      'a call that was denied',
      makeTool(1, { status: 'failed', title: 'df', detail: 'status: error\ncode: APPROVAL_DENIED' }),
      [`✗ df${' '.repeat(50)}denied`, '  ▎ status: error', '  ▎ code: APPROVAL_DENIED'],
    ],
    [
      'a call that was cancelled with its turn',
      makeTool(1, { status: 'failed', title: 'df', detail: 'exit code: 143', isCancelled: true }),
      [`✗ df${' '.repeat(40)}cancelled by you`, '  ▎ exit code: 143'],
    ],
    [
      'a call that was withdrawn',
      makeTool(1, { status: 'failed', title: 'df', detail: 'CANCELLED: The request was withdrawn.' }),
      [`✗ df${' '.repeat(47)}cancelled`, '  ▎ CANCELLED: The request was withdrawn.'],
    ],
    [
      'a call of our tool that waits: what it asks for, not its input',
      makeTool(1, { status: 'in_progress', title: 'remote_exec', detail: '{"server":"web-1"}', asked }),
      [`● df -h${' '.repeat(40)}web-1 running`],
    ],
    [
      'the answer of our tool: what it found, not the facts about it',
      makeTool(1, { title: 'remote_exec', detail: `${facts}\n--- stdout\n/dev/sda 7%\n---\n--- stderr: empty`, asked }),
      [`✓ df -h${' '.repeat(43)}web-1 done`, '  ▎ /dev/sda 7%'],
    ],
    [
      'a command that the operator changed',
      makeTool(1, {
        detail: `edited by the operator; this ran instead: df\n${facts}`.replace(/^(.*)\n(.*)/, '$2\n$1'),
        asked,
      }),
      [
        `✓ df  asked as df -h${' '.repeat(12)}web-1 done as you changed it`,
        '  ▎ edited by the operator; this ran instead: df',
      ],
    ],
    [
      'a command that ended with a status',
      makeTool(1, {
        detail: `${facts.replace('exitCode 0', 'exitCode 2')}\n--- stdout: empty\n--- stderr\nno\n---`,
        asked,
      }),
      [`✗ df -h${' '.repeat(41)}web-1 exit 2`, '  ▎ stderr:', '  ▎ no'],
    ],
    ['a call without a title', makeTool(1, { title: '', toolKind: 'execute' }), [`✓ execute${' '.repeat(47)}done`]],
  ])('%s', (_title, item, expected) => {
    expect(toItemLines(item, page, 'shown').map(toText)).toEqual(expected);
  });

  it.each([
    ['a thought', makeText(1, 'thought', 'first\nsecond'), '▸ thought · first second'],
    ['a message', makeText(1, 'agent', 'first\nsecond'), 'first ▸ 1 more'],
    ['a message of one line', makeText(1, 'agent', 'first'), 'first'],
    ['a call that says nothing', makeTool(1, { title: 'df' }), `✓ df${' '.repeat(52)}done`],
    ['a call that says much', makeTool(1, { title: 'df', detail: 'a\nb\nc' }), `✓ df${' '.repeat(42)}▸ 3 lines done`],
    [
      'a call that changes a file',
      makeTool(1, { title: 'Edit', diffs: [{ path: '/a', diff: '--- a\n+++ b\n@@ -1 +1,2 @@\n-a\n+b\n+c\n' }] }),
      `✓ Edit${' '.repeat(42)}▸ +2 -1 done`,
    ],
  ])('folds %s to one line', (_title, item, expected) => {
    expect(toItemLines(item, page, 'folded').map(toText)).toEqual([expected]);
  });

  it.each([
    [makeText(1, 'thought', ''), 'folded', 'folded'],
    [makeText(1, 'thought', ''), 'shown', 'shown'],
    [makeText(1, 'agent', ''), 'folded', 'shown'],
    [makeTool(1, { status: 'completed' }), 'shown', 'folded'],
    [makeTool(1, { status: 'in_progress' }), 'folded', 'shown'],
    [makeTool(1, { status: 'failed' }), 'folded', 'shown'],
  ] as const)('%j with thoughts %s is %s at first', (item, thoughts, expected) => {
    expect(toDefaultFold(item, thoughts)).toBe(expected);
  });

  it('colours a difference in the language of its file, its marks in a gutter', () => {
    const diff = '@@ -1,2 +1,2 @@\n a: 1\n-b: x\n+b: y\n';
    const item = makeTool(1, { title: 'Edit', detail: '', diffs: [{ path: '/etc/a.yaml', diff }] });
    const { lines } = layOutItem(item, page, { fold: 'whole', toColours: toCodeLines });
    expect(lines.slice(2).map(toText)).toEqual(['  ▎ @@ -1,2 +1,2 @@', '  ▎  a: 1', '  ▎ -b: x', '  ▎ +b: y']);
    expect(lines.at(-1)?.slice(1)).toEqual([
      { text: '+', token: 'diffAdd', bold: true },
      { text: 'b:', token: 'codeName', under: 'diffAdd' },
      { text: ' ', token: 'code', under: 'diffAdd' },
      { text: 'y', token: 'codeString', under: 'diffAdd' },
    ]);
  });

  it.each([
    [1, 1, 'waits for you'],
    [2, 2, 'waits for you'],
    [1, 2, 'waits for you'],
    [2, 1, 'running'],
    [1, 0, 'running'],
  ])('of %i calls with %i cards each one %s', (calls, cards, word) => {
    const items = Array.from({ length: calls }, (_, index) => makeTool(index + 1, { status: 'in_progress' }));
    const wait = toCallWait(makeSession('S1', { items: [...items, makeTool(9)] }), cards);
    for (const item of items) expect(toText(toItemLines(item, page, 'shown', wait)[0] ?? [])).toMatch(`${word}`);
    expect(toText(toItemLines(makeTool(9), page, 'shown', wait)[0] ?? [])).toMatch(/done$/);
  });

  it.each([
    [1, 'more', []],
    [9, 'none', []],
    [2, 'more', ['… reading from the transcript, up to 1 older item', '']],
    [1_201, 'reading', ['… reading from the transcript, up to 1200 older items', '']],
    [3, 'failed', ['… 2 older items could not be read from the transcript; g', '  tries again.', '']],
    [2, 'full', ['… 1 older item is in the transcript only; X writes the whole', '  conversation to a file.', '']],
  ] as const)('that begins with item %i, of which there is %s, says what is above it', (id, state, expected) => {
    const items = [makeText(id, 'agent', 'words')];
    expect(toOlderLines(makeSession('S1', { items }), page, state).map(toText)).toEqual(expected);
  });

  it('keeps one line of a plan that is done', () => {
    const plan = [{ text: 'one', status: 'completed' } as const, { text: 'two', status: 'completed' } as const];
    expect(toPlanLines(plan, page, 5).map(toText)).toEqual(['✓ Plan 2 of 2 done']);
  });

  it('says how much of a long detail is elsewhere', () => {
    const lines = toItemLines(
      makeTool(1, { detail: Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\n') }),
      page,
      'shown',
    );
    expect(lines.map(toText).join('\n')).toContain('14 more lines');
  });

  it('shows the part of a long plan that is worked on', () => {
    const plan = Array.from(
      { length: 20 },
      (_, step) => ({ text: `step ${step}`, status: step < 12 ? 'completed' : 'pending' }) as const,
    );
    const lines = toPlanLines(plan, page, 5).map(toText);
    expect(lines[0]).toBe('Plan 12 of 20 done');
    expect(lines).toContain('○ step 12');
    expect(lines).toHaveLength(5);
  });

  it.each([
    [{ state: 'waiting for you' } as const, 'waiting for your answer'],
    [{ state: 'failed', problem: 'The agent ended.' } as const, 'The agent ended.'],
    [{ queuedPrompts: ['and then this'] }, 'queued · and then this'],
  ])('ends with what happens: %j', (fields, text) => {
    expect(toTailLines(makeSession('S1', fields), page).map(toText).join('\n')).toContain(text);
  });
});
