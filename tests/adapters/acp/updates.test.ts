/** Every kind of update of the protocol in our words, and anything at all without an exception. */

import { describe, expect, it } from 'vitest';
import { toAgentUpdates, toModes } from '../../../src/adapters/acp/updates.ts';
import { limits } from '../../../src/core/limits.ts';
import fc from '../../fixtures/properties.ts';

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
      [
        {
          kind: 'tool-call',
          id: '1',
          detail: 'out\nterminal foreign-7',
          terminals: [{ id: 'foreign-7', server: null, operation: null }],
        },
      ],
    ],
    [
      'tool_call_update',
      {
        toolCallId: '1',
        content: [
          { type: 'diff', path: '/a', oldText: null, newText: 'b' },
          { type: 'diff', path: '/c', oldText: 'd', newText: 'e' },
          { type: 'diff', path: '/no-text' },
        ],
      },
      [
        {
          kind: 'tool-call',
          id: '1',
          diffs: [
            { path: '/a', before: null, after: 'b' },
            { path: '/c', before: 'd', after: 'e' },
          ],
        },
      ],
    ],
    [
      'tool_call_update',
      { toolCallId: '1', locations: [{ path: '/a', line: 3 }, { path: '/b' }, { line: 4 }, { path: '/c', line: 'x' }] },
      [
        {
          kind: 'tool-call',
          id: '1',
          locations: [
            { path: '/a', line: 3 },
            { path: '/b', line: null },
            { path: '/c', line: null },
          ],
        },
      ],
    ],
    [
      'tool_call_update',
      { toolCallId: '1', rawInput: { a: 1 }, rawOutput: 'done' },
      [{ kind: 'tool-call', id: '1', detail: 'done' }],
    ],
    [
      'tool_call_update',
      { toolCallId: '1', rawInput: 'ls -l', rawOutput: {} },
      [{ kind: 'tool-call', id: '1', detail: 'ls -l' }],
    ],
    [
      'plan',
      {
        entries: [
          { content: 'look', status: 'completed', priority: 'high' },
          { content: 'act', status: 'soon', priority: 'vital' },
        ],
      },
      [
        {
          kind: 'plan',
          entries: [
            { text: 'look', status: 'completed', priority: 'high' },
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
    [
      'available_commands_update',
      { availableCommands: [{ name: 'web', description: 'Search', input: { hint: 'what for' } }, { input: null }] },
      [
        {
          kind: 'commands',
          commands: [
            { name: 'web', description: 'Search', hint: 'what for' },
            { name: '', description: '' },
          ],
        },
      ],
    ],
    ['current_mode_update', { currentModeId: 'code' }, [{ kind: 'mode', modeId: 'code' }]],
    ['session_info_update', { title: 'Disks' }, [{ kind: 'title', title: 'Disks' }]],
    [
      'usage_update',
      { used: 10, size: 100, cost: { amount: 0, currency: 'USD' } },
      [{ kind: 'usage', used: 10, size: 100, cost: null }],
    ],
    [
      'usage_update',
      { used: 10, size: 100, cost: { amount: 0.5, currency: 'USD' } },
      [{ kind: 'usage', used: 10, size: 100, cost: '0.5 USD' }],
    ],
    ['usage_update', { used: 10, size: 100 }, [{ kind: 'usage', used: 10, size: 100, cost: null }]],
    [
      'notice',
      { severity: 'error', title: 'Slow', description: 'wait' },
      [{ kind: 'notice', level: 'error', text: 'Slow: wait' }],
    ],
    ['notice', { severity: 'warning', title: 'Slow' }, [{ kind: 'notice', level: 'warn', text: 'Slow' }]],
    ['notice', { severity: 'grave', title: 'Slow' }, [{ kind: 'notice', text: 'Slow' }]],
    ['notice', { severity: 'info' }, []],
    [
      'agent_thought_chunk',
      { content: text('hm'), messageId: 'm1' },
      [{ kind: 'thought', text: 'hm', messageId: 'm1' }],
    ],
    ['config_option_update', { configOptions: [] }, [{ kind: 'options', options: [] }]],
    ['config_option_update', { configOptions: 'all' }, []],
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
