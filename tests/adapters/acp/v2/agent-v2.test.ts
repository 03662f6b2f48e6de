/** An agent that speaks version 2 of the protocol, over a real process: the same port as version 1, and versions that do not fit. */
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentProfile } from '../../../../src/adapters/acp/catalogue/profile.ts';
import type { AgentLink, AgentUpdate } from '../../../../src/core/agents.ts';
import { listen } from '../../../fixtures/agent-world.ts';
import { closeWorlds, fixture, open, script } from '../../../fixtures/fixture-agent.ts';

afterEach(closeWorlds);

const program = new URL('../../../fixtures/acp-agent-v2.mjs', import.meta.url).pathname;

function two(switches: readonly string[] = [], fields: Partial<AgentProfile> = {}): AgentProfile {
  return fixture([], { command: [process.execPath, program, ...switches], protocol: 2, ...fields });
}

async function run(
  switches: readonly string[] = [],
): Promise<{ readonly link: AgentLink; readonly heard: ReturnType<typeof listen> }> {
  const link = await (await open(two(switches))).start();
  return { link, heard: listen(link) };
}

/** What one turn of these steps was heard as, without the notice that opens the session and what came with its answer. */
async function turn(...steps: readonly object[]): Promise<readonly AgentUpdate[]> {
  const { link, heard } = await run();
  await heard.until(({ kind }) => kind === 'commands');
  const before = heard.updates.length;
  await link.prompt(script(...steps));
  return heard.updates.slice(before).filter(({ kind }) => kind !== 'user-echo');
}

