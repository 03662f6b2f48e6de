/** The same checks for every real agent: what its model is offered, and what becomes of reads, commands, writes, refusals, cancellation and death. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operationNames } from '../../src/core/operations/table.ts';
import { type AgentHost, readOrNull, startAgentHost, toStory } from '../fixtures/agent-host.ts';
import type { ModelReply, ModelRequest } from '../fixtures/model-server.ts';
import { type AgentDriver, versionOf } from './drivers/driver.ts';
import { type Seen, writeSeen } from './seen.ts';

/** Clients of MCP give up on a call after 60 s unless they are told otherwise or hear of progress. */
const longWaitMs = 65_000;

/**
 * A person takes a moment, and nothing tells when it is over: what must come first is that the agent has read our first progress, which
 * is sent with the card, and no agent says so. Where the cancellation crosses it, the MCP library of the agent has forgotten the call
 * already and reports "a progress notification for an unknown token" to the `onerror` of its client. That is harmless to all but Qwen
 * Code 0.24.4: its `McpClient` takes every such report for the end of the connection (`updateStatus("disconnected")`), and the next turn
 * is without our tools until it connects again. MCP lets progress and a cancellation cross, so there is nothing for us to hold back.
 */
const personMs = 1_000;

/** Some agents pass on the text of a result, some its structured content: each holds everything. */
const okPattern = /status: ok|"status": ?"ok"/;

