/** `agent probe --live`: which file an agent saw, by its answer and by what went through the gate; for honest agents and for others. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeAnswer } from '../../../src/cli/agent/canary.ts';
import type { ScriptedAgent } from '../../fixtures/scripted-agents.ts';
import { cliHost } from '../cli-host.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-canary-'));
  path = join(folder, 'canary');
  writeFileSync(path, 'common\nof this machine\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What an agent does with its tools. */
async function readThroughTools({ options }: ScriptedAgent, file: string): Promise<string> {
  const socket = connect(options.toolSocket);
  socket.write(`${JSON.stringify({ token: options.toolToken })}\n`);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioServerTransport(socket, socket));
  try {
    const { structuredContent } = await client.callTool({
      name: 'remote_read_file',
      arguments: { server: 'web-1', path: file },
    });
    return (structuredContent as { data: { content: string } }).data.content;
  } finally {
    await client.close();
  }
}

async function probe(
  onPrompt: (agent: ScriptedAgent, say: (text: string) => void) => Promise<void>,
  words = ['--path', path],
) {
  const running = await cliHost();
  running.world.servers.files.set(path, 'common\nof the server\n');
  running.agents.onStart = (agent) => {
    agent.onPrompt = async () => {
      await onPrompt(agent, (text) => agent.updates.fire({ kind: 'message', text }));
      return 'end_turn';
    };
  };
  const run = await running.cli(['agent', 'probe', '--live', 'scripted', '--server', 'web-1', '--json', ...words]);
  return { run, running, found: run.stdout === '' ? null : JSON.parse(run.stdout) };
}

