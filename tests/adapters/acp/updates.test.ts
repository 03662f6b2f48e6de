/** Every kind of update of the protocol in our words, and anything at all without an exception. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAgentUpdates, toModes } from '../../../src/adapters/acp/updates.ts';
import { limits } from '../../../src/core/limits.ts';

const text = (value: string): object => ({ type: 'text', text: value });

describe('an update', () => {
  const cases: readonly [string, object, readonly object[]][] = [
    ['agent_message_chunk', { content: text('hi') }, [{ kind: 'message', text: 'hi' }]],
    ['agent_thought_chunk', { content: text('hm') }, [{ kind: 'thought', text: 'hm' }]],
    ['user_message_chunk', { content: text('do it') }, [{ kind: 'user-echo', text: 'do it' }]],
    [
      'agent_message_chunk',
      { content: { type: 'resource_link', uri: 'file:///x' } },
      [{ kind: 'message', text: '[file:///x]' }],
    ],
    ['agent_message_chunk', { content: { type: 'image', data: '…' } }, [{ kind: 'message', text: '[image]' }]],
    [
      'tool_call',
      { toolCallId: '1', title: 'ls', kind: 'execute', status: 'pending', rawInput: { server: 'web-1' } },
      [
        {
          kind: 'tool-call',
          id: '1',
          title: 'ls',
          toolKind: 'execute',
          status: 'pending',
          detail: '{"server":"web-1"}',
        },
      ],
    ],
    [
      'tool_call_update',
      { toolCallId: '1', status: 'completed' },
      [{ kind: 'tool-call', id: '1', status: 'completed' }],
    ],
    ['tool_call_update', { toolCallId: '1', title: null, status: 'dancing' }, [{ kind: 'tool-call', id: '1' }]],
    [
      'tool_call_update',
      {
        toolCallId: '1',
        content: [
          { type: 'content', content: text('out') },
          { type: 'terminal', terminalId: 'foreign-7' },
        ],
      },
      [{ kind: 'tool-call', id: '1', detail: 'out\nterminal foreign-7' }],
    ],
    [
      'tool_call_update',
      { toolCallId: '1', content: [{ type: 'diff', path: '/a', oldText: null, newText: 'b' }] },
      [{ kind: 'tool-call', id: '1', diff: { path: '/a', before: null, after: 'b' } }],
    ],
    [
      'plan',
      {
        entries: [
          { content: 'look', status: 'completed' },
          { content: 'act', status: 'soon' },
        ],
      },
      [
        {
          kind: 'plan',
          entries: [
            { text: 'look', status: 'completed' },
            { text: 'act', status: 'pending' },
          ],
        },
      ],
    ],
    [
      'available_commands_update',
      { availableCommands: [{ name: 'init', description: 'Begin' }] },
      [{ kind: 'commands', commands: [{ name: 'init', description: 'Begin' }] }],
    ],
    ['current_mode_update', { currentModeId: 'code' }, [{ kind: 'mode', modeId: 'code' }]],
    ['session_info_update', { title: 'Disks' }, [{ kind: 'title', title: 'Disks' }]],
    [
      'usage_update',
      { used: 10, size: 100, cost: { amount: 0.5, currency: 'USD' } },
      [{ kind: 'usage', used: 10, size: 100, cost: '0.5 USD' }],
    ],
    ['usage_update', { used: 10, size: 100 }, [{ kind: 'usage', used: 10, size: 100, cost: null }]],
    ['notice', { severity: 'error', title: 'Slow', description: 'wait' }, [{ kind: 'notice', text: 'Slow: wait' }]],
    ['config_option_update', { configOptions: [] }, []],
    ['agent_message_chunk', {}, []],
    ['session_info_update', { title: null }, []],
    ['usage_update', { used: 'many' }, []],
    ['tool_call', { title: 'no id' }, [{ kind: 'notice', text: expect.stringContaining('without an id') }]],
    ['dance', {}, [{ kind: 'notice', text: expect.stringContaining('dance') }]],
  ];

  it.each(cases)('%s %j is understood', (sessionUpdate, fields, expected) => {
    expect(toAgentUpdates({ sessionUpdate, ...fields })).toEqual(expected);
  });

  it('of any shape is no exception and no text above the bound', () => {
    const kinds = fc.constantFrom(...cases.map(([kind]) => kind));
    fc.assert(
      fc.property(kinds, fc.object({ maxDepth: 4 }), fc.anything(), (sessionUpdate, fields, content) => {
        const [first] = toAgentUpdates({ ...fields, content, entries: content, sessionUpdate });
        if (first && 'text' in first) expect(first.text.length).toBeLessThan(limits.agentTextCharactersMax + 100);
      }),
    );
    expect(toAgentUpdates(null)).toHaveLength(1);
  });
});

describe('modes of a new session', () => {
  it('are named, with the current one', () => {
    const modes = { currentModeId: 'a', availableModes: [{ id: 'a', name: 'Ask' }, { id: 'b' }, { name: 'no id' }] };
    expect(toModes(modes)).toEqual({
      kind: 'modes',
      current: 'a',
      modes: [
        { id: 'a', name: 'Ask' },
        { id: 'b', name: 'b' },
      ],
    });
  });

  it.each([null, undefined, 7, {}, { currentModeId: 'a' }, { availableModes: [{ id: 'a' }] }])(
    'in %j are none',
    (value) => {
      expect(toModes(value)).toBeNull();
    },
  );
});
