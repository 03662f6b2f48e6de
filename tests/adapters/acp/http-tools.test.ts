/** Agents that take tools over http only: the address they are given works, bare and in the sandbox, and goes with them. */
import { afterEach, describe, expect, it } from 'vitest';
import { createIsolation } from '../../../src/runtime/isolation/create-isolation.ts';
import { listen } from '../../fixtures/agent-world.ts';
import { canRun } from '../../fixtures/explain-skip.ts';
import { closeWorlds, fixture, open, script } from '../../fixtures/fixture-agent.ts';
import { envelope } from '../../fixtures/scripted-gate.ts';

afterEach(closeWorlds);

const isolation = createIsolation({ platform: process.platform, searchPath: process.env.PATH ?? '' });
const state = await isolation.available();
const data = { servers: [] };

async function callTools(more: Parameters<typeof open>[2], network: 'auto' | 'host' = 'auto') {
  const agent = fixture([], { mcp: 'http', network });
  const opened = await open(agent, (request) => envelope(request.operation, { data }), more);
  const link = await opened.start();
  const heard = listen(link);
  await link.prompt(script({ tools: [{ name: 'list_servers' }] }));
  return { ...opened, link, said: JSON.parse(heard.text()) };
}

describe('an agent that takes tools over http', () => {
  it('is given an address and a bearer, and calls through the gate', async () => {
    const { said, world, link } = await callTools({});
    expect(said.answers[0].structuredContent.data).toEqual(data);
    expect(world.gate.requests).toMatchObject([{ caller: { origin: 'agent', session: 's1' } }]);
    expect(world.toolsListed()).toBe(1);
    await link.dispose();
  });

  it('is not started where nobody opens an address for it', async () => {
    const agent = fixture([], { mcp: 'http' });
    const { world } = await open(agent);
    await expect(
      // A host that is older than this field has none.
      world.start({ id: 'fixture' }, { openToolEndpoint: undefined as never }),
    ).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe.runIf(canRun('an isolated agent', state))('an isolated agent that takes tools over http', () => {
  it.each(['auto', 'host'] as const)('reaches the same address with the network "%s"', async (network) => {
    const { said, link, world } = await callTools({ isolation }, network);
    expect(said.answers[0].structuredContent.data).toEqual(data);
    expect(world.gate.requests).toHaveLength(1);
    const own = network === 'auto' && (await isolation.ownNetwork()).ok;
    expect(link.verdict.state).toBe(own ? 'isolated' : 'isolated, host network');
  });
});
