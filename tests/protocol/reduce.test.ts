/** The law of the view: whatever a host publishes, a client that starts from any snapshot ends with the same view. */

import { describe, expect, it } from 'vitest';
import { ViewStore } from '../../src/host/view-store.ts';
import { bounds } from '../../src/protocol/bounds.ts';
import type { HostEvent } from '../../src/protocol/events.ts';
import { reduce, toEmptyView } from '../../src/protocol/reduce.ts';
import { utf8Bytes } from '../../src/protocol/reduce-pane.ts';
import { trimView } from '../../src/protocol/trim-view.ts';
import type { BlockView, ConversationItem, View } from '../../src/protocol/view.ts';
import fc from '../fixtures/properties.ts';
import { arbitraryEvent, block, card, item, session } from '../fixtures/view-events.ts';

const empty = toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false });

function play(events: readonly HostEvent[], view: View = empty): View {
  return events.reduce(reduce, view);
}

function blockOf(view: View): BlockView | undefined {
  return view.panes['web-1']?.blocks[0];
}

function output(text: string, skippedBytes = 0): HostEvent {
  return { type: 'block.output', server: 'web-1', block: 'b1', text, skippedBytes };
}

const begun: readonly HostEvent[] = [{ type: 'block.added', server: 'web-1', block: block('b1') }];

describe('a plan', () => {
  const withPlan = (...statuses: ('pending' | 'completed')[]): View =>
    play([
      { type: 'session.added', session: session('s1') },
      { type: 'session.changed', id: 's1', change: { plan: statuses.map((status) => ({ text: 'step', status })) } },
    ]);
  const prompt: HostEvent = {
    type: 'item.added',
    session: 's1',
    item: { id: 7, kind: 'user', text: 'go on', atMs: 0 },
  };

  it('that is done goes with the next prompt, and with nothing else', () => {
    const done = withPlan('completed', 'completed');
    const answer: HostEvent = {
      type: 'item.added',
      session: 's1',
      item: { id: 6, kind: 'agent', text: 'so', atMs: 0 },
    };
    expect(play([answer], done).sessions['s1']?.plan).toHaveLength(2);
    expect(play([answer, prompt], done).sessions['s1']?.plan).toEqual([]);
  });

  it('with an open step stays', () => {
    expect(play([prompt], withPlan('completed', 'pending')).sessions['s1']?.plan).toHaveLength(2);
  });
});

describe('reduce', () => {
  it('gives a client that attaches at any moment the view of the host', () => {
    fc.assert(
      fc.property(fc.array(arbitraryEvent, { maxLength: 60 }), fc.nat(60), (events, wanted) => {
        const at = Math.min(wanted, events.length);
        const store = new ViewStore(empty);
        let snapshot = JSON.stringify(store.view);
        let later: string[] = [];
        store.onPublished(({ seq, event }) => {
          if (seq > at) later.push(JSON.stringify(event));
        });
        for (const event of events) {
          store.publish(event);
          if (store.seq !== at) continue;
          snapshot = JSON.stringify(store.view);
          later = [];
        }
        const mirrored = later
          .map((line) => JSON.parse(line) as HostEvent)
          .reduce(reduce, JSON.parse(snapshot) as View);
        expect(JSON.stringify(mirrored)).toBe(JSON.stringify(store.view));
      }),
    );
  });

  it('never changes the view it was given', () => {
    fc.assert(
      fc.property(fc.array(arbitraryEvent, { maxLength: 30 }), arbitraryEvent, (events, last) => {
        const view = play(events);
        const before = JSON.stringify(view);
        reduce(view, last);
        expect(JSON.stringify(view)).toBe(before);
      }),
    );
  });

  it('shares what an event does not touch', () => {
    const view = play([...begun, { type: 'session.added', session: session('abcd') }]);
    const next = reduce(view, output('x'));
    expect(next.sessions).toBe(view.sessions);
    expect(next.panes).not.toBe(view.panes);
  });

  it.each<[string, HostEvent]>([
    ['a session that is not there', { type: 'session.changed', id: 'zzzz', change: { title: 'x' } }],
    ['the removal of a session that is not there', { type: 'session.removed', id: 'zzzz' }],
    ['an item of a session that is not there', { type: 'item.added', session: 'zzzz', item: item(1, 'x') }],
    ['text for an item that was dropped', { type: 'item.appended', session: 'abcd', item: 99, text: 'x' }],
    ['an item that was dropped', { type: 'item.replaced', session: 'abcd', item: item(99, 'x') }],
    ['a change of an unknown block', { type: 'block.changed', server: 'web-1', block: 'b9', change: { code: 'X' } }],
    ['a change on an unknown server', { type: 'block.changed', server: 'nope', block: 'b1', change: { code: 'X' } }],
    ['a session named like a property of every object', { type: 'session.removed', id: 'constructor' }],
    ['output for an unknown block', { type: 'block.output', server: 'web-1', block: 'b9', text: 'x', skippedBytes: 0 }],
    ['empty output', output('')],
    ['a card that is gone', { type: 'approval.removed', id: 'c9', end: 'expired' }],
    ['an open item that is gone', { type: 'openItem.removed', auditId: 'a9' }],
  ])('changes nothing for %s', (_title, event) => {
    const view = play([...begun, { type: 'session.added', session: session('abcd') }]);
    expect(reduce(view, event)).toStrictEqual(view);
  });

  it('shows a card once, however often it is added', () => {
    const added: HostEvent = { type: 'approval.added', card: card('c1') };
    expect(play([added, added]).approvals).toHaveLength(1);
  });
});

