/** An agent's files and terminals through the real gate: policy, approval and audit stand between the protocol and the server. */
import { afterEach, expect, it } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import type { Approval } from '../../../src/core/approval/approval.ts';
import { listen } from '../../fixtures/agent-world.ts';
import { closeWorlds, fixture, open, script } from '../../fixtures/fixture-agent.ts';
import { memoryWorld } from '../../fixtures/memory-world.ts';

afterEach(closeWorlds);

async function stage() {
  const memory = memoryWorld();
  const cards: Approval[] = [];
  const waiting: ((card: Approval) => void)[] = [];
  memory.queue.onAdded((card) => {
    cards.push(card);
    waiting.shift()?.(card);
  });
  const { start } = await open(fixture(), undefined, { gate: memory.gate });
  const link = await start();
  const heard = listen(link);
  return {
    memory,
    link,
    heard,
    cards,
    nextCard: () => new Promise<Approval>((resolve) => waiting.push(resolve)),
    answers: () => heard.updates.flatMap((update) => (update.kind === 'message' ? [JSON.parse(update.text)] : [])),
  };
}

const approve = { kind: 'approve', approver: 'operator@screen', grant: 'once' } as const;

it('a command that policy allows runs at once, and its output is read and released', async () => {
  const { link, answers, cards, memory } = await stage();
  const terminal = { terminalId: 'terminal-1' };
  await link.prompt(
    script(
      { ask: { method: 'terminal/create', params: { command: 'ok', args: ['uptime'] } } },
      { ask: { method: 'terminal/wait_for_exit', params: terminal } },
      { ask: { method: 'terminal/output', params: terminal } },
      { ask: { method: 'terminal/release', params: terminal } },
      { ask: { method: 'terminal/output', params: terminal } },
    ),
  );
  expect(answers()).toMatchObject([
    { result: terminal },
    { result: { exitCode: 0 } },
    { result: { output: 'ok uptime\n', truncated: false, exitStatus: { exitCode: 0 } } },
    { result: {} },
    { error: { data: { code: 'INVALID_ARGUMENT' } } },
  ]);
  expect(cards).toEqual([]);
  expect(memory.audit.entries.map((entry) => [entry.type, entry.agent])).toContainEqual(['permit', 'fixture']);
});

it('a command that must be asked for has no terminal before its approval, and none after a denial', async () => {
  const { link, answers, nextCard, memory } = await stage();
  let card = nextCard();
  const create = { ask: { method: 'terminal/create', params: { command: 'reboot' } } };
  let turn = link.prompt(script(create));
  const first = await card;
  expect(first.caller).toMatchObject({ door: 'acp', agent: 'fixture' });
  expect(answers()).toEqual([]);
  memory.queue.answer(first.id, { kind: 'deny', approver: 'operator@screen', reason: 'not in the evening' });
  await turn;
  expect(answers()).toMatchObject([
    {
      error: { code: -32000, data: { code: 'APPROVAL_DENIED', reason: expect.stringContaining('not in the evening') } },
    },
  ]);
  card = nextCard();
  turn = link.prompt(script(create));
  memory.queue.answer((await card).id, approve);
  await turn;
  expect(answers()[1]).toEqual({ result: { terminalId: 'terminal-1' } });
});

it('a terminal whose command runs answers before the command ends, and kill ends it', async () => {
  const { link, answers, memory } = await stage();
  memory.servers.run = (_argv, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ ended: 'cancelled', exitCode: null, signal: 'TERM' }), {
        once: true,
      });
    });
  const terminal = { terminalId: 'terminal-1' };
  await link.prompt(
    script(
      { ask: { method: 'terminal/create', params: { command: 'ok', args: ['sleep'] } } },
      { ask: { method: 'terminal/output', params: terminal } },
      { ask: { method: 'terminal/kill', params: terminal } },
      { ask: { method: 'terminal/output', params: terminal } },
    ),
  );
  const [created, live, killed, after] = answers();
  expect(created).toEqual({ result: terminal });
  expect(live.result.exitStatus).toBeUndefined();
  expect(killed).toEqual({ result: {} });
  expect(after.result).toMatchObject({ output: expect.stringContaining('CANCELLED'), exitStatus: { exitCode: null } });
});

it('a file is written only after its approval, and read back', async () => {
  const { link, answers, nextCard, memory } = await stage();
  memory.servers.files.set('/etc/app.conf', 'port=80\n');
  const path = '/etc/app.conf';
  const card = nextCard();
  const turn = link.prompt(
    script(
      { ask: { method: 'fs/write_text_file', params: { path, content: 'port=8080\n' } } },
      { ask: { method: 'fs/read_text_file', params: { path } } },
      { ask: { method: 'fs/read_text_file', params: { path: '/etc/none' } } },
    ),
  );
  const asked = await card;
  expect(asked.subject).toMatchObject({ kind: 'write', diff: expect.stringContaining('+port=8080') });
  expect(present(memory.servers.files.get(path), 'file')).toBe('port=80\n');
  memory.queue.answer(asked.id, approve);
  await turn;
  expect(memory.servers.files.get(path)).toBe('port=8080\n');
  const [written, read, missing] = answers();
  expect(written).toEqual({ result: {} });
  expect(read).toEqual({ result: { content: 'port=8080\n' } });
  expect(missing).toMatchObject({ error: { code: -32002 } });
});

it('a cancelled turn takes its card along', async () => {
  const { link, nextCard, memory } = await stage();
  const card = nextCard();
  const turn = link.prompt(script({ ask: { method: 'terminal/create', params: { command: 'reboot' } } }));
  await card;
  await link.cancel();
  expect(await turn).toBe('cancelled');
  expect(memory.queue.list()).toEqual([]);
});
