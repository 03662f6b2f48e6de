/** Qwen Code from npm, isolated, with a scripted model: its own tools are off, and ours reach the gate once, without a second question. */
import { afterEach, describe, expect, it } from 'vitest';
import { qwen } from '../../src/adapters/acp/catalogue/qwen.ts';
import type { LocalPermissionRequest } from '../../src/core/agents.ts';
import { createIsolation } from '../../src/runtime/isolation/create-isolation.ts';
import { agentWorld, listen } from '../fixtures/agent-world.ts';
import { type ModelReply, type ModelRequest, startModelServer } from '../fixtures/model-server.ts';
import { type Answer, envelope } from '../fixtures/scripted-gate.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Call = { readonly call: string; readonly arguments: Readonly<Record<string, unknown>> };

async function open(answer: Answer, ...calls: readonly Call[]) {
  const scenario = (request: ModelRequest): ModelReply => calls[request.results.length] ?? { say: 'Done.' };
  const model = await startModelServer(scenario);
  ends.push(() => model.close());
  const isolation = createIsolation({ platform: process.platform, searchPath: process.env.PATH ?? '' });
  const env = { ...process.env, OPENAI_API_KEY: 'sk-none', OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted' };
  const world = await agentWorld({ answer, profiles: [qwen], isolation, env });
  ends.push(() => world.dispose());
  const link = await world.start({ id: 'qwen' });
  const cards: LocalPermissionRequest[] = [];
  link.onLocalPermission((card) => {
    cards.push(card);
    link.answerLocal(card.id, false);
  });
  return { world, model, link, cards, heard: listen(link) };
}

const find: Call = {
  call: 'tool_search',
  arguments: { query: 'select:mcp__signalbox__remote_write_file,mcp__signalbox__remote_exec' },
};
const write: Call = {
  call: 'mcp__signalbox__remote_write_file',
  arguments: { server: 'web-1', path: '/etc/app.conf', content: 'port=8080\n' },
};

describe('Qwen Code', () => {
  it('calls our tools once each, without a question of its own, and passes the reason of a denial on', async () => {
    const denial = { status: 'error', code: 'APPROVAL_DENIED', message: 'The operator denied it: use 8081.' } as const;
    const { world, model, link, cards } = await open((request) => envelope(request.operation, denial), find, write);
    expect(await link.prompt('Set the port.')).toBe('end_turn');
    expect(world.gate.requests.map(({ operation, input }) => ({ operation, input }))).toEqual([
      { operation: 'remote_write_file', input: write.arguments },
    ]);
    expect(cards).toEqual([]);
    expect(model.requests.at(-1)?.results.at(-1)).toContain('use 8081');
  });

  it('offers the model nothing that works on this machine', async () => {
    const shell: Call = { call: 'run_shell_command', arguments: { command: 'id', is_background: false } };
    const read: Call = { call: 'read_file', arguments: { file_path: '/etc/passwd' } };
    const { model, link } = await open((request) => envelope(request.operation), find, shell, read);
    await link.prompt('Try your own tools.');
    const tools = new Set(model.requests.flatMap((request) => request.tools));
    expect([...tools].filter((name) => !name.startsWith('mcp__signalbox__')).sort()).toEqual([
      'todo_write',
      'tool_search',
    ]);
    const results = model.requests.flatMap((request) => request.results).join('\n');
    expect(results).not.toContain('uid=');
    expect(results).not.toContain('root:x:');
  });
});
