/** What is remembered of tool calls: joined over updates, and bounded whatever an agent sends. */
import { describe, expect, it } from 'vitest';
import { ToolCallNotes } from '../../../src/adapters/acp/tool-call-notes.ts';
import { limits } from '../../../src/core/limits.ts';

describe('notes of tool calls', () => {
  it('join what several updates say of one call', () => {
    const notes = new ToolCallNotes();
    notes.note({ toolCallId: 'c', title: 'Write', rawInput: { path: '/a' }, _meta: { own: 1 } });
    notes.note({ toolCallId: 'c', title: null, status: 'pending', name: 'write' });
    expect(notes.get('c')).toEqual({
      title: 'Write',
      name: 'write',
      meta: { own: 1 },
      server: null,
      input: '{"path":"/a"}',
    });
    expect(notes.get('other')).toEqual({ title: null, name: null, meta: {}, server: null, input: null });
  });

  it.each([
    ['is kept', [{ rawInput: { server: 'signalbox', tool: 't' } }, { status: 'pending' }], 'signalbox'],
    ['goes with the input it was in', [{ rawInput: { server: 'signalbox' } }, { rawInput: { command: 'id' } }], null],
    ['goes with an input that is empty', [{ rawInput: { server: 'signalbox' } }, { rawInput: null }], null],
    ['is no name when it is no text', [{ rawInput: { server: ['signalbox'] } }], null],
    ['is no name when it is longer than any', [{ rawInput: { server: 'x'.repeat(5_000) } }], null],
  ])('have the server that an input names: it %s', (_what, updates, server) => {
    const notes = new ToolCallNotes();
    for (const update of updates) notes.note({ toolCallId: 'c', ...update });
    expect(notes.get('c').server).toBe(server);
  });

  it('keep nothing of an update but what a card needs', () => {
    const notes = new ToolCallNotes();
    notes.note({ toolCallId: 'c', content: ['x'.repeat(1_000_000)], rawOutput: { text: 'x'.repeat(1_000_000) } });
    expect(notes.characters).toBeLessThan(100);
  });

  it.each([
    ['many', limits.agentListEntriesMax * 3, 10],
    ['large', 100, 400_000],
    ['a huge', 1, 3 * limits.agentCallsCharactersMax],
  ])('are bounded with %s calls, and the newest is among them', (_title, count, size) => {
    const notes = new ToolCallNotes();
    for (let call = 0; call < count; call += 1) notes.note({ toolCallId: `c${call}`, rawInput: 'x'.repeat(size) });
    expect(notes.characters).toBeLessThanOrEqual(limits.agentCallsCharactersMax);
    expect(notes.get(`c${count - 1}`).input).not.toBeNull();
    if (count > 1) expect(notes.get('c0').input).toBeNull();
  });

  it('give back the room of a call that is told of again and again', () => {
    const notes = new ToolCallNotes();
    notes.note({ toolCallId: 'a', rawInput: 'first' });
    for (let turn = 0; turn < 1_000; turn += 1) notes.note({ toolCallId: 'b', rawInput: 'x'.repeat(10_000) });
    expect(notes.characters).toBeLessThan(11_000);
    expect(notes.get('a').input).toBe('"first"');
  });

  it('say how much of an input is missing', () => {
    const notes = new ToolCallNotes();
    notes.note({ toolCallId: 'c', rawInput: 'x'.repeat(limits.agentTextCharactersMax) });
    expect(notes.get('c').input).toMatch(/\[signalbox left out 2 more characters\]$/);
  });

  it('do not take a call for ours by metadata that is too large to keep', () => {
    const notes = new ToolCallNotes();
    notes.note({ toolCallId: 'c', _meta: { own: 'mcp', more: 'x'.repeat(5_000) } });
    expect(notes.get('c').meta).toEqual({});
  });

  it.each([[{}], [{ toolCallId: 7 }], [{ toolCallId: 'x'.repeat(5_000) }]])(
    'pass over %#, which names no call',
    (update) => {
      const notes = new ToolCallNotes();
      notes.note(update);
      expect(notes.characters).toBe(0);
    },
  );
});
