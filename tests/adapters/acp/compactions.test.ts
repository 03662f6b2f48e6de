/** How an agent shortens its memory: every order of pieces and outcomes becomes sentences, each once. */
import { describe, expect, it } from 'vitest';
import { Compactions } from '../../../src/adapters/acp/compactions.ts';
import { limits } from '../../../src/core/limits.ts';

const chunk = (text: string, compactionId = 'c1'): Record<string, unknown> => ({
  sessionUpdate: 'compaction_summary_chunk',
  compactionId,
  content: { type: 'text', text },
});
const update = (fields: object): Record<string, unknown> => ({
  sessionUpdate: 'compaction_update',
  compactionId: 'c1',
  ...fields,
});
const begun = 'The agent shortens its memory of this conversation.';
const done = 'The agent has shortened its memory of this conversation';

describe('a compaction', () => {
  const cases: readonly [string, readonly Record<string, unknown>[], readonly object[]][] = [
    [
      'with its summary in pieces',
      [update({ status: 'in_progress' }), chunk('one '), chunk('two'), update({ status: 'completed' })],
      [{ text: begun }, { text: `${done}; it remembers:\none two` }],
    ],
    [
      'that begins with a piece',
      [chunk('a'), update({ status: 'completed' })],
      [{ text: begun }, { text: `${done}; it remembers:\na` }],
    ],
    [
      'whose summary is replaced',
      [chunk('draft'), update({ status: 'completed', summary: [{ type: 'text', text: 'final' }, { type: 'image' }] })],
      [{ text: begun }, { text: `${done}; it remembers:\nfinal[image]` }],
    ],
    [
      'whose summary is cleared',
      [chunk('x'), update({ status: 'completed', summary: null })],
      [{ text: begun }, { text: `${done}.` }],
    ],
    [
      'that fails',
      [update({ status: 'failed', error: 'no room' })],
      [{ level: 'error', text: 'The agent could not shorten its memory: no room' }],
    ],
    [
      'that fails in silence',
      [update({ status: 'failed' })],
      [{ level: 'error', text: 'The agent could not shorten its memory' }],
    ],
    [
      'that is cancelled',
      [update({ status: 'in_progress' }), update({ status: 'cancelled' })],
      [{ text: begun }, { text: 'The agent stopped shortening its memory of this conversation.' }],
    ],
    [
      'that says the same again',
      [update({ status: 'completed' }), update({ status: 'completed' })],
      [{ text: `${done}.` }],
    ],
    [
      'of an unknown kind',
      [update({ status: 'resting' })],
      [{ text: 'The agent shortens its memory of this conversation: resting.' }],
    ],
    [
      'without fields',
      [{ sessionUpdate: 'compaction_update' }, { sessionUpdate: 'compaction_summary_chunk' }],
      [{ text: begun }],
    ],
    [
      'two at once',
      [chunk('a'), chunk('b', 'c2'), update({ status: 'completed' })],
      [{ text: begun }, { text: begun }, { text: `${done}; it remembers:\na` }],
    ],
  ];

  it.each(cases)('%s is told once a step', (_what, updates, expected) => {
    const compactions = new Compactions();
    expect(updates.flatMap((one) => compactions.note(one))).toEqual(
      expected.map((fields) => ({ kind: 'notice', ...fields })),
    );
  });

  it('with an endless summary is cut, and an endless number of them is forgotten', () => {
    const compactions = new Compactions();
    const piece = 'x'.repeat(limits.agentTextCharactersMax);
    for (let count = 0; count < 5; count += 1) compactions.note(chunk(piece));
    const [told] = compactions.note(update({ status: 'completed' }));
    expect(told?.text.length).toBeLessThan(limits.agentTextCharactersMax + 100);
    expect(told?.text).toMatch(/signalbox left out \d+ more characters/);
    for (let count = 0; count < 100; count += 1) compactions.note(chunk('y', `other-${count}`));
    // It is not known any more, so it begins anew.
    expect(compactions.note(update({ status: 'in_progress' }))).toHaveLength(1);
  });
});
