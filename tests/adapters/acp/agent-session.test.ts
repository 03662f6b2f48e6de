/** Turns of a real process that speaks the protocol: what it says, what world it finds, and how a turn is cancelled. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { limits } from '../../../src/core/limits.ts';
import { operationNames } from '../../../src/core/operations/table.ts';
import { listen, toolToken } from '../../fixtures/agent-world.ts';
import { closeWorlds, fixture, open, script } from '../../fixtures/fixture-agent.ts';
import { envelope, untilWithdrawn } from '../../fixtures/scripted-gate.ts';

afterEach(closeWorlds);

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

  it('has the work folder of its session as its working directory', async () => {
    const { world, start } = await open();
    const link = await start(['web-1', 'db-1']);
    const heard = listen(link);
    const folder = join(world.paths.workFolder, 's1');
    await link.prompt(script({ cwd: null }, { say: ' ' }, { exists: join(folder, 'db-1') }));
    expect(heard.text()).toBe(`${folder} true`);
  });
});

describe('cancelling', () => {
  it('ends the turn of an agent that does not react, with a word about it', async () => {
    const clock: Clock = {
      ...systemClock,
      after: (delayMs, call) => systemClock.after(delayMs === limits.agentCancelGraceMs ? 50 : delayMs, call),
    };
    const { start } = await open(fixture(), undefined, { clock });
    const link = await start();
    const heard = listen(link);
    const turn = link.prompt(script({ say: 'busy' }, { hang: null }));
    await heard.until((update) => update.kind === 'message');
    await link.cancel();
    expect(await turn).toBe('cancelled');
    expect(heard.updates.at(-1)).toMatchObject({
      kind: 'notice',
      text: expect.stringContaining('did not end its turn'),
    });
  });

  it('is what ended the turn, also of an agent that says it ended by itself', async () => {
    const { start } = await open();
    const link = await start();
    const turn = link.prompt(script({ untilCancelled: null }, { stop: 'end_turn' }));
    await link.cancel();
    expect(await turn).toBe('cancelled');
    expect(await link.prompt(script({ say: 'back' }))).toBe('end_turn');
  });

  it('ends the tool call of an agent that forgets it', async () => {
    const { world, start } = await open(fixture(), untilWithdrawn);
    const link = await start();
    const heard = listen(link);
    const turn = link.prompt(
      script(
        { tools: [{ name: 'remote_exec', arguments: { server: 'web-1', command: 'reboot' } }] },
        // The answer of the tool may come before the cancellation, on its other way.
        { untilCancelled: null },
      ),
    );
    const request = await world.gate.request(0);
    await link.cancel();
    expect(request.signal.aborted).toBe(true);
    expect(await turn).toBe('cancelled');
    // What the agent says last may be handed out after the turn.
    await heard.until((update) => update.kind === 'message');
    expect(JSON.parse(heard.text()).answers[0]).toMatchObject({
      isError: true,
      structuredContent: { code: 'CANCELLED' },
    });
  });

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