describe('a live probe', () => {
  it('of an agent that reads through the gate is content, in a session that can only read and is gone afterwards', async () => {
    const { run, running, found } = await probe(async (agent, say) => say(await readThroughTools(agent, path)));
    expect(run.code, run.stderr).toBe(0);
    expect(found).toMatchObject({ saw: 'server', throughGate: true, localCards: [], otherTools: [], path });
    expect(run.stderr).toContain('This spends tokens of its model');
    expect(running.agents.started[0]?.options.readonly).toBe(true);
    expect(running.agents.started[0]?.prompts[0]).not.toContain('of the server\n');
    expect(running.host.view.sessions).toEqual({});
  });

  it('tells of an agent that read the file of this machine', async () => {
    const { run, found } = await probe(async (_agent, say) => say('common\nof this machine'));
    expect(found).toMatchObject({ saw: 'here', throughGate: false });
    expect(run.code).toBe(6);
  });

  it('is not content with the right words that did not come through the gate', async () => {
    const { run, found } = await probe(async (_agent, say) => say('of the server'));
    expect(found).toMatchObject({ saw: 'server', throughGate: false });
    expect(run.code).toBe(6);
  });

  it('refuses local actions, and names them and other tools', async () => {
    const { run, running, found } = await probe(async (agent, say) => {
      agent.updates.fire({ kind: 'tool-call', id: 't1', title: 'Bash: cat', status: 'completed' });
      agent.updates.fire({ kind: 'tool-call', id: 't2', title: 'signalbox_remote_read_file', status: 'completed' });
      agent.local.fire({ id: 'l1', toolCallId: 't1', title: 'Run cat', detail: '', unexpected: true });
      while (agent.localAnswers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      say(await readThroughTools(agent, path));
    });
    expect(running.agents.started[0]?.localAnswers).toEqual([{ id: 'l1', allow: false }]);
    expect(found).toMatchObject({ saw: 'server', localCards: ['Run cat'], otherTools: ['Bash: cat'] });
    expect(run.code).toBe(6);
  });

  it('hears the last words of an agent that ends its turn before it has sent them', async () => {
    const { run, found } = await probe(async (agent, say) => {
      const content = await readThroughTools(agent, path);
      // Longer than the host takes to tell of the end of the turn: they come one after another on one connection.
      setTimeout(() => say(content), 200);
    });
    expect(found).toMatchObject({ saw: 'server', throughGate: true, turns: 1 });
    expect(run.code, run.stderr).toBe(0);
  });

  it('asks once more when the first turn began before the agent knew its tools', async () => {
    const { run, running, found } = await probe(async (agent, say) =>
      say(agent.prompts.length === 1 ? 'CANNOT' : await readThroughTools(agent, path)),
    );
    expect(found).toMatchObject({ saw: 'server', throughGate: true, turns: 2 });
    expect(running.agents.started[0]?.prompts).toHaveLength(2);
    expect(run.code, run.stderr).toBe(0);
  });

  it('asks no second time when its tools were used, whatever the answer says', async () => {
    const { run, found } = await probe(async (agent, say) => {
      await readThroughTools(agent, path);
      say('It holds two lines.');
    });
    expect(found).toMatchObject({ saw: 'neither', throughGate: true, turns: 1 });
    expect(run.code).toBe(6);
  });

  it('says of an agent that asks before it uses our tools that it was refused, and asks it no second time', async () => {
    const running = await probe(async (agent, say) => {
      agent.local.fire({ id: 'l1', toolCallId: 't1', title: 'signalbox: read', detail: '', unexpected: true });
      while (agent.localAnswers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      say('CANNOT');
    });
    expect(running.found).toMatchObject({ saw: 'neither', turns: 1, localCards: ['signalbox: read'] });
    expect(running.run.code).toBe(6);
  });

  it('tells of an agent that dies, or says nothing of use', async () => {
    const silent = await probe(async (_agent, say) => say('CANNOT'));
    expect([silent.found.saw, silent.found.turns, silent.run.code]).toEqual(['neither', 2, 6]);
    const dead = await probe(async (agent) => {
      agent.exits.fire({ reason: 'It was killed.', expected: false });
      throw new Error('gone');
    });
    expect(dead.found).toMatchObject({ saw: 'neither', problem: expect.any(String) });
    expect(dead.run.code).toBe(6);
  });

  it('finds a file by itself that differs, and that says more than the question', async () => {
    const running = await cliHost();
    running.world.servers.files.set('/etc/machine-id', 'web-1\n');
    running.world.servers.files.set('/etc/hostname', 'a-name-of-the-server\n');
    running.agents.onStart = (agent) => {
      agent.onPrompt = async () => {
        agent.updates.fire({ kind: 'message', text: await readThroughTools(agent, '/etc/hostname') });
        return 'end_turn';
      };
    };
    const run = await running.cli(['agent', 'probe', '--live', 'scripted', '--server', 'web-1']);
    expect(run.stdout).toMatch(/^it saw +\/etc\/hostname of web-1, through the gate\.$/m);
    expect(run.stdout).toMatch(/^isolation +isolated: bubblewrap$/m);
    expect(run.code).toBe(0);
  });

  it.each([
    ['without a server', ['agent', 'probe', '--live', 'scripted'], /--server/],
    [
      'without a file that differs',
      ['agent', 'probe', '--live', 'scripted', '--server', 'web-1'],
      /name one that differs with --path/,
    ],
    ['of an unknown server', ['agent', 'probe', '--live', 'scripted', '--server', 'nope'], /no server "nope"/],
    [
      'with a file that is not there',
      ['agent', 'probe', '--live', 'scripted', '--server', 'web-1', '--path', '/nope'],
      /nope/,
    ],
  ])('%s starts no agent', async (_what, words, message) => {
    const { cli, agents } = await cliHost();
    const run = await cli(words);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(message);
    expect(agents.started).toEqual([]);
  });
});

describe('an answer', () => {
  const canary = { path: '/x', there: 'of the server', here: 'of this machine' };
  it.each([
    ['of the server', canary, 'server'],
    ['```\nof the server\n```', canary, 'server'],
    ['of this machine', canary, 'here'],
    ['of this machine, of the server', canary, 'both'],
    ['Of The Server', canary, 'neither'],
    ['', canary, 'neither'],
    ['of this machine', { ...canary, here: null }, 'neither'],
  ] as const)('%j is of the file: %j, %s', (answer, file, seen) => {
    expect(judgeAnswer(answer, file)).toBe(seen);
  });
});
