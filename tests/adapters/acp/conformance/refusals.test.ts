/** What an agent must not get: other sessions, methods that were not offered or do not exist, and parameters of every wrong shape. Nothing ends it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { type Conformance, conformance } from '../../../fixtures/conformance.ts';
import { closeWorlds } from '../../../fixtures/fixture-agent.ts';

let offered: Conformance;
let bare: Conformance;
let complaints: MockInstance;
beforeAll(async () => {
  offered = await conformance();
  bare = await conformance({ profile: { offers: { readFiles: false, writeFiles: false, terminals: false } } });
});
afterAll(closeWorlds);
// Whatever a library prints would be in the middle of somebody's screen.
beforeEach(() => {
  complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  expect(complaints).not.toHaveBeenCalled();
  complaints.mockRestore();
});

const permission = {
  toolCall: { toolCallId: 'c1' },
  options: [{ optionId: 'y', name: 'Yes', kind: 'allow_once' }],
};
const form = { mode: 'form', message: 'Who?', requestedSchema: { type: 'object', properties: {} } };
/** Each with parameters that would be right. */
const methods: Readonly<Record<string, object>> = {
  'fs/read_text_file': { path: '/etc/motd' },
  'fs/write_text_file': { path: '/etc/motd', content: 'x' },
  'terminal/create': { command: 'ok' },
  'terminal/output': { terminalId: 'terminal-1' },
  'terminal/wait_for_exit': { terminalId: 'terminal-1' },
  'terminal/kill': { terminalId: 'terminal-1' },
  'terminal/release': { terminalId: 'terminal-1' },
  'session/request_permission': permission,
};
const names = Object.keys(methods);

/** The gate was not asked, so nothing is in the log. */
function expectNothingDone(world: Conformance): void {
  expect(world.memory.audit.entries).toEqual([]);
  expect(world.memory.queue.list()).toEqual([]);
}

describe('a session that is none', () => {
  const ids = ['', 'session-of-another', 'SESSION-OF-THE-FIXTURE', 'session-of-the-fixture '];
  it.each(names.flatMap((name) => ids.map((id) => [name, id] as const)))(
    '%s for %j is refused',
    async (name, sessionId) => {
      const answer = await offered.ask(name, { ...methods[name], sessionId });
      expect(answer).toMatchObject({ error: { code: -32000, data: { code: 'INVALID_ARGUMENT' } } });
      expectNothingDone(offered);
    },
  );

  it('gets no form either', async () => {
    const answer = await offered.ask('elicitation/create', { ...form, sessionId: 'other' });
    expect(answer).toMatchObject({ error: { code: -32000 } });
  });
});

describe('what was not offered', () => {
  const optional = names.filter((name) => name !== 'session/request_permission');
  it.each(optional)('%s is refused, with a word to the operator', async (name) => {
    const before = bare.updates.length;
    const answer = await bare.ask(name, methods[name] ?? {});
    expect(answer).toMatchObject({
      error: { code: -32000, data: { code: 'UNSUPPORTED', reason: expect.stringContaining('not offered') } },
    });
    expect(bare.updates.slice(before)).toContainEqual({ kind: 'notice', text: expect.stringContaining(name) });
    expectNothingDone(bare);
  });
});

describe('a method that does not exist', () => {
  const unknown = [
    'fs/delete',
    'fs/list_directory',
    'terminal/input',
    'session/prompt',
    'initialize',
    '',
    '__proto__',
    'toString',
    '_vendor/x',
    '$/ping',
  ];
  it.each(unknown)('%j is answered with -32601', async (name) => {
    const answer = await offered.ask(name, {});
    expect(answer).toMatchObject({ error: { code: -32601 } });
    expectNothingDone(offered);
  });

  const notifications = [
    { method: 'fs/changed', params: {} },
    { method: '$/progress', params: { token: 1 } },
    { method: '$/cancel_request', params: { requestId: 4711 } },
    { method: '$/cancel_request', params: {} },
    { method: '$/cancel_request' },
    { method: 'session/cancel', params: { sessionId: 'x' } },
    { method: 'elicitation/complete', params: { elicitationId: 'nobody' } },
    { method: 'session/update' },
    { method: 'session/update', params: { sessionId: 'other', update: { sessionUpdate: 'plan', entries: [] } } },
  ];
  it.each(notifications)('%j is passed over', async (notification) => {
    const before = offered.updates.length;
    await offered.turn({ notify: notification });
    expect(offered.updates.slice(before)).toEqual([]);
  });
});

describe('parameters that do not fit', () => {
  const session = { sessionId: 'session-of-the-fixture' };
  const wrong: readonly [string, object][] = [
    ['fs/read_text_file', { path: 7 }],
    ['fs/read_text_file', { path: null }],
    ['fs/read_text_file', {}],
    ['fs/read_text_file', { path: ['/etc/motd'] }],
    ['fs/read_text_file', { path: '/x', sessionId: 7 }],
    ['fs/read_text_file', { path: '/x', sessionId: null }],
    ['fs/write_text_file', { path: '/x' }],
    ['fs/write_text_file', { path: '/x', content: 7 }],
    ['fs/write_text_file', { path: '/x', content: null }],
    ['fs/write_text_file', { path: '/x', content: { text: 'a' } }],
    ['terminal/create', {}],
    ['terminal/create', { command: ['ls'] }],
    ['terminal/create', { command: null }],
    ['terminal/output', {}],
    ['terminal/output', { terminalId: 7 }],
    ['terminal/wait_for_exit', { terminalId: null }],
    ['terminal/kill', {}],
    ['terminal/release', { terminalId: {} }],
    ['session/request_permission', {}],
    ['session/request_permission', { options: [] }],
    ['session/request_permission', { toolCall: {}, options: [] }],
    ['session/request_permission', { toolCall: { toolCallId: 7 }, options: [] }],
    ['elicitation/create', {}],
    ['elicitation/create', { mode: 'form' }],
  ];
  it.each(wrong)('%s %j is answered with -32602', async (name, params) => {
    const answer = await offered.ask(name, { ...session, ...params });
    expect(answer).toMatchObject({ error: { code: -32602 } });
    expect(JSON.stringify(answer)).not.toContain('node_modules');
    expectNothingDone(offered);
  });

  const shapes = [7, 'x', true, [], [1], null];
  it.each(names.flatMap((name) => shapes.map((params) => [name, params] as const)))(
    '%s with %j for all parameters',
    async (name, params) => {
      const [answer] = await offered.turn({ askRaw: { method: name, params } });
      expect([-32602, -32600]).toContain(answer?.error?.code);
      expectNothingDone(offered);
    },
  );
});

it('after all of that the agent still works', async () => {
  offered.memory.servers.files.set('/etc/motd', 'hello\n');
  expect(await offered.ask('fs/read_text_file', { path: '/etc/motd' })).toEqual({ result: { content: 'hello\n' } });
});
