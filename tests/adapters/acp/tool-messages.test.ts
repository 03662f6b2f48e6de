/** Our tools over the agent's own connection (MCP-over-ACP): offered only to who advertises it, through the same door, with the same token. */
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentLink } from '../../../src/core/agents.ts';
import { listen } from '../../fixtures/agent-world.ts';
import { closeWorlds, fixture, open, script } from '../../fixtures/fixture-agent.ts';
import { type Answer, envelope, untilWithdrawn } from '../../fixtures/scripted-gate.ts';

afterEach(closeWorlds);

const advertising = fixture([
  '--answer=initialize={"protocolVersion":1,"agentCapabilities":{"mcpCapabilities":{"acp":true}}}',
]);
const version2 = fixture([], {
  command: [process.execPath, new URL('../../fixtures/acp-agent-v2.mjs', import.meta.url).pathname, '--mcp-over-acp'],
  protocol: 2,
});
const list = { method: 'tools/list' };
const exec = { method: 'tools/call', params: { name: 'remote_exec', arguments: { server: 'web-1', command: 'id' } } };

type Heard = ReturnType<typeof listen>;

async function run(answer: Answer = (request) => envelope(request.operation)): Promise<{
  readonly world: Awaited<ReturnType<typeof open>>['world'];
  readonly link: AgentLink;
  readonly heard: Heard;
}> {
  const { world, start } = await open(advertising, answer);
  const link = await start();
  return { world, link, heard: listen(link) };
}