describe('an agent of version 2', () => {
  it('says who it is, what it can do, its options and its commands', async () => {
    const { link, heard } = await run(['--images']);
    await heard.until(({ kind }) => kind === 'commands');
    expect([link.agentName, link.agentVersion, link.agentSession]).toEqual(['Two', '2.0.1', 'session-two']);
    expect(link.abilities).toMatchObject({ images: true, embeddedFiles: false, resume: true, load: false, list: true });
    expect(link.abilities).toMatchObject({ close: true, delete: true, logout: true });
    expect(link.abilities.logins).toMatchObject([
      { id: 'browser', kind: 'agent' },
      { id: 'term', kind: 'terminal', arguments: ['login'], env: { A: 'b' } },
    ]);
    expect(heard.updates).toMatchObject([
      {
        kind: 'options',
        options: [{ id: 'model', value: 'small', choices: [{ value: 'small', group: 'Sizes' }, {}] }],
      },
      { kind: 'commands', commands: [{ name: 'plan', hint: 'what' }] },
      { kind: 'notice', text: expect.stringContaining('experimental') },
    ]);
  });

  it('gets our tools over stdio, and neither files nor terminals', async () => {
    const { world, start } = await open(two());
    const link = await start();
    const heard = listen(link);
    await link.prompt(
      script({ tools: [{ name: 'remote_read_file', arguments: { server: 'web-1', path: '/etc/motd' } }] }),
    );
    expect(JSON.parse(heard.text()).tools).toContain('remote_exec');
    expect(world.gate.requests).toMatchObject([{ operation: 'remote_read_file', caller: { door: 'mcp' } }]);
  });

  it('is refused files, terminals, and what nobody knows', async () => {
    const methods = ['fs/read_text_file', 'fs/write_text_file', 'terminal/create', 'mcp/message', 'session/nonsense'];
    const params = { path: '/etc/motd', content: '', command: 'id' };
    const heard = await turn(...methods.map((method) => ({ ask: { method, params } })));
    expect(heard).toHaveLength(methods.length);
    for (const one of heard) expect(one).toMatchObject({ kind: 'message', text: expect.stringContaining('-32601') });
  });

  it.each([
    ['stdio where it takes http alone', ['--http'], 'set "mcp": "http"'],
    ['stdio where it takes no tools at all', ['--no-tools'], 'cannot be used here'],
  ] as const)('is not started with tools over %s', async (_what, switches, words) => {
    await expect((await open(two(switches))).start()).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining(words),
    });
  });

  it.each([
    ['resumed', 'session-two', 'resumed'],
    ['new when the agent has forgotten it', 'session-one', 'new'],
  ] as const)('goes on with a session: %s', async (_what, continueFrom, continuity) => {
    const { world } = await open(two());
    const link = await world.start({ id: 'fixture' }, { continueFrom });
    expect([link.continuity, link.agentSession]).toEqual([continuity, 'session-two']);
    expect(await link.prompt(script({ say: 'now' }))).toBe('end_turn');
  });

  it('tells its sessions, and is logged in and out', async () => {
    const { world } = await open(two());
    expect(await world.agents.sessions?.('fixture')).toMatchObject([{ id: 'session-two', title: 'Earlier' }]);
    await world.agents.deleteSession?.('fixture', 'session-two');
    await world.agents.login?.('fixture', 'browser');
    await world.agents.logout?.('fixture');
  });

  it('sets an option, and has no modes', async () => {
    const { link, heard } = await run();
    await link.setOption('model', 'big');
    expect(heard.updates.at(-1)).toMatchObject({ kind: 'options', options: [{ id: 'model', value: 'big' }] });
    await expect(link.setMode('ask')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe('a turn of version 2', () => {
  it('ends with the reason that the agent gives, and says so when it gives none that is known', async () => {
    const { link, heard } = await run();
    await heard.until(({ kind }) => kind === 'commands');
    const unknown = { kind: 'notice', text: expect.stringContaining('without a known reason') };
    const cases: readonly [string, object, readonly object[]][] = [
      ['end_turn', { stopReason: 'end_turn' }, []],
      ['max_tokens', { stopReason: 'max_tokens' }, []],
      ['refusal', { stopReason: 'refusal' }, []],
      ['end_turn', {}, [unknown]],
      ['end_turn', { stopReason: 'tea time' }, [unknown]],
    ];
    for (const [reason, stop, more] of cases) {
      const before = heard.updates.length;
      expect(await link.prompt(script({ say: 'last words' }, { stop }))).toBe(reason);
      expect(heard.updates.slice(before)).toMatchObject([{ kind: 'user-echo' }, { text: 'last words' }, ...more]);
    }
  });

  it('lasts while the agent waits for somebody, and the next one has an end of its own', async () => {
    const { link, heard } = await run();
    await link.prompt(script({ state: ['requires_action'] }, { state: ['running'] }, { say: 'one' }));
    await link.prompt(script({ say: 'two' }));
    expect(heard.text()).toBe('onetwo');
  });

  it('ends although the prompt was answered last', async () => {
    const { link } = await run(['--late-answer']);
    expect(await link.prompt(script({ stop: { stopReason: 'refusal' } }))).toBe('refusal');
  });

  it('is cancelled', async () => {
    const { link, heard } = await run();
    const prompted = link.prompt(script({ say: 'busy' }, { untilCancelled: null }, { heard: null }));
    await heard.until((update) => update.kind === 'message' && update.text === 'busy');
    await link.cancel();
    expect(await prompted).toBe('cancelled');
    expect(heard.text()).toContain('"method":"session/cancel","params":{"sessionId":"session-two"}');
  });

  it.each([
    ['refused', { refuse: { code: -32603, message: 'no credit' } }, 'INTERNAL', 'Two reports an error: no credit'],
    [
      'ended by an error',
      { stop: { stopReason: 'error', error: { code: -32603, message: 'model is gone' } } },
      'INTERNAL',
      'Two reports an error: model is gone',
    ],
    ['ended by an error without words', { stop: { stopReason: 'error' } }, 'INTERNAL', 'did not say why'],
    ['ended by a crash', { exit: 3 }, 'CONNECTION_LOST', 'status 3: the license has expired'],
  ] as const)('rejects when it is %s', async (_what, step, code, words) => {
    const { link } = await run();
    await expect(link.prompt(script(step))).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });
});

describe('what an agent of version 2 asks its user', () => {
  const options = ['allow_always', 'allow_once', 'reject_once'].map((kind) => ({
    optionId: `o-${kind}`,
    name: kind,
    kind,
  }));
  const subjects: readonly [string, object | null, string, string][] = [
    ['a tool call', { type: 'tool_call', toolCall: { toolCallId: 'c1', rawInput: { a: 1 } } }, 'c1', '{"a":1}'],
    ['a command of its own', { type: 'command', command: 'rm -rf /', cwd: '/w' }, 'without a tool call', 'rm -rf /'],
    ['nothing that it names', null, 'without a tool call', 'did not say'],
  ];
  it.each(subjects)('is a card for %s', async (_what, subject, id, detail) => {
    const { link, heard } = await run();
    link.onLocalPermission((request) => {
      expect(request.toolCallId).toContain(id);
      expect(request.title).toBe('May I?');
      expect(request.detail).toContain(detail);
      link.answerLocal(request.id, true);
    });
    const params = { title: 'May I?', options, ...(subject ? { subject } : {}) };
    await link.prompt(script({ ask: { method: 'session/request_permission', params } }));
    expect(JSON.parse(heard.text())).toEqual({
      result: { outcome: { outcome: 'selected', optionId: 'o-allow_once' } },
    });
  });

  it('is withdrawn when the turn is cancelled', async () => {
    const { link, heard } = await run();
    link.onLocalPermission(() => void link.cancel());
    await link.prompt(script({ ask: { method: 'session/request_permission', params: { title: 'May I?', options } } }));
    expect(JSON.parse(heard.text())).toEqual({ result: { outcome: { outcome: 'cancelled' } } });
  });

  it('is refused for another session', async () => {
    const params = { sessionId: 'other', title: 'May I?', options };
    const [told] = await turn({ ask: { method: 'session/request_permission', params } });
    expect(told).toMatchObject({ text: expect.stringContaining('There is no session') });
  });

  it('is a form', async () => {
    const { link, heard } = await run();
    link.onForm((form) => {
      expect(form).toMatchObject({ message: 'Which?', fields: [{ name: 'name', kind: 'text', required: true }] });
      link.answerForm(form.id, { action: 'accept', values: { name: 'blue' } });
    });
    const requestedSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    const params = { mode: 'form', message: 'Which?', requestedSchema };
    await link.prompt(script({ ask: { method: 'elicitation/create', params } }));
    expect(JSON.parse(heard.text())).toEqual({ result: { action: 'accept', content: { name: 'blue' } } });
  });
});

describe('versions that do not fit', () => {
  const old = ['--answer=initialize={"protocolVersion":1,"agentInfo":{"name":"old","version":"1"}}'];
  const strict = ['--at=initialize=error'];
  const cases: readonly [string, AgentProfile, string][] = [
    ['an agent of version 2, asked for 1', two([], { protocol: 1 }), 'set "protocol": 2'],
    ['an agent of version 1, asked for 2', fixture(old, { protocol: 2 }), 'take "protocol" out'],
    ['an agent that refuses version 2', fixture(strict, { protocol: 2 }), 'out of order'],
    ['an agent of version 9, asked for 2', two(['--version-9']), 'speaks version 9'],
    ['an agent of version 9, asked for any', two(['--version-9'], { protocol: 'auto' }), 'speaks version 9'],
    ['an agent that refuses both', fixture(strict, { protocol: 'auto' }), 'out of order'],
  ];
  it.each(cases)('are said in one sentence: %s', async (_what, profile, words) => {
    await expect((await open(profile)).start()).rejects.toMatchObject({ message: expect.stringContaining(words) });
  });

  it.each([
    ['2', two([], { protocol: 'auto' }), 'Two'],
    ['1', fixture(old, { protocol: 'auto' }), 'old'],
  ] as const)('are found out with "auto": an agent of version %s', async (_version, profile, name) => {
    const link = await (await open(profile)).start();
    const heard = listen(link);
    expect(link.agentName).toBe(name);
    expect(await link.prompt(script({ say: 'here' }))).toBe('end_turn');
    expect(heard.text()).toBe('here');
    expect(heard.updates.filter((update) => update.kind === 'notice' && /no message/.test(update.text))).toEqual([]);
  });

  it('are told by the list and the probe, with the word experimental', async () => {
    const { world } = await open(two());
    const [listed] = await world.agents.list();
    expect(listed?.diagnostic).toContain('version 2 of the protocol, which is experimental');
    const probed = await world.agents.probe('fixture');
    expect(probed).toMatchObject({ availability: 'ready', version: '2.0.1' });
    expect(probed.diagnostic).toContain('Two answers in version 2 of the protocol, which is experimental');
  });
});