describe('output of a block', () => {
  it('is an unbroken tail, and every byte is in it or counted', () => {
    const chunk = fc.record({
      text: fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.repeat(3_000)),
      skippedBytes: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(5_000)),
    });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 12 }), (chunks) => {
        const view = play(
          chunks.map(({ text, skippedBytes }) => output(text, skippedBytes)),
          play(begun),
        );
        const shown = blockOf(view);
        const all = chunks.map(({ text }) => text).join('');
        const bytes = chunks.reduce((sum, { text, skippedBytes }) => sum + utf8Bytes(text) + skippedBytes, 0);
        expect(all.endsWith(shown?.text ?? '-')).toBe(true);
        expect(utf8Bytes(shown?.text ?? '') + (shown?.skippedBytes ?? 0)).toBe(bytes);
        expect(shown?.text.length).toBeLessThanOrEqual(bounds.blockTextCharactersMax);
      }),
      { numRuns: 40 },
    );
  });

  it('is cut after a line end, so that the tail begins with a whole line', () => {
    const line = `${'x'.repeat(99)}\n`;
    const view = play([output(line.repeat(Math.ceil(bounds.blockTextCharactersMax / 100) + 5))], play(begun));
    expect(blockOf(view)?.text.startsWith('x'.repeat(99))).toBe(true);
    expect((blockOf(view)?.text.length ?? 1) % 100).toBe(0);
  });

  it('of older blocks goes first when a pane is full', () => {
    const flood = 'x'.repeat(bounds.blockTextCharactersMax);
    const events = ['b1', 'b2', 'b3'].flatMap<HostEvent>((id) => [
      { type: 'block.added', server: 'web-1', block: block(id) },
      { type: 'block.output', server: 'web-1', block: id, text: flood, skippedBytes: 0 },
    ]);
    const lengths = play(events).panes['web-1']?.blocks.map(({ text }) => text.length);
    expect(lengths).toEqual([0, flood.length, flood.length]);
  });
});

describe('bounds', () => {
  it('keep the newest blocks of a pane', () => {
    const events = Array.from({ length: bounds.blocksPerPaneMax + 5 }, (_, index): HostEvent => {
      return { type: 'block.added', server: 'web-1', block: block(`b${index}`) };
    });
    const blocks = play(events).panes['web-1']?.blocks ?? [];
    expect(blocks).toHaveLength(bounds.blocksPerPaneMax);
    expect(blocks.at(-1)?.id).toBe(`b${bounds.blocksPerPaneMax + 4}`);
  });

  it('let the pane go that was quiet longest', () => {
    const events = Array.from({ length: bounds.panesMax + 1 }, (_, index): HostEvent => {
      return { type: 'block.added', server: `web-${index}`, block: block('b1') };
    });
    const busy: HostEvent = { type: 'block.added', server: 'web-0', block: block('b2') };
    const view = play([...events.slice(0, -1), busy, ...events.slice(-1)]);
    expect(Object.keys(view.panes)).toHaveLength(bounds.panesMax);
    expect(view.panes['web-0']).toBeDefined();
    expect(view.panes['web-1']).toBeUndefined();
  });

  it('keep the newest items of a conversation, by number and by size', () => {
    const many = Array.from({ length: bounds.conversationItemsMax + 3 }, (_, index) => item(index, 'x'));
    const large = Array.from({ length: 40 }, (_, index) => item(index, 'x'.repeat(bounds.itemCharactersMax)));
    const keep = (items: readonly ConversationItem[]): readonly ConversationItem[] =>
      play([
        { type: 'session.added', session: session('abcd') },
        ...items.map((one): HostEvent => ({ type: 'item.added', session: 'abcd', item: one })),
      ]).sessions.abcd?.items ?? [];
    expect(keep(many)).toHaveLength(bounds.conversationItemsMax);
    expect(keep(large)).toHaveLength(bounds.conversationCharactersMax / bounds.itemCharactersMax);
    expect(keep(large).at(-1)?.id).toBe(39);
  });

  it('keep an item that grows for ever at its size', () => {
    const grow: HostEvent = { type: 'item.appended', session: 'abcd', item: 1, text: 'x'.repeat(60_000) };
    const view = play([
      { type: 'session.added', session: session('abcd', { items: [item(1, '')] }) },
      ...[grow, grow, grow],
    ]);
    const [only] = view.sessions.abcd?.items ?? [];
    expect(only?.kind !== 'tool' && only?.text.length).toBe(bounds.itemCharactersMax);
  });
});

describe('trimView', () => {
  const large = play([
    ...begun,
    output('old\n'.repeat(5_000)),
    { type: 'block.added', server: 'web-1', block: block('b2') },
    { type: 'block.output', server: 'web-1', block: 'b2', text: 'new\n'.repeat(2_000), skippedBytes: 0 },
    { type: 'session.added', session: session('abcd', { items: [item(1, 'x'.repeat(9_000)), item(2, 'y')] }) },
  ]);

  it('leaves an ordinary view as it is', () => {
    expect(trimView(large)).toBe(large);
  });

  it('takes the oldest output and conversation until the rest fits', () => {
    const small = trimView(large, 8_500);
    const blocks = small.panes['web-1']?.blocks ?? [];
    expect(blocks[1]?.text).toBe('new\n'.repeat(2_000));
    expect(utf8Bytes(blocks[0]?.text ?? '') + (blocks[0]?.skippedBytes ?? 0)).toBe(20_000);
    expect(blocks[0]?.text.length).toBeLessThanOrEqual(500);
    expect(small.sessions.abcd?.items.map(({ id }) => id)).toEqual([2]);
  });
});