describe('tools over the connection of the agent', () => {
  it.each([
    ['version 1', advertising],
    ['version 2', version2],
  ] as const)('are listed and called, in %s of the protocol', async (_version, agent) => {
    const { world, start } = await open(agent);
    const link = await start();
    const heard = listen(link);
    await link.prompt(script({ mcp: { method: 'server/discover' } }));
    await link.prompt(script({ mcp: list }));
    await link.prompt(script({ mcp: exec }));
    const [discovered, listed, called] = heard.updates.flatMap((one) =>
      one.kind === 'message' ? [JSON.parse(one.text).result.result] : [],
    );
    expect(discovered).toMatchObject({ instructions: expect.stringContaining('list_servers') });
    expect(listed.tools.map(({ name }: { name: string }) => name)).toContain('remote_exec');
    expect(called).toMatchObject({ structuredContent: { status: 'ok' } });
    expect(world.gate.requests).toMatchObject([
      { operation: 'remote_exec', caller: { origin: 'agent', door: 'mcp', session: 's1', servers: ['web-1'] } },
    ]);
    expect(world.toolsListed()).toBe(1);
  });

  it('come with neither token nor socket in the hands of the agent', async () => {
    const { link, heard } = await run();
    await link.prompt(script({ server: null }));
    expect(JSON.parse(heard.text())).toEqual({ type: 'acp', name: 'signalbox', serverId: expect.any(String) });
  });

  it('are offered by a program to an agent that does not advertise them, and refused as unknown', async () => {
    const link = await (await open()).start();
    const heard = listen(link);
    await link.prompt(script({ server: null }));
    await link.prompt(script({ mcp: { ...list, serverId: 'signalbox' } }));
    const [server, answer] = heard.updates.flatMap((one) => (one.kind === 'message' ? [JSON.parse(one.text)] : []));
    expect(server).toMatchObject({ name: 'signalbox', command: process.execPath });
    expect(answer).toMatchObject({ error: { code: -32601 } });
  });

  const refused: readonly [string, object, object][] = [
    ['a server that was not offered', { ...list, serverId: 'other' }, { error: { code: -33001 } }],
    ['a server without a name', { ...list, serverId: 7 }, { error: { code: -32602 } }],
    ['a question without a name', { ...list, requestId: 7 }, { error: { code: -32602 } }],
    ['no question', { method: 7 }, { error: { code: -32602 } }],
    ['a question without its version', { ...list, bare: true }, { result: { error: { code: -32602 } } }],
    [
      'a version that nobody speaks',
      { ...list, params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '1999-01-01' } } },
      { result: { error: { code: -32022 } } },
    ],
    ['an unknown method', { method: 'tools/paint' }, { result: { error: { code: -32601 } } }],
  ];
  it('refuse what is no question to them, and work on', async () => {
    const { world, link, heard } = await run();
    await link.prompt(script(...refused.map(([, question]) => ({ mcp: question }))));
    const answers = heard.updates.flatMap((one) => (one.kind === 'message' ? [JSON.parse(one.text)] : []));
    expect(answers).toHaveLength(refused.length);
    for (const [index, [what, , answer]] of refused.entries()) expect(answers[index], what).toMatchObject(answer);
    expect(world.gate.requests).toEqual([]);
    await link.prompt(script({ mcp: exec }));
    expect(world.gate.requests).toHaveLength(1);
  });

  it('refuse a token that the door does not take', async () => {
    const { world } = await open(advertising);
    const link = await world.start({ id: 'fixture' }, { toolToken: 'of-another-session-0123456789' });
    const heard = listen(link);
    await link.prompt(script({ mcp: list }));
    expect(JSON.parse(heard.text())).toMatchObject({
      error: { code: -33002, data: { details: expect.stringContaining('token is not valid any more') } },
    });
    expect([world.toolsListed(), world.gate.requests]).toEqual([0, []]);
  });

  it('tell progress by the name that the agent gave it, and then the answer of a call that waited', async () => {
    const { link, heard } = await run(async (request) => {
      request.onProgress?.({ state: 'waiting', approvalId: '1', elapsedMs: 0, message: 'waits for the operator' });
      return await new Promise((resolve) => setImmediate(() => resolve(envelope(request.operation))));
    });
    const question = { ...exec, requestId: 'q1', params: { ...exec.params, _meta: { progressToken: 'mine' } } };
    await link.prompt(script({ mcp: question }, { notified: null }));
    const [answer, notified] = heard.updates.flatMap((one) => (one.kind === 'message' ? [JSON.parse(one.text)] : []));
    expect(answer).toMatchObject({ result: { result: { structuredContent: { status: 'ok' } } } });
    expect(notified).toMatchObject([
      {
        method: 'mcp/message',
        params: {
          ...{ requestId: 'q1', method: 'notifications/progress' },
          params: { progressToken: 'mine', message: expect.stringContaining('waits for the operator') },
        },
      },
    ]);
  });

  it('withdraw a call that waits when the agent takes it back', async () => {
    const { world, link, heard } = await run(untilWithdrawn);
    await link.prompt(script({ mcpLater: exec }));
    const request = await world.gate.request(0);
    expect(request.signal.aborted).toBe(false);
    await link.prompt(script({ cancelLast: null }));
    await heard.until((update) => update.kind === 'message' && update.text.includes('-32800'));
    await aborted(request.signal);
  });

  it('withdraw a call that waits when the turn is cancelled, and do nothing until the next prompt', async () => {
    const { world, link, heard } = await run(untilWithdrawn);
    const prompted = link.prompt(script({ mcp: exec }, { mcp: exec }));
    const request = await world.gate.request(0);
    await link.cancel();
    expect(await prompted).toBe('cancelled');
    await aborted(request.signal);
    const answers = heard.updates.flatMap((one) => (one.kind === 'message' ? [JSON.parse(one.text)] : []));
    expect(answers).toMatchObject([
      { error: { code: -32800 } },
      { error: { code: -32800, data: { code: 'CANCELLED' } } },
    ]);
    expect(world.gate.requests).toHaveLength(1);
    await link.prompt(script({ mcp: list }));
    expect(heard.text()).toContain('remote_exec');
  });

  it('withdraw a call that waits when the agent is gone', async () => {
    const { world, link } = await run(untilWithdrawn);
    const prompted = link.prompt(script({ mcp: exec })).catch((error: Error) => error.message);
    const request = await world.gate.request(0);
    await link.dispose();
    await aborted(request.signal);
    expect(await prompted).toContain('is gone');
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
