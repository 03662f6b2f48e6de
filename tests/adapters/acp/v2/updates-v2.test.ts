/** Every kind of update of version 2, as ours; and the end of a turn, whatever order the agent says it in. */
import { describe, expect, it } from 'vitest';
import { toAgentUpdates } from '../../../../src/adapters/acp/updates.ts';
import { TurnWatch } from '../../../../src/adapters/acp/v2/turn-watch.ts';
import { UpdatesV2 } from '../../../../src/adapters/acp/v2/updates-v2.ts';
import { limits } from '../../../../src/core/limits.ts';

const text = (words: string): object => ({ type: 'text', text: words });
const message = (kind: string, words: string): object => ({
  sessionUpdate: kind,
  messageId: 'm',
  content: text(words),
});
const whole = (kind: string, ...words: string[]): object => ({
  ...{ sessionUpdate: kind, messageId: 'm', content: words.map(text) },
});
const call = (fields: object): object => ({ sessionUpdate: 'tool_call_update', toolCallId: 'c', ...fields });
const piece = (content: object): object => ({ sessionUpdate: 'tool_call_content_chunk', toolCallId: 'c', content });
const shown = (words: string): object => ({ type: 'content', content: text(words) });
const terminal = (fields: object): object => ({ sessionUpdate: 'terminal_update', terminalId: 't', ...fields });
const output = (words: string): object => ({ data: Buffer.from(words).toString('base64') });

function told(updates: readonly unknown[]): readonly object[] {
  const translator = new UpdatesV2();
  return updates.flatMap((update) =>
    translator.translate(update as Record<string, unknown>).flatMap((one) => toAgentUpdates(one)),
  );
}

describe('an update of version 2', () => {
  const cases: readonly [string, readonly object[], readonly object[]][] = [
    ['a message in pieces', [message('agent_message_chunk', 'a')], [{ kind: 'message', text: 'a', messageId: 'm' }]],
    ['a thought', [message('agent_thought_chunk', 'a')], [{ kind: 'thought', text: 'a' }]],
    ['a whole thought', [whole('agent_thought', 'a', 'b')], [{ kind: 'thought', text: 'ab' }]],
    ['the prompt again', [whole('user_message', 'hi')], [{ kind: 'user-echo', text: 'hi' }]],
    [
      'a whole message after its pieces is said once',
      [message('agent_message_chunk', 'a'), message('agent_message_chunk', 'b'), whole('agent_message', 'abc')],
      [{ text: 'a' }, { text: 'b' }, { text: 'c', messageId: 'm' }],
    ],
    ['the same again', [message('agent_message_chunk', 'a'), whole('agent_message', 'a')], [{ text: 'a' }]],
    [
      'a message that is replaced is a new one',
      [message('agent_message_chunk', 'ab'), whole('agent_message', 'xb'), message('agent_message_chunk', 'c')],
      [{ text: 'ab' }, { text: 'xb', messageId: 'm (version 2)' }, { text: 'c', messageId: 'm (version 2)' }],
    ],
    ['a message without content', [{ sessionUpdate: 'agent_message', messageId: 'm' }], []],
    ['a state', [{ sessionUpdate: 'state_update', state: 'running' }], []],
    [
      'a tool call whose content grows',
      [call({ title: 'T', kind: 'read', status: 'in_progress' }), piece(shown('a')), piece(shown('b'))],
      [{ kind: 'tool-call', id: 'c', title: 'T', status: 'in_progress' }, { detail: 'a' }, { detail: 'a\nb' }],
    ],
    [
      'content that is replaced',
      [piece(shown('a')), call({ content: [shown('x')] }), piece(shown('y'))],
      [{ detail: 'a' }, { detail: 'x' }, { detail: 'x\ny' }],
    ],
    ['a paused call', [call({ status: 'paused' })], [{ status: 'in_progress' }]],
    ['a cancelled call', [call({ status: 'cancelled' })], [{ status: 'failed' }]],
    ['a status that was unset', [call({ status: null })], [{ status: 'pending' }]],
    [
      'a change with its patch',
      [
        call({
          content: [{ type: 'diff', changes: [{ operation: 'modify', path: '/a' }], patch: { text: '-x\n+y' } }],
        }),
      ],
      [{ detail: '-x\n+y', locations: [{ path: '/a', line: null }] }],
    ],
    [
      'a change without a patch',
      [piece({ type: 'diff', changes: [{ operation: 'move', oldPath: '/a', path: '/b' }] })],
      [{ detail: 'move /a /b' }],
    ],
    [
      'a terminal that a call shows',
      [call({ content: [{ type: 'terminal', terminalId: 't' }] })],
      [{ terminals: [{ id: 't', server: null }] }],
    ],
    [
      'a terminal of the agent’s own',
      [
        terminal({ command: 'make' }),
        { sessionUpdate: 'terminal_output_chunk', terminalId: 't', ...output('one\n') },
        terminal({ output: output('two\n') }),
        terminal({ exitStatus: { exitCode: 2 } }),
      ],
      [
        { id: 'terminal t', title: expect.stringContaining("agent's own terminal: make"), toolKind: 'execute' },
        { detail: 'one\n' },
        { detail: 'two\n' },
        { status: 'failed' },
      ],
    ],
    [
      'a character of a terminal in two pieces',
      [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)].map((bytes) => ({
        ...{ sessionUpdate: 'terminal_output_chunk', terminalId: 't', data: bytes.toString('base64') },
      })),
      [{ id: 'terminal t' }, { detail: 'é' }],
    ],
    ['a terminal that ended well', [terminal({ exitStatus: { exitCode: 0 } })], [{ status: 'completed' }]],
    [
      'a plan',
      [{ sessionUpdate: 'plan_update', plan: { type: 'items', entries: [{ content: 'x', status: 'completed' }] } }],
      [{ kind: 'plan', entries: [{ text: 'x', status: 'completed' }] }],
    ],
    [
      'a plan of another kind is named',
      [{ sessionUpdate: 'plan_update', plan: { type: 'graph' } }],
      [{ kind: 'notice', text: expect.stringContaining('plan_update of type graph') }],
    ],
    [
      'options',
      [
        {
          sessionUpdate: 'config_option_update',
          configOptions: [{ configId: 'b', type: 'boolean', currentValue: true }],
        },
      ],
      [{ kind: 'options', options: [{ id: 'b', value: true }] }],
    ],
    [
      'commands',
      [{ sessionUpdate: 'available_commands_update', availableCommands: [{ type: 'command', name: 'x' }] }],
      [{ kind: 'commands', commands: [{ name: 'x' }] }],
    ],
    ['a title', [{ sessionUpdate: 'session_info_update', title: 'T' }], [{ kind: 'title', title: 'T' }]],
    ['usage', [{ sessionUpdate: 'usage_update', used: 1, size: 2 }], [{ kind: 'usage', used: 1, size: 2 }]],
    ['a notice', [{ sessionUpdate: 'notice', severity: 'error', title: 'Oh' }], [{ kind: 'notice', level: 'error' }]],
    ['an unknown kind', [{ sessionUpdate: 'tea' }], [{ kind: 'notice', text: expect.stringContaining('tea') }]],
    ['one without a kind', [{}], [{ kind: 'notice' }]],
    ['a call without an id', [{ ...piece(shown('a')), toolCallId: 7 }], [{ kind: 'notice' }]],
    ['a terminal without an id', [{ ...terminal({ command: 'x' }), terminalId: null }], []],
  ];
  it.each(cases)('is told as ours: %s', (_what, updates, expected) => {
    const all = told(updates);
    expect(all).toHaveLength(expected.length);
    expect(all).toMatchObject(expected);
  });

  it('keeps no more than the end of what a call shows', () => {
    const all = told([piece(shown('a'.repeat(limits.agentTextCharactersMax))), piece(shown('the end'))]);
    const { detail } = all.at(-1) as { detail: string };
    expect(detail.length).toBeLessThanOrEqual(limits.agentTextCharactersMax);
    expect(detail).toMatch(/the end$/);
  });
});

