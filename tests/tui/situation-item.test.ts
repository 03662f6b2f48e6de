/** What can be done with the chosen item of a conversation: the refused table is longer than the allowed one. */
import { describe, expect, it } from 'vitest';
import type { ConversationItem } from '../../src/protocol/view.ts';
import type { ItemAction } from '../../src/tui/item-action.ts';
import { toItemSituation, whyNotItem } from '../../src/tui/situation-item.ts';
import { FakeHost, makeBlock, makeSession, makeText, makeTool } from '../fixtures/fake-host.ts';

function situationOf(item: ConversationItem | null) {
  const host = new FakeHost();
  host.emit(
    { type: 'session.added', session: makeSession('S1', { items: item ? [item] : [] }) },
    { type: 'block.added', server: 'web-1', block: makeBlock('A1-known') },
    { type: 'block.added', server: 'web-1', block: makeBlock('A3-early', { summary: 'uptime', startedAtMs: 1_000 }) },
    { type: 'block.added', server: 'web-1', block: makeBlock('A4-late', { summary: 'uptime', startedAtMs: 9_000 }) },
    { type: 'block.added', server: 'web-1', block: makeBlock('A5-other', { summary: 'who', session: 'S2' }) },
  );
  return toItemSituation(host.view, host.view.sessions['S1'] ?? null, item ? item.id : 7);
}

const known = 'status: ok\naudit: id A1-known, logWritten true, snapshotStatus none';
const diffs = [{ path: '/a', diff: '@@ -1 +1 @@\n-a\n+b\n' }];
const terminals = [{ id: 't', server: 'web-1', operation: 'A1-known' }];

const toTool = (fields: object): ConversationItem => makeTool(1, { title: 'look', ...fields });

describe('the chosen item', () => {
  it.each<[string, ItemAction, ConversationItem | null, string | null]>([
    ['nothing chosen', 'foldItem', null, 'choose an item first, with J or K'],
    ['nothing chosen', 'copyItem', null, 'choose an item first, with J or K'],
    ['nothing chosen', 'copyCode', null, 'choose an item first, with J or K'],
    ['nothing chosen', 'showBlock', null, 'choose an item first, with J or K'],
    ['nothing chosen', 'showRecord', null, 'choose an item first, with J or K'],
    ['words without code', 'copyCode', makeText(1, 'agent', 'use `ls`'), 'no block of code is in it'],
    ['a call without a difference', 'copyCode', toTool({ detail: '' }), 'this call shows no difference'],
    ['a message', 'showBlock', makeText(1, 'agent', known), 'only calls of tools have one'],
    ['a message', 'showRecord', makeText(1, 'agent', known), 'only calls of tools have one'],
    ['a thought', 'showRecord', makeText(1, 'thought', known), 'only calls of tools have one'],
    [
      'a call that names nothing',
      'showRecord',
      toTool({ detail: 'exit 0' }),
      'this call names no operation of signalbox; 3 shows the whole log',
    ],
    [
      'a terminal of the agent itself',
      'showBlock',
      toTool({ detail: '', terminals: [{ id: 't', server: null, operation: null }] }),
      'this call names no operation of signalbox; 3 shows the whole log',
    ],
    [
      'an operation that no pane has',
      'showBlock',
      toTool({ detail: 'audit: id A1-other, logWritten true' }),
      'the pane no longer has its block',
    ],
    ['nothing chosen', 'nextItem', null, null],
    ['nothing chosen', 'foldItems', null, null],
    ['words with code', 'copyCode', makeText(1, 'agent', 'a\n\n```sh\nls\n```'), null],
    ['a call that changes a file', 'copyCode', toTool({ diffs }), null],
    ['a call of a terminal', 'showBlock', toTool({ detail: '', terminals }), null],
    ['a call that shows our answer', 'showBlock', toTool({ detail: known }), null],
    ['a call that shows our answer', 'showRecord', toTool({ detail: known }), null],
    ['our answer in JSON', 'showRecord', toTool({ detail: '{"audit": {"id": "A1-known"}}' }), null],
    ['an operation that no pane has', 'showRecord', toTool({ detail: 'audit: id A1-other,' }), null],
  ])('%s: %s', (_what, action, item, reason) => {
    expect(whyNotItem(action, situationOf(item), true)).toBe(reason);
  });

  it.each([
    ['web-1: uptime', 2_000, 'A3-early'],
    ['web-1: uptime', 8_000, 'A4-late'],
    ['run uptime on web-1', 60_000, 'A4-late'],
    ['uptime', 2_000, null],
    ['web-2: uptime', 2_000, null],
    ['web-1: uptim', 2_000, null],
    ['web-1: who', 2_000, null],
    ['web-1: uptime', 3_600_000, null],
  ])('without our answer, "%s" at %i ms is the block %s', (title, atMs, operation) => {
    expect(situationOf({ ...makeTool(1, { title, detail: '' }), atMs })?.operation).toBe(operation);
  });

  it('is none without a session', () => {
    expect(whyNotItem('nextItem', null, false)).toBe('no session is open; c opens one');
  });
});
