/** A whole agent on the wire: a real process that speaks the protocol, well and badly, between the ACP client and a scripted gate. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AgentProfile, profile } from '../../../src/adapters/acp/catalogue/profile.ts';
import type { AgentLink } from '../../../src/core/agents.ts';
import { OperationError } from '../../../src/core/codes.ts';
import { limits } from '../../../src/core/limits.ts';
import { operationNames } from '../../../src/core/operations/table.ts';
import { type AgentWorld, agentWorld, fixtureAgent, listen, toolToken } from '../../fixtures/agent-world.ts';
import { type Answer, envelope, untilWithdrawn } from '../../fixtures/scripted-gate.ts';

const everything = { readFiles: true, writeFiles: true, terminals: true };

function fixture(switches: readonly string[] = [], fields: Partial<AgentProfile> = {}): AgentProfile {
  const command = [process.execPath, fixtureAgent, ...switches];
  return profile({ id: 'fixture', label: 'Fixture', command, installHint: 'none', offers: everything, ...fields });
}

const worlds: AgentWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.dispose()));
});

async function open(
  agent: AgentProfile = fixture(),
  answer: Answer = (request) => envelope(request.operation),
  more: { readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly world: AgentWorld; readonly start: (servers?: readonly string[]) => Promise<AgentLink> }> {
  const world = await agentWorld({ answer, profiles: [agent], ...more });
  worlds.push(world);
  return { world, start: (servers = ['web-1']) => world.start({ id: 'fixture' }, { servers }) };
}

function script(...steps: readonly object[]): string {
  return JSON.stringify(steps);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a turn', () => {
  it('ends after all that the agent said in it', async () => {
    const { start } = await open();
    const link = await start();
    const heard = listen(link);
    expect(await link.prompt(script({ say: 'one ' }, { say: 'two' }))).toBe('end_turn');
    expect(heard.text()).toBe('one two');
    expect([link.agentName, link.agentVersion]).toEqual(['fixture', '4.5.6']);
  });

  it.each(['end_turn', 'max_tokens', 'max_turn_requests', 'refusal'])('ends with the reason %s', async (reason) => {
    const { start } = await open();
    expect(await (await start()).prompt(script({ stop: reason }))).toBe(reason);
  });

  it('with a reason that does not exist ends and says so', async () => {
    const { start } = await open();
    const link = await start();
    const heard = listen(link);
    expect(await link.prompt(script({ stop: 'bored' }))).toBe('end_turn');
    expect(heard.updates).toContainEqual({ kind: 'notice', text: expect.stringContaining('without a known reason') });
  });

  it('that fails rejects with the words of the agent, and the next one works', async () => {
    const { start } = await open();
    const link = await start();
    const failing = link.prompt(
      script({ fail: { code: -32603, message: 'Internal error', data: { details: 'no credit left' } } }),
    );
    await expect(failing).rejects.toMatchObject({ message: expect.stringContaining('no credit left') });
    expect(await link.prompt(script({ say: 'back' }))).toBe('end_turn');
  });

  it('cannot begin while another one runs', async () => {
    const { start } = await open();
    const link = await start();
    const first = link.prompt(script({ untilCancelled: null }));
    await expect(link.prompt(script())).rejects.toMatchObject({ code: 'CONFLICT' });
    await link.cancel();
    expect(await first).toBe('cancelled');
  });

  it('brings updates that came before the session was announced, and modes', async () => {
    const { start } = await open(fixture(['--early', '--modes']));
    const link = await start();
    const heard = listen(link);
    await link.prompt(script());
    expect(heard.updates[0]).toMatchObject({ kind: 'modes', current: 'ask' });
    expect(heard.text()).toBe('before the session was announced');
    await link.setMode('code');
    expect(heard.updates.at(-1)).toEqual({ kind: 'mode', modeId: 'code' });
  });
});

describe('the world of an agent', () => {
  it('has the tools of the bridge and nothing else from us', async () => {
    const data = { servers: [] };
    const { world, start } = await open(fixture(), (request) => envelope(request.operation, { data }));
    const link = await start();
    const heard = listen(link);
    await link.prompt(script({ tools: [{ name: 'list_servers' }] }));
    const { tools, answers } = JSON.parse(heard.text());
    expect(tools).toEqual(operationNames);
    expect(answers[0].structuredContent.data).toEqual(data);
    expect(world.toolsListed()).toBe(1);
    expect(world.gate.requests[0]?.caller.door).toBe('mcp');
  });

  it('has a clean environment, with only the keys that its profile names', async () => {
    const env = {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      SSH_AUTH_SOCK: '/run/agent.sock',
      AWS_SECRET_ACCESS_KEY: 'aws-secret-value',
      NODE_OPTIONS: '--no-warnings',
      MODEL_KEY: 'sk-model-4711',
    };
    const agent = fixture([], { passEnv: ['MODEL_KEY'], env: { SWITCH: 'off' } });
    const { world, start } = await open(agent, undefined, { env });
    const link = await start();
    const heard = listen(link);
    await link.prompt(script({ env: null }));
    const seen = JSON.parse(heard.text());
    expect(Object.keys(seen).sort()).toEqual(['HOME', 'LANG', 'MODEL_KEY', 'PATH', 'SWITCH', 'TMPDIR']);
    expect(seen.HOME).toBe(join(world.paths.agentsFolder, 'fixture', 'home'));
    expect(world.redactor.redact('the key is sk-model-4711.').text).not.toContain('4711');
    expect(world.redactor.redact(`the token is ${toolToken}.`).text).not.toContain(toolToken);
  });

  it('has a work folder with one folder a server and a note that explains them', async () => {
    const { world, start } = await open();
    const link = await start(['web-1', 'db-1']);
    const heard = listen(link);
    const folder = join(world.paths.workFolder, 's1');
    await link.prompt(script({ cwd: null }, { exists: join(folder, 'db-1') }, { read: join(folder, 'AGENTS.md') }));
    expect(heard.text()).toContain(`${folder}true`);
    expect(heard.text()).toContain('`/…` on the server `db-1`');
  });
});

describe('cancelling', () => {
  it('answers the waiting permission request and ends what runs at the gate', async () => {
    const { world, start } = await open(fixture(), untilWithdrawn);
    const link = await start();
    const heard = listen(link);
    const asked = new Promise((resolve) => link.onLocalPermission(resolve));
    const permission = {
      toolCall: { toolCallId: 'c1' },
      options: [{ optionId: 'y', name: 'Yes', kind: 'allow_once' }],
    };
    const turn = link.prompt(
      script(
        { askLater: { method: 'session/request_permission', params: permission } },
        { askLater: { method: 'fs/write_text_file', params: { path: '/etc/motd', content: 'x' } } },
        { untilCancelled: null },
      ),
    );
    await asked;
    const write = await world.gate.request(0);
    await link.cancel();
    expect(await turn).toBe('cancelled');
    expect(write.signal.aborted).toBe(true);
    await heard.until((update) => update.kind === 'message' && update.text.includes('CANCELLED'));
    expect(heard.text()).toContain('{"outcome":{"outcome":"cancelled"}}');
  });
});

describe('the door of the protocol', () => {
  it('reads lines of a file on the server that the path names', async () => {
    const data = { content: 'b\n', encoding: 'utf-8', size: 4, truncated: true };
    const { world, start } = await open(fixture(), (request) => envelope(request.operation, { data }));
    const link = await start(['web-1', 'web-2']);
    const heard = listen(link);
    const path = join(world.paths.workFolder, 's1', 'web-2', 'etc/motd');
    await link.prompt(script({ ask: { method: 'fs/read_text_file', params: { path, line: 2, limit: 1 } } }));
    expect(JSON.parse(heard.text())).toEqual({ result: { content: 'b\n' } });
    expect(world.gate.requests[0]).toMatchObject({
      operation: 'remote_read_file',
      input: { server: 'web-2', path: '/etc/motd', line: 2, limit: 1 },
      caller: { origin: 'agent', door: 'acp', session: 's1', agent: 'fixture', servers: ['web-1', 'web-2'] },
    });
  });

  const refusals: readonly [string, object, Answer | null, object][] = [
    [
      'a denied write, with the reason of the operator',
      { method: 'fs/write_text_file', params: { path: '/etc/motd', content: 'x' } },
      () => envelope('remote_write_file', { status: 'error', code: 'APPROVAL_DENIED', message: 'Denied: not today.' }),
      { code: -32000, data: { code: 'APPROVAL_DENIED', reason: 'Denied: not today.' } },
    ],
    [
      'a missing file, so that it can be told from a denied one',
      { method: 'fs/read_text_file', params: { path: '/etc/none' } },
      () => envelope('remote_read_file', { status: 'error', code: 'FILE_NOT_FOUND', message: 'Not there.' }),
      { code: -32002, data: { code: 'FILE_NOT_FOUND' } },
    ],
    [
      'a file that is not text',
      { method: 'fs/read_text_file', params: { path: '/bin/ls' } },
      () => envelope('remote_read_file', { data: { content: 'f0VM', encoding: 'base64' } }),
      { code: -32000, data: { code: 'UNSUPPORTED' } },
    ],
    [
      'a whole file of which only a part came',
      { method: 'fs/read_text_file', params: { path: '/var/log/syslog' } },
      () => envelope('remote_read_file', { data: { content: 'a', encoding: 'utf-8', truncated: true } }),
      { code: -32000, data: { code: 'TOO_LARGE' } },
    ],
    [
      'a write that happened but could not be checked',
      { method: 'fs/write_text_file', params: { path: '/etc/motd', content: 'x' } },
      () =>
        envelope('remote_write_file', {
          status: 'partial_failure',
          code: 'SNAPSHOT_FAILED',
          message: 'It WAS changed.',
        }),
      { code: -32000, data: { code: 'SNAPSHOT_FAILED', reason: 'It WAS changed.' } },
    ],
    [
      'a command that was denied',
      { method: 'terminal/create', params: { command: 'reboot' } },
      () => refused('APPROVAL_DENIED', 'Denied: never.'),
      { code: -32000, data: { code: 'APPROVAL_DENIED', reason: 'Denied: never.' } },
    ],
    [
      'a relative path',
      { method: 'fs/read_text_file', params: { path: 'etc/motd' } },
      null,
      { code: -32000, data: { code: 'INVALID_ARGUMENT' } },
    ],
    [
      'a terminal that does not exist',
      { method: 'terminal/output', params: { terminalId: 'mine' } },
      null,
      { code: -32000, data: { code: 'INVALID_ARGUMENT' } },
    ],
    [
      'waiting for a terminal that does not exist',
      { method: 'terminal/wait_for_exit', params: { terminalId: 'mine' } },
      null,
      { code: -32000 },
    ],
    [
      'killing a terminal that does not exist',
      { method: 'terminal/kill', params: { terminalId: 'mine' } },
      null,
      { code: -32000 },
    ],
    [
      'releasing a terminal that does not exist',
      { method: 'terminal/release', params: { terminalId: 'mine' } },
      null,
      { code: -32000 },
    ],
    [
      'another session',
      { method: 'fs/read_text_file', params: { path: '/x', sessionId: 'other' } },
      null,
      { code: -32000, data: { code: 'INVALID_ARGUMENT' } },
    ],
    ['a method that does not exist', { method: 'fs/delete_everything', params: {} }, null, { code: -32601 }],
    ['parameters that do not fit', { method: 'fs/read_text_file', params: { path: 7 } }, null, { code: -32602 }],
    [
      'a permission request without options',
      { method: 'session/request_permission', params: { toolCall: {} } },
      null,
      { code: -32602 },
    ],
  ];

  it.each(refusals)('refuses %s', async (_what, ask, answer, error) => {
    const { world, start } = await open(fixture(), answer ?? undefined);
    const link = await start();
    const heard = listen(link);
    await link.prompt(script({ ask }));
    expect(JSON.parse(heard.text())).toMatchObject({ error });
    if (answer === null) expect(world.gate.requests).toEqual([]);
  });

  const methods = [
    'fs/read_text_file',
    'fs/write_text_file',
    'terminal/create',
    'terminal/output',
    'terminal/kill',
    'terminal/release',
    'terminal/wait_for_exit',
  ];
  it.each(methods)('refuses %s to an agent that it was not offered to, and tells the operator', async (method) => {
    const nothing = { readFiles: false, writeFiles: false, terminals: false };
    const { world, start } = await open(fixture([], { offers: nothing }));
    const link = await start();
    const heard = listen(link);
    await link.prompt(script({ ask: { method, params: { path: '/x', content: '', command: 'ls', terminalId: 't' } } }));
    expect(JSON.parse(heard.text())).toMatchObject({ error: { code: -32000, data: { code: 'UNSUPPORTED' } } });
    expect(heard.updates).toContainEqual({ kind: 'notice', text: expect.stringContaining(method) });
    expect(world.gate.requests).toEqual([]);
  });

  it('gives a custom command line tools, and neither files nor terminals', async () => {
    const world = await agentWorld({ answer: (request) => envelope(request.operation) });
    worlds.push(world);
    const link = await world.start({ command: [process.execPath, fixtureAgent] });
    const heard = listen(link);
    expect(link.verdict.state).toBe('NOT CONTAINED');
    await link.prompt(script({ tools: [] }, { ask: { method: 'terminal/create', params: { command: 'ls' } } }));
    expect(heard.text()).toContain('remote_exec');
    expect(heard.text()).toContain('"code":"UNSUPPORTED"');
  });
});

describe('an agent that misbehaves', () => {
  it('by printing lines that are no messages is heard all the same, and named', async () => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { start } = await open(fixture(['--chatter']));
    const link = await start();
    const heard = listen(link);
    const rubbish = [
      'oops',
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"2.0","id":99,"result":{}}',
      '{"jsonrpc":"2.0","result":1}',
      'null',
      '[]',
    ];
    const unknown =
      '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"session-of-the-fixture","update":{"sessionUpdate":"dance"}}}';
    const shapeless = '{"jsonrpc":"2.0","method":"session/update","params":7}';
    await link.prompt(script(...[...rubbish, unknown, shapeless].map((raw) => ({ raw })), { say: 'still here' }));
    expect(heard.text()).toBe('still here');
    expect(heard.updates).toContainEqual({ kind: 'notice', text: expect.stringContaining('Welcome to the fixture!') });
    expect(heard.updates).toContainEqual({ kind: 'notice', text: expect.stringContaining('dance') });
    expect(silence).not.toHaveBeenCalled();
    silence.mockRestore();
  });

  it('by a line of ten megabytes is heard, its text cut with a note', async () => {
    const { start } = await open();
    const link = await start();
    const heard = listen(link);
    await link.prompt(script({ flood: 10 * 1024 * 1024 }, { say: 'end' }));
    expect(heard.text().length).toBeLessThan(limits.agentTextCharactersMax + 200);
    expect(heard.text()).toMatch(/signalbox left out \d+ more characters\]end$/);
  });

  it('by a line above the bound is ended, with the reason', async () => {
    const { start } = await open();
    const link = await start();
    const exit = new Promise<{ reason: string; expected: boolean }>((resolve) => link.onExit(resolve));
    await expect(link.prompt(script({ flood: limits.agentMessageBytesMax }, { hang: null }))).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringContaining('longer than'),
    });
    expect(await exit).toMatchObject({ expected: false, reason: expect.stringContaining('longer than') });
  });

  const deaths = [
    ['leaving', [{ stderr: 'panic: out of memory\n' }, { exit: 7 }], /status 7: panic: out of memory/],
    ['a signal', [{ kill: 'SIGKILL' }], /signal SIGKILL/],
    ['leaving in silence', [{ exit: 0 }], /status 0, without a word/],
  ] as const;

  it.each(deaths)('by dying of %s ends the turn with the reason', async (_how, steps, words) => {
    const { start } = await open();
    const link = await start();
    const exits: { reason: string; expected: boolean }[] = [];
    link.onExit((exit) => exits.push(exit));
    await expect(link.prompt(script(...steps))).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringMatching(words),
    });
    await vi.waitFor(() => expect(exits).toEqual([{ expected: false, reason: expect.stringMatching(words) }]));
    await expect(link.prompt(script())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(link.cancel()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('shows no secret in its last words', async () => {
    const env = { PATH: process.env.PATH, MODEL_KEY: 'sk-model-4711-abc' };
    const { start } = await open(fixture([], { passEnv: ['MODEL_KEY'] }), undefined, { env });
    const link = await start();
    const dying = link.prompt(script({ stderr: 'bad key sk-model-4711-abc\n' }, { exit: 1 }));
    const error = await dying.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OperationError);
    expect(String(error)).toContain('bad key');
    expect(String(error)).not.toContain('4711');
  });

  it('by ignoring the end of its input and TERM is killed with its children', async () => {
    const { start } = await open(fixture(['--ignore-end']));
    const link = await start();
    const heard = listen(link);
    const exit = new Promise<{ reason: string; expected: boolean }>((resolve) => link.onExit(resolve));
    await link.prompt(script({ child: null }));
    const child = Number(heard.text());
    expect(isAlive(child)).toBe(true);
    await link.dispose();
    expect(await exit).toEqual({ reason: 'ended by signalbox', expected: true });
    await vi.waitFor(() => expect(isAlive(child)).toBe(false));
  });
});

describe('an agent that cannot start', () => {
  const cases = [
    ['speaks another version', ['--version-9'], 'UNSUPPORTED', /version 9 of the Agent Client Protocol/],
    ['answers initialize with nothing', ['--empty'], 'UNSUPPORTED', /version none/],
    ['dies at once', ['--die'], 'CONNECTION_LOST', /status 3: the license has expired/],
    ['wants a login first', ['--login'], 'CREDENTIALS_UNAVAILABLE', /needs a login/],
    ['gives no session id', ['--no-session'], 'UNSUPPORTED', /without a session id/],
  ] as const;

  it.each(cases)('because it %s says so and leaves nothing running', async (_what, switches, code, words) => {
    const { start } = await open(fixture(switches));
    await expect(start()).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
  });

  it('because it is not installed says how to install it', async () => {
    const { start } = await open(fixture([], { command: ['no-such-agent', 'acp'], installHint: 'npm install it' }));
    await expect(start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('npm install it'),
    });
  });

  it('because it is disabled, unusable or unknown says which', async () => {
    const { world, start } = await open(fixture([], { enabled: false }));
    await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('disabled in agents.json') });
    await expect(world.start({ id: 'nobody' })).rejects.toMatchObject({
      message: expect.stringContaining('known are fixture'),
    });
    const unusable = await open(fixture([], { unusable: 'It needs http.' }));
    await expect(unusable.start()).rejects.toMatchObject({ message: 'It needs http.' });
  });

  it('because isolation is demanded and not to be had', async () => {
    const { world } = await open();
    await expect(world.start({ id: 'fixture' }, { requireIsolation: true })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('must be isolated'),
    });
  });
});

describe('a probe', () => {
  const cases = [
    ['a good agent', [], 'ready', '4.5.6', /fixture answers/],
    ['one that offers logins', ['--login'], 'ready', '4.5.6', /Log in with a browser/],
    ['one that dies', ['--die'], 'error', null, /the license has expired/],
    ['one of another version', ['--version-9'], 'error', null, /version 9/],
  ] as const;

  it.each(cases)(
    'of %s tells what it found, and the list remembers it',
    async (_what, switches, availability, version, words) => {
      const { world } = await open(fixture(switches));
      const found = await world.agents.probe('fixture');
      expect(found).toMatchObject({ availability, version, diagnostic: expect.stringMatching(words) });
      expect(await world.agents.list()).toEqual([found]);
    },
  );

  it('of an agent that is not there starts nothing', async () => {
    const { world } = await open(fixture([], { command: ['no-such-agent'] }));
    expect(await world.agents.probe('fixture')).toMatchObject({ availability: 'not installed' });
  });
});

function refused(code: 'APPROVAL_DENIED', message: string) {
  const execution = { attempted: false, completed: false, durationMs: 1 };
  return envelope('remote_exec', { status: 'error', code, message, execution });
}
