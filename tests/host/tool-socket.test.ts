/** The one door of an agent: it opens with the token of its session and with nothing else. */
import { existsSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openSession } from '../fixtures/open-session.ts';
import { type RunningHost, readToEnd, readUntil } from '../fixtures/running-host.ts';
import { whenDone } from '../fixtures/when-done.ts';

function knock(path: string, opening: string): Socket {
  const socket = connectSocket(path);
  whenDone(() => {
    socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.write(opening);
  return socket;
}

const initialize = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};

function refusals({ world }: Pick<RunningHost, 'world'>): unknown[] {
  return world.audit.entries
    .filter(({ type, rule }) => type === 'refused' && rule === 'door.token')
    .map(({ session, reason }) => ({ session, reason }));
}

describe('the tool socket', () => {
  it('admits the token of its session, and serves what came with it', async () => {
    const { agent } = await openSession();
    const { toolSocket, toolToken } = agent.options;
    const socket = knock(toolSocket, `${JSON.stringify({ token: toolToken })}\n${JSON.stringify(initialize)}\n`);
    expect(await readUntil(socket, '"serverInfo"')).toContain('signalbox');
  });

  it('refuses every other token, tells why, and records it', async () => {
    const running = await openSession();
    const { agent, agents, connection, id } = running;
    const foreign = await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    const over = await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    await connection.call('session.kill', { session: over.id });
    expect(foreign.id).not.toBe(over.id);
    const openings: readonly [string, string][] = [
      [JSON.stringify({ token: agents.started[1]?.options.toolToken }), 'The token belongs to another session.'],
      [JSON.stringify({ token: agents.started[2]?.options.toolToken }), 'The token belongs to a session that is over.'],
      [JSON.stringify({ token: '0'.repeat(64) }), 'unknown'],
      [JSON.stringify({ token: '' }), 'unknown'],
      [JSON.stringify({ token: 42 }), 'did not open with a token'],
      [JSON.stringify(initialize), 'did not open with a token'],
      ['null', 'did not open with a token'],
      ['not JSON', 'did not open with a token'],
      ['x'.repeat(10_000), 'did not open with a token'],
    ];
    for (const [opening, words] of openings) {
      const said = await readToEnd(knock(agent.options.toolSocket, `${opening}\n${JSON.stringify(initialize)}\n`));
      expect(said).toContain(words);
      expect(said).not.toContain('serverInfo');
    }
    const recorded = refusals(running);
    expect(recorded).toHaveLength(openings.length);
    for (const [index, [, words]] of openings.entries()) {
      expect(recorded[index]).toMatchObject({ session: id, reason: expect.stringContaining(words) });
    }
  });

  it('refuses the token of an earlier run of the host for the same session, and the door of that run is gone', async () => {
    const { agent, connection, id, until, host, again } = await openSession();
    const { toolToken, toolSocket } = agent.options;
    await connection.call('session.prompt', { session: id, text: 'How is web-1?' });
    await until((view) => view.sessions[id]?.lastTurn);
    await host.stop('test');
    const next = await again();
    await next.connection.call('session.prompt', { session: id, text: 'And now?' });
    await next.until((view) => view.sessions[id]?.lastTurn?.number === 2);
    const now = next.agents.started[0]?.options;
    expect(now?.toolToken).not.toBe(toolToken);
    const said = await readToEnd(knock(now?.toolSocket ?? '', `${JSON.stringify({ token: toolToken })}\n`));
    expect(said).toContain('of an earlier run of the host');
    expect(refusals(next)).toEqual([{ session: id, reason: expect.stringContaining('earlier run') }]);
    if (now?.toolSocket !== toolSocket) expect(existsSync(toolSocket)).toBe(false);
  });

  it('is no other door: its token opens neither the control socket nor, from there, a session', async () => {
    const { agent, rawSocket } = await openSession();
    const control = await rawSocket();
    control.write(`${JSON.stringify({ token: agent.options.toolToken })}\n${JSON.stringify(initialize)}\n`);
    const said = await readToEnd(control);
    expect(said).not.toContain('serverInfo');
    expect(said).not.toContain('"snapshot"');
  });

  it('lets go of a refused client that does not hang up', async () => {
    const { agent, clock } = await openSession({}, 'by hand');
    const socket = connectSocket({ path: agent.options.toolSocket, allowHalfOpen: true });
    whenDone(() => void socket.destroy());
    const failed = new Promise<string>((resolve) =>
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? '')),
    );
    const ended = new Promise((resolve) => socket.resume().once('end', resolve));
    socket.write('{"token":"x"}\n');
    await ended;
    expect(socket.writable).toBe(true);
    clock.advance(1_000);
    const sending = setInterval(() => socket.write('more\n'), 5);
    expect(await failed).toMatch(/EPIPE|ECONNRESET/);
    clearInterval(sending);
  });

  it('withdraws the card of a client that goes away', async () => {
    const { agent, until } = await openSession();
    const { toolSocket, toolToken } = agent.options;
    const call = {
      ...{ jsonrpc: '2.0', id: 2, method: 'tools/call' },
      params: { name: 'remote_exec', arguments: { server: 'web-1', command: 'reboot' } },
    };
    const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
    const lines = [{ token: toolToken }, initialize, initialized, call].map((line) => `${JSON.stringify(line)}\n`);
    const socket = knock(toolSocket, lines.join(''));
    await until((view) => view.approvals.length === 1);
    socket.destroy();
    await until((view) => view.approvals.length === 0);
    expect(await until((view) => view.panes['web-1']?.blocks[0])).toMatchObject({ tool: 'remote_exec' });
  });
});
