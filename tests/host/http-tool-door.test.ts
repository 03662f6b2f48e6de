/** The door of an agent that takes tools over http only: it opens for its own token, in its own session, for as long as that lives. */
import { connect as connectSocket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ToolEndpoint } from '../../src/core/agents.ts';
import { ask, connectHttp, initialize, json } from '../fixtures/open-http-door.ts';
import { openSession } from '../fixtures/open-session.ts';
import { type RunningHost, readToEnd, readUntil } from '../fixtures/running-host.ts';
import type { ScriptedAgent } from '../fixtures/scripted-agents.ts';
import { whenDone } from '../fixtures/when-done.ts';

function openEndpoint({ options }: ScriptedAgent): Promise<ToolEndpoint> {
  if (!options.openToolEndpoint) throw new Error('The session offers no address.');
  return options.openToolEndpoint();
}

function refusals({ world }: Pick<RunningHost, 'world'>): unknown[] {
  return world.audit.entries
    .filter(({ type, rule }) => type === 'refused' && String(rule).startsWith('door.'))
    .map(({ session, rule, reason }) => ({ session, rule, reason }));
}

describe('the door over http', () => {
  it('admits the token of its session, whose calls reach the gate with its scope', async () => {
    const { agent } = await openSession();
    const { url, port } = await openEndpoint(agent);
    expect(url).toBe(`http://127.0.0.1:${port}/mcp`);
    expect((await openEndpoint(agent)).port).toBe(port);
    const client = await connectHttp(url, agent.options.toolToken);
    const result = await client.callTool({ name: 'list_servers', arguments: {} });
    expect(result.structuredContent).toMatchObject({ data: { servers: [{ id: 'web-1' }] } });
    const out = await client.callTool({ name: 'remote_stat', arguments: { server: 'db-1', path: '/etc' } });
    expect(out.structuredContent).toMatchObject({ code: 'SERVER_OUT_OF_SCOPE' });
  });

  it('refuses every other token and every other place, tells why, and records it', async () => {
    const running = await openSession();
    const { agent, agents, connection, id } = running;
    await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    const over = await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    await connection.call('session.kill', { session: over.id });
    const { url, port } = await openEndpoint(agent);
    const bearer = (token?: string) => ({ authorization: `Bearer ${token}` });
    const own = bearer(agent.options.toolToken);
    const asked: readonly [Record<string, string>, number, string, string][] = [
      [bearer(agents.started[1]?.options.toolToken), 401, 'door.token', 'The token belongs to another session.'],
      [bearer(agents.started[2]?.options.toolToken), 401, 'door.token', 'The token belongs to a session that is over.'],
      [bearer('0'.repeat(64)), 401, 'door.token', 'unknown'],
      [{}, 401, 'door.token', 'did not open with a token'],
      [{ ...own, host: `evil.example:${port}` }, 403, 'door.address', 'Host'],
      [{ ...own, origin: 'https://evil.example' }, 403, 'door.address', 'Origin'],
    ];
    for (const [headers, status, , words] of asked) {
      const answer = await ask(url, { headers: { ...json, ...headers }, body: initialize });
      expect(answer.status).toBe(status);
      expect(answer.text).toContain(words);
      expect(answer.text).not.toContain('serverInfo');
    }
    expect(refusals(running)).toEqual(
      asked.map(([, , rule, words]) => ({ session: id, rule, reason: expect.stringContaining(words) })),
    );
  });

  it('does not open the door of another session with a session id of the protocol', async () => {
    const { agent, agents, connection } = await openSession();
    await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['db-1'] });
    const other = agents.started[1] as ScriptedAgent;
    const first = await openEndpoint(agent);
    const second = await openEndpoint(other);
    const headersOf = ({ options }: ScriptedAgent) => ({ ...json, authorization: `Bearer ${options.toolToken}` });
    const begun = await ask(first.url, { headers: headersOf(agent), body: initialize });
    const id = String(begun.headers['mcp-session-id']);
    const list = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    const there = await ask(second.url, { headers: { ...headersOf(other), 'mcp-session-id': id }, body: list });
    expect(there.status).toBe(404);
    const here = await ask(first.url, { headers: { ...headersOf(agent), 'mcp-session-id': id }, body: list });
    expect(here.status).toBe(200);
  });

  it('ends with its session: the card is withdrawn and nobody listens any more', async () => {
    const { agent, connection, id, until } = await openSession();
    const { url } = await openEndpoint(agent);
    const client = await connectHttp(url, agent.options.toolToken);
    const call = client.callTool({ name: 'remote_exec', arguments: { server: 'web-1', command: 'reboot' } });
    await until((view) => view.approvals.length === 1);
    await connection.call('session.kill', { session: id });
    expect((await call).structuredContent).toMatchObject({ code: 'CANCELLED', execution: { attempted: false } });
    await until((view) => view.approvals.length === 0);
    await expect(ask(url, { headers: json, body: initialize })).rejects.toThrow(/ECONNREFUSED/);
  });

  it('is reached through the socket, too, with both the token of the socket and the bearer', async () => {
    const { agent } = await openSession();
    const { port } = await openEndpoint(agent);
    const { toolSocket, toolToken } = agent.options;
    const post = (authorization: string): string =>
      `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: ${authorization}\r\nconnection: close\r\n` +
      `content-type: application/json\r\naccept: application/json, text/event-stream\r\n` +
      `content-length: ${initialize.length}\r\n\r\n${initialize}`;
    const dial = (opening: object, rest: string) => {
      const socket = connectSocket(toolSocket);
      whenDone(() => {
        socket.destroy();
      });
      socket.write(`${JSON.stringify(opening)}\n${rest}`);
      return socket;
    };
    const opening = { token: toolToken, speaks: 'http' };
    expect(await readUntil(dial(opening, post(`Bearer ${toolToken}`)), 'serverInfo')).toContain('200 OK');
    expect(await readToEnd(dial(opening, post('Bearer x')))).toContain('401');
    expect(await readToEnd(dial({ token: 'x', speaks: 'http' }, post(`Bearer ${toolToken}`)))).toContain('unknown');
  });

  it('does not exist before it was asked for', async () => {
    const { agent } = await openSession();
    const socket = connectSocket(agent.options.toolSocket);
    whenDone(() => {
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.write(`${JSON.stringify({ token: agent.options.toolToken, speaks: 'http' })}\nGET / HTTP/1.1\r\n\r\n`);
    expect(await readToEnd(socket)).toBe('');
  });
});
