/** What an agent shows of its tool calls, and how the conversation carries it: diffs, terminals, places, levels and messages with ids. */
import { describe, expect, it } from 'vitest';
import type { AgentUpdate } from '../../src/core/agents.ts';
import { Conversation } from '../../src/host/sessions/conversation.ts';
import { bounds } from '../../src/protocol/bounds.ts';
import type { HostEvent } from '../../src/protocol/events.ts';
import { itemCharacters } from '../../src/protocol/reduce-session.ts';
import type { ConversationItem } from '../../src/protocol/view.ts';

function hear(...updates: readonly AgentUpdate[]): readonly ConversationItem[] {
  const items = new Map<number, ConversationItem>();
  const publish = (event: HostEvent): void => {
    if (event.type === 'item.added' || event.type === 'item.replaced') items.set(event.item.id, event.item);
    if (event.type !== 'item.appended') return;
    const item = items.get(event.item);
    if (item && item.kind !== 'tool') items.set(event.item, { ...item, text: item.text + event.text });
  };
  const conversation = new Conversation({
    ...{ session: 's1', lastId: 0, nowMs: () => 0, publish, onCompleted: () => undefined },
  });
  for (const update of updates) conversation.handleUpdate(update);
  return [...items.values()];
}

const call = (fields: object): AgentUpdate => ({ kind: 'tool-call', id: 't1', ...fields });

describe('a tool call', () => {
  it('carries its diffs as unified diffs, its terminals with their command, and its places', () => {
    const terminal = { id: 'terminal-1', server: 'web-1', operation: 'op-7' };
    const [item] = hear(
      call({
        title: 'Edit',
        diffs: [
          { path: '/etc/a', before: 'x\n', after: 'y\n' },
          { path: '/etc/b', before: null, after: 'new\n' },
        ],
        terminals: [terminal],
        locations: [{ path: '/etc/a', line: 1 }],
      }),
      call({ status: 'completed' }),
    );
    expect(item).toMatchObject({
      ...{ kind: 'tool', title: 'Edit', status: 'completed', detail: 'changes /etc/a' },
      diffs: [
        { path: '/etc/a', diff: expect.stringContaining('-x\n+y\n') },
        { path: '/etc/b', diff: expect.stringContaining('--- /dev/null\n') },
      ],
      terminals: [terminal],
      locations: [{ path: '/etc/a', line: 1 }],
    });
  });

  it('that shows something else than before shows only that', () => {
    const [item] = hear(
      call({ diffs: [{ path: '/a', before: '1', after: '2' }] }),
      call({ diffs: [{ path: '/b', before: '1', after: '2' }] }),
    );
    expect(item).toMatchObject({ diffs: [{ path: '/b' }] });
    expect((item as { readonly diffs?: unknown } | undefined)?.diffs).toHaveLength(1);
  });

  it('stays within the bound of an item, with its words rather than its diffs', () => {
    const huge = { path: '/a', before: 'x\n'.repeat(40_000), after: 'y\n'.repeat(40_000) };
    expect(hear(call({ diffs: [huge] }))).toMatchObject([{ diffs: [{ path: '/a', diff: null }] }]);
    const many = Array.from({ length: 500 }, (_, at) => ({ path: `/f${at}`, before: null, after: 'z'.repeat(1_000) }));
    const [item] = hear(call({ detail: 'words', diffs: many }));
    expect((item as { readonly diffs?: unknown } | undefined)?.diffs).toHaveLength(bounds.toolPartsMax);
    expect(item && itemCharacters(item)).toBeGreaterThan(bounds.itemCharactersMax);
  });

  it('without any of it has none of it', () => {
    const [item] = hear(call({ title: 'ls' }));
    expect(Object.keys(item ?? {})).not.toContain('diffs');
  });
});

describe('what an agent says', () => {
  it('is one item a message where it gives ids, and one until something else comes where it does not', () => {
    const say = (text: string, messageId?: string): AgentUpdate => ({
      ...{ kind: 'message', text },
      ...(messageId === undefined ? {} : { messageId }),
    });
    const texts = hear(say('a', 'm1'), say('b', 'm1'), say('c', 'm2'), say('d'), say('e', 'm2')).map((item) =>
      item.kind === 'tool' ? '' : item.text,
    );
    expect(texts).toEqual(['ab', 'cde']);
  });

  it('keeps the level of a notice', () => {
    const notices = hear({ kind: 'notice', text: 'slow', level: 'warn' }, { kind: 'notice', text: 'hello' });
    expect(notices).toEqual([
      { id: 1, kind: 'notice', text: 'slow', atMs: 0, level: 'warn' },
      { id: 2, kind: 'notice', text: 'hello', atMs: 0 },
    ]);
  });
});