export function describeRealAgent(driver: AgentDriver): void {
  describe(`${driver.profile.label} on two servers`, () => {
    let host: AgentHost;
    const seen: Seen = { agent: driver.profile.label, version: versionOf(driver), checks: {} };
    const toolOf = (operation: string): string => `${driver.toolPrefix}${operation}`;
    const call = (operation: string, input: Readonly<Record<string, unknown>>): ModelReply => ({
      call: toolOf(operation),
      arguments: input,
    });
    /** Calls one tool after another, whatever the answers are, then says that it is done. */
    const calling = (...calls: readonly ModelReply[]) => {
      const steps = [...driver.opening, ...calls];
      return (request: ModelRequest): ModelReply => steps[request.results.length] ?? { say: 'Done.' };
    };
    const results = (): readonly string[] => host.results().slice(driver.opening.length);
    const check = (name: keyof Seen['checks'], title: string, body: () => Promise<string>): void => {
      it(title, { timeout: 180_000 }, async () => {
        seen.checks[name] = 'failed';
        seen.checks[name] = await body();
      });
    };

    beforeAll(async () => {
      host = await startAgentHost(driver.profile.id, (model) => ({
        env: driver.env(model),
      }));
    });
    afterEach(() => host.killAll());
    afterAll(async () => {
      writeSeen(driver.profile.id, seen);
      await host?.stop();
    });

    check('offered', 'offers its model our eight tools and nothing else that was not known', async () => {
      const id = await host.begin('What can you do?', calling());
      const session = await host.ended(id);
      seen.isolation = session.isolation.state;
      expect(session.isolation.state).toMatch(/^isolated/);
      const offered = new Set(host.model.requests.flatMap((request) => request.tools));
      const wanted = [...operationNames.map(toolOf), ...driver.ownTools];
      expect([...offered].sort(), toStory(session)).toEqual(wanted.sort());
      return driver.ownTools.length === 0 ? 'ours only' : `ours and ${driver.ownTools.join(', ')}`;
    });

    check('reads', 'reads a file and runs a known command at once, on both servers', async () => {
      const command = (server: string): ModelReply => call('remote_exec', { server, argv: ['uname', '-s'] });
      const read = call('remote_read_file', { server: 'web-1', path: '/etc/hostname' });
      const id = await host.begin(
        'Compare the two.',
        calling(call('list_servers', {}), command('web-1'), command('web-2'), read),
      );
      const session = await host.ended(id);
      expect(results(), toStory(session)).toHaveLength(4);
      expect(results()[0]).toContain('web-2');
      for (const result of results().slice(1, 3)) expect(result).toContain('Linux');
      expect(results()[3]).toContain(readOrNull('/etc/hostname')?.trim());
      expect(session.localCards).toEqual([]);
      expect(host.view().approvals).toEqual([]);
      return 'our tools, at once';
    });

    check('commands', 'waits with a command for longer than a minute, which then runs once', async () => {
      const path = join(host.folder(0), 'waited');
      const id = await host.begin(
        'Touch it.',
        calling(call('remote_exec', { server: 'web-1', command: `printf x >> ${path}` })),
      );
      const card = await host.card(id);
      await new Promise((resolve) => setTimeout(resolve, longWaitMs));
      expect(
        host.view().approvals.map((one) => one.id),
        toStory(host.view().sessions[id]),
      ).toEqual([card.id]);
      await host.approve(card);
      const session = await host.ended(id);
      expect(results()[0], toStory(session)).toMatch(okPattern);
      expect(readOrNull(path)).toBe('x');
      return 'our tools; known ones at once, others after approval (waited 65 s)';
    });

    check('writes', 'waits with a write until its diff is approved, and the file is there then', async () => {
      const path = join(host.folder(0), 'app.conf');
      const content = 'port = 8081\n';
      const id = await host.begin('Write it.', calling(call('remote_write_file', { server: 'web-1', path, content })));
      const card = await host.card(id);
      expect(card.subject).toMatchObject({ kind: 'write', path, diff: expect.stringContaining('+port = 8081') });
      expect(readOrNull(path)).toBeNull();
      await host.approve(card);
      const session = await host.ended(id);
      expect(readOrNull(path)).toBe(content);
      expect(results()[0], toStory(session)).toMatch(okPattern);
      return 'our tools, after approval of the diff';
    });

    check('denials', 'tells its model the reason of a denial, and nothing happened', async () => {
      const path = join(host.folder(1), 'other.conf');
      const id = await host.begin(
        'Write it there.',
        calling(call('remote_write_file', { server: 'web-2', path, content: 'x\n' })),
      );
      await host.deny(await host.card(id), 'the port is taken, use 9090');
      const session = await host.ended(id);
      expect(results()[0], toStory(session)).toContain('APPROVAL_DENIED');
      expect(results()[0]).toContain('the port is taken, use 9090');
      expect(readOrNull(path)).toBeNull();
      return 'denied: its model hears the reason';
    });

    check('cancels', 'withdraws its card when its turn is cancelled, and works on afterwards', async () => {
      const path = join(host.folder(0), 'never');
      const waits = calling(call('remote_exec', { server: 'web-1', command: `touch ${path} && true` }));
      const id = await host.begin('Touch it, then stop.', waits);
      const card = await host.card(id);
      await new Promise((resolve) => setTimeout(resolve, personMs));
      await host.connection.call('session.cancel', { session: id });
      const session = await host.ended(id);
      expect(session.lastTurn?.stop, toStory(session)).toBe('cancelled');
      await host.until((view) => !view.approvals.some((one) => one.id === card.id));
      expect(readOrNull(path)).toBeNull();
      await host.ask(id, 'Which servers are there?', calling(call('list_servers', {})));
      const later = await host.ended(id, 2);
      expect(results()[0], toStory(later)).toContain('web-2');
      return 'cancelled: card withdrawn, works on';
    });

    check('ownTools', 'cannot use tools of its own, even when its model asks for them', async () => {
      const steps = [...driver.opening, ...driver.localCalls];
      let step = 0;
      const id = await host.begin('Try your own tools.', () => steps[step++] ?? { say: 'Done.' });
      const session = await host.ended(id);
      const heard = host.model.requests.flatMap((request) => request.results).join('\n');
      expect(heard, toStory(session)).not.toContain('uid=');
      expect(heard).not.toContain('root:x:');
      expect(step).toBeGreaterThan(driver.opening.length);
      return 'refused';
    });

    check('death', 'is said to be gone when it is killed in the middle, and its card is withdrawn', async () => {
      const path = join(host.folder(0), 'dead');
      const waits = calling(call('remote_exec', { server: 'web-1', command: `touch ${path} && true` }));
      const id = await host.begin('Touch it, and die.', waits);
      const card = await host.card(id);
      const pids = host.agentPids();
      expect(pids).toHaveLength(1);
      for (const pid of pids) process.kill(-pid, 'SIGKILL');
      await host.until((view) => !view.approvals.some((one) => one.id === card.id));
      await host.until((view) => {
        const one = view.sessions[id];
        const isSaid = JSON.stringify([one?.problem, one?.items]).includes('SIGKILL');
        return isSaid && one?.state !== 'working' && one?.state !== 'waiting for you';
      });
      expect(readOrNull(path)).toBeNull();
      return 'killed: said so, card withdrawn';
    });
  });
}