describe('the end of a turn', () => {
  const idle = { state: 'idle', stopReason: 'end_turn' };
  const running = { state: 'running' };
  const cases: readonly [string, readonly ('taken' | object)[], boolean][] = [
    ['work, then rest', ['taken', running, idle], true],
    ['the answer last', [running, idle, 'taken'], true],
    ['the answer in the middle', [running, 'taken', idle], true],
    ['waiting for a person', ['taken', { state: 'requires_action' }, idle], true],
    ['rest without work', ['taken', idle], false],
    ['no answer', [running, idle], false],
    ['an unknown state', ['taken', running, { state: 'tea' }], false],
    ['another session', ['taken', running, { ...idle, sessionId: 'other' }], false],
    ['work again before the answer', [running, idle, running, 'taken'], false],
  ];
  const play = (watch: TurnWatch, steps: readonly ('taken' | object)[]): void => {
    for (const step of steps) {
      if (step === 'taken') watch.noteTaken();
      else watch.note({ sessionId: 's', ...step, update: { sessionUpdate: 'state_update', ...step } });
    }
  };
  const isEnded = async (ended: Promise<unknown>): Promise<boolean> =>
    await Promise.race([ended.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);

  it.each(cases)('after %s', async (_what, steps, expected) => {
    const watch = new TurnWatch();
    watch.follow('s');
    const ended = watch.begin();
    play(watch, steps);
    expect(await isEnded(ended)).toBe(expected);
  });

  it('is not that of the work before it', async () => {
    const watch = new TurnWatch();
    watch.follow('s');
    play(watch, [running]);
    const ended = watch.begin();
    play(watch, [idle, 'taken', running]);
    expect(await isEnded(ended)).toBe(false);
    play(watch, [idle]);
    expect(await isEnded(ended)).toBe(true);
  });
});
