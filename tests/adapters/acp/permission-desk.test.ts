/** The agent's own permission requests: found by kind, never "always", ours only by a structured field, refused when nobody answers. */
import type { PermissionOption } from '@agentclientprotocol/sdk';
import { describe, expect, it } from 'vitest';
import { claude } from '../../../src/adapters/acp/catalogue/claude.ts';
import { codex } from '../../../src/adapters/acp/catalogue/codex.ts';
import { type AgentProfile, profile } from '../../../src/adapters/acp/catalogue/profile.ts';
import { qwen } from '../../../src/adapters/acp/catalogue/qwen.ts';
import { PermissionDesk } from '../../../src/adapters/acp/permission-desk.ts';
import type { LocalPermissionRequest } from '../../../src/core/agents.ts';
import { limits } from '../../../src/core/limits.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

/** In an order and with names that would mislead whoever looks at them. */
const options: readonly PermissionOption[] = [
  { optionId: 'once', name: 'Allow once', kind: 'allow_always' },
  { optionId: 'reject', name: 'Reject', kind: 'allow_once' },
  { optionId: 'allow', name: 'Allow', kind: 'reject_always' },
  { optionId: 'yes', name: 'Yes', kind: 'reject_once' },
];
const plain = profile({ id: 'x', label: 'X', command: ['x'], installHint: '' });
const never = new AbortController().signal;

function stage(agent: AgentProfile = plain) {
  const clock = new HandClock();
  const desk = new PermissionDesk(agent, clock);
  const cards: LocalPermissionRequest[] = [];
  const listen = (): void => void desk.onRequest((card) => cards.push(card));
  const ask = (toolCall: object, signal = never, given = options) =>
    desk.handleRequest({ sessionId: 's', toolCall: { toolCallId: 'c', ...toolCall }, options: [...given] }, signal);
  return { desk, cards, clock, listen, ask };
}

const selected = (optionId: string): object => ({ outcome: { outcome: 'selected', optionId } });
const cancelled = { outcome: { outcome: 'cancelled' } };

describe('a permission request', () => {
  it('that is allowed gets the option of kind allow_once', async () => {
    const { desk, cards, listen, ask } = stage();
    listen();
    const answer = ask({ title: 'rm', rawInput: { command: 'rm -r build' } });
    expect(cards).toEqual([
      { id: 'local-1', toolCallId: 'c', title: 'rm', detail: '{"command":"rm -r build"}', unexpected: false },
    ]);
    desk.answer('local-1', true);
    expect(await answer).toEqual(selected('reject'));
  });

  it('that is refused gets the option of kind reject_once, or reject_always where there is no other', async () => {
    const { desk, listen, ask } = stage();
    listen();
    const first = ask({});
    desk.answer('local-1', false);
    expect(await first).toEqual(selected('yes'));
    const second = ask({}, never, options.slice(0, 3));
    desk.answer('local-2', false);
    expect(await second).toEqual(selected('allow'));
  });

  it('that offers no "once" cannot be allowed, and its card says so', async () => {
    const { desk, cards, listen, ask } = stage();
    listen();
    const answer = ask({}, never, options.slice(0, 1));
    desk.answer('local-1', true);
    expect(await answer).toEqual(cancelled);
    expect(cards[0]?.detail).toContain('can only be refused');
  });

  it('is refused when nobody listens', async () => {
    expect(await stage().ask({})).toEqual(selected('yes'));
  });

  it('is refused when nobody answers in time', async () => {
    const { clock, listen, ask } = stage();
    listen();
    const answer = ask({});
    clock.advance(limits.approvalExpiryMsDefault);
    expect(await answer).toEqual(selected('yes'));
  });

  it('is answered with "cancelled" when the turn, the request or the session ends, and a later answer does nothing', async () => {
    const { desk, clock, listen, ask } = stage();
    listen();
    const request = new AbortController();
    const answers = [ask({}), ask({}, request.signal)];
    request.abort();
    desk.cancelAll();
    expect(await Promise.all(answers)).toEqual([cancelled, cancelled]);
    expect(await ask({}, request.signal)).toEqual(cancelled);
    desk.answer('local-1', true);
    expect(clock.waiting).toBe(0);
    const last = ask({});
    desk.dispose();
    expect(await last).toEqual(cancelled);
  });

  it('without a title or an input is joined with what the tool call said before', async () => {
    const { desk, cards, listen, ask } = stage();
    listen();
    desk.noteToolCall({ toolCallId: 'c', title: 'Write notes', rawInput: { path: '/notes' } });
    desk.noteToolCall({ toolCallId: 'c', status: 'pending', title: null });
    void ask({});
    expect(cards[0]).toMatchObject({ title: 'Write notes', detail: '{"path":"/notes"}' });
    desk.dispose();
  });

  it('of an agent whose own tools are switched off is marked as unexpected', () => {
    const { desk, cards, listen, ask } = stage({ ...plain, localToolsOff: true });
    listen();
    void ask({});
    expect(cards[0]?.unexpected).toBe(true);
    desk.dispose();
  });
});

describe('our own tool', () => {
  const meta = (toolName: unknown): object => ({ _meta: { claudeCode: { toolName } } });

  const codexCall = { _meta: { is_mcp_tool_call: true }, rawInput: { server: 'signalbox', tool: 'remote_exec' } };
  const qwenCall = { _meta: { toolName: 'x', provenance: 'mcp', serverId: 'signalbox' } };

  it.each([
    ['Claude', claude, meta('mcp__signalbox__remote_exec')],
    ['Codex', codex, codexCall],
    ['Qwen', qwen, qwenCall],
  ])('of %s is allowed once without a card, since our gate asks for itself', async (_agent, profile, toolCall) => {
    const { cards, listen, ask } = stage(profile);
    listen();
    expect(await ask(toolCall)).toEqual(selected('reject'));
    expect(cards).toEqual([]);
  });

  const doubtful = [
    ['a shell call with our title', claude, { title: 'mcp__signalbox__remote_exec', ...meta('Bash') }],
    [
      'our kind and our input',
      claude,
      { kind: 'execute', rawInput: { server: 'web-1' }, name: 'mcp__signalbox__remote_exec' },
    ],
    ['our name inside of another', claude, meta('evil__mcp__signalbox__remote_exec')],
    ['a server whose name begins like ours', claude, meta('mcp__signalbox2__remote_exec')],
    ['a name that is no text', claude, meta(['mcp__signalbox__remote_exec'])],
    ['metadata that is no object', claude, { _meta: { claudeCode: 'mcp__signalbox__x' } }],
    ['an input that names our server, of no MCP call', codex, { rawInput: codexCall.rawInput }],
    ['an MCP call of another server', codex, { ...codexCall, rawInput: { server: 'other' } }],
    ['an MCP call of no server', codex, { _meta: codexCall._meta }],
    ['an MCP call that says so in words', codex, { ...codexCall, _meta: { is_mcp_tool_call: 'true' } }],
    ['a built-in tool with our server', qwen, { _meta: { ...qwenCall._meta, provenance: 'builtin' } }],
    ['a tool of another server', qwen, { _meta: { ...qwenCall._meta, serverId: 'signalbox2' } }],
    ['an agent without a matcher', plain, meta('mcp__signalbox__remote_exec')],
  ] as const;

  it.each(doubtful)('is not believed in: %s', (_what, agent, toolCall) => {
    const { desk, cards, listen, ask } = stage(agent);
    listen();
    void ask(toolCall);
    expect(cards).toHaveLength(1);
    desk.dispose();
  });
});
