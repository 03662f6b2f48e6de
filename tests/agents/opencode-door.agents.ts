/** opencode from npm, isolated, with a scripted model: which tools it has, how it waits, and what a denial tells the model. The gate is scripted. */
import { afterEach, describe, expect, it } from 'vitest';
import { opencode } from '../../src/adapters/acp/catalogue/opencode.ts';
import { operationNames } from '../../src/core/operations/table.ts';
import { createIsolation } from '../../src/runtime/isolation/create-isolation.ts';
import { type AgentWorld, agentWorld, listen } from '../fixtures/agent-world.ts';
import { type ModelReply, type ModelRequest, type ModelServer, startModelServer } from '../fixtures/model-server.ts';
import { type Answer, envelope, untilWithdrawn } from '../fixtures/scripted-gate.ts';
import { withScriptedModel } from '../fixtures/scripted-opencode.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(
  answer: Answer,
  scenario: (request: ModelRequest) => ModelReply,
): Promise<{ world: AgentWorld; model: ModelServer }> {
  const model = await startModelServer(scenario);
  ends.push(() => model.close());
  const isolation = createIsolation({ platform: process.platform, searchPath: process.env.PATH ?? '' });
  const world = await agentWorld({ answer, profiles: [withScriptedModel(opencode, model.url)], isolation });
  ends.push(() => world.dispose());
  return { world, model };
}

/** Calls each tool once, in order, then says that it is done. */
function calling(...calls: readonly { readonly call: string; readonly arguments: Record<string, unknown> }[]) {
  return (request: ModelRequest): ModelReply => calls[request.results.length] ?? { say: 'Done.' };
}

describe('opencode', () => {
  it('offers the model our eight tools and not one of its own', async () => {
    const { world, model } = await open((request) => envelope(request.operation), calling());
    const link = await world.start({ id: 'opencode' });
    expect(link.verdict.state).toBe('isolated, host network');
    const heard = listen(link);
    expect(await link.prompt('What can you do?')).toBe('end_turn');
    expect(heard.text()).toContain('Done.');
    const asked = model.requests.find((request) => request.tools.length > 0);
    expect([...(asked?.tools ?? [])].sort()).toEqual(operationNames.map((name) => `signalbox_${name}`).sort());
    expect(world.toolsListed()).toBeGreaterThan(0);
  });

  it('passes calls to the gate and whole answers to the model', async () => {
    const answer: Answer = (request) =>
      request.operation === 'list_servers'
        ? envelope('list_servers', { data: { servers: [] } })
        : envelope('remote_exec', {
            status: 'error',
            code: 'NON_ZERO_EXIT',
            server: 'web-1',
            data: { stdout: '', stderr: 'unit is inactive', encoding: 'utf-8', redacted: 0 },
            execution: { attempted: true, completed: true, exitCode: 3, durationMs: 1 },
          });
    const argv = ['systemctl', 'is-active', 'nginx'];
    const { world, model } = await open(
      answer,
      calling(
        { call: 'signalbox_list_servers', arguments: {} },
        { call: 'signalbox_remote_exec', arguments: { server: 'web-1', argv } },
      ),
    );
    const link = await world.start({ id: 'opencode' });
    const heard = listen(link);
    await link.prompt('Is nginx active?');
    expect(world.gate.requests.map((request) => request.operation)).toEqual(['list_servers', 'remote_exec']);
    expect(world.gate.requests[1]?.input).toEqual({ server: 'web-1', argv });
    const results = model.requests.at(-1)?.results ?? [];
    expect(results[1]).toContain('unit is inactive');
    expect(results[1]).toContain('exitCode 3');
    expect(heard.updates).toContainEqual(expect.objectContaining({ kind: 'tool-call', status: 'completed' }));
  });

  it('waits for a person longer than a client waits by default, and tells the model the reason of a denial', async () => {
    let deny: () => void = () => undefined;
    const answer: Answer = async (request) => {
      await new Promise<void>((resolve) => (deny = resolve));
      return envelope(request.operation, {
        status: 'error',
        code: 'APPROVAL_DENIED',
        message: 'The operator denied it: the port is taken, use 8081.',
      });
    };
    const write = {
      call: 'signalbox_remote_write_file',
      arguments: { server: 'web-1', path: '/etc/app.conf', content: 'port=8080\n' },
    };
    const { world, model } = await open(answer, calling(write));
    const link = await world.start({ id: 'opencode' });
    const turn = link.prompt('Set the port.');
    const request = await world.gate.request(0);
    expect(request.input).toEqual(write.arguments);
    // Progress every five seconds is the gate's part; without any, this must outlast the 60 s after which clients give up.
    await new Promise((resolve) => setTimeout(resolve, 65_000));
    expect(request.signal.aborted).toBe(false);
    deny();
    expect(await turn).toBe('end_turn');
    expect(model.requests.at(-1)?.results[0]).toContain('the port is taken, use 8081');
  });

  it('withdraws a waiting call when its turn is cancelled, and works on afterwards', async () => {
    const answer: Answer = (request) =>
      request.operation === 'remote_exec'
        ? untilWithdrawn(request)
        : envelope(request.operation, { data: { servers: [] } });
    const scenario = (request: ModelRequest): ModelReply =>
      request.prompt.includes('restart')
        ? { call: 'signalbox_remote_exec', arguments: { server: 'web-1', command: 'systemctl restart nginx' } }
        : calling({ call: 'signalbox_list_servers', arguments: {} })(request);
    const { world } = await open(answer, scenario);
    const link = await world.start({ id: 'opencode' });
    const turn = link.prompt('Please restart it.');
    const request = await world.gate.request(0);
    const withdrawn = new Promise((resolve) => request.signal.addEventListener('abort', resolve));
    await link.cancel();
    expect(await turn).toBe('cancelled');
    await withdrawn;
    expect(await link.prompt('Which servers are there?')).toBe('end_turn');
    expect(world.gate.requests.at(-1)?.operation).toBe('list_servers');
  });

  it('cannot use a tool of its own even when the model asks for it', async () => {
    const { world, model } = await open(
      (request) => envelope(request.operation),
      calling(
        { call: 'bash', arguments: { command: 'id', description: 'who am I' } },
        { call: 'read', arguments: { filePath: '/etc/passwd' } },
      ),
    );
    const link = await world.start({ id: 'opencode' });
    await link.prompt('Try your own tools.');
    const results = model.requests.flatMap((request) => request.results).join('\n');
    expect(results).not.toContain('uid=');
    expect(results).not.toContain('root:x:');
  });
});
