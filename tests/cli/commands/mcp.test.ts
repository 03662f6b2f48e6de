/** Our tools for an MCP client: a session of its own, approvals on the screen, and a clear word when the host is lost. */
import { describe, expect, it } from 'vitest';
import { testParts } from '../../fixtures/host-parts.ts';
import { startMcpHost } from '../../fixtures/mcp-host.ts';
import { runHost, runHostOn } from '../../fixtures/running-host.ts';
import { cliHost } from '../cli-host.ts';

async function openMcp(...argv: readonly string[]) {
  const host = await cliHost();
  const screen = await host.screen();
  const mcp = startMcpHost(host.home, '--server', 'web-1', ...argv);
  await mcp.connect();
  const session = await screen.until((view) => Object.values(view.sessions)[0]);
  return { ...host, ...screen, ...mcp, host: host.host, session };
}

const reboot = { name: 'remote_exec', arguments: { server: 'web-1', command: 'reboot' } };

describe('an MCP client', () => {
  it('has a session that says what it is, until it hangs up', async () => {
    const { until, cli, hangUp, code, session } = await openMcp('--title', 'My editor');
    expect(session).toMatchObject({ origin: 'external', title: 'My editor', servers: ['web-1'], state: 'idle' });
    expect(session.isolation).toMatchObject({ state: 'NOT CONTAINED', reason: expect.stringContaining('outside') });
    // What it calls itself is shown as such.
    await until((view) => view.sessions[session.id]?.agent === 'The Editor');
    const listed = await cli(['ls']);
    expect(listed.stdout).toMatch(/idle\s+The Editor\s+web-1\s+NOT CONTAINED .*My editor/);
    hangUp();
    expect(await code).toBe(0);
    await until((view) => Object.keys(view.sessions).length === 0);
  });

  it('works in its scope, and what it does is recorded as its own', async () => {
    const { client, world, until, session } = await openMcp();
    const done = await client.callTool({ name: 'remote_exec', arguments: { server: 'web-1', argv: ['ok', 'uptime'] } });
    expect(done.structuredContent).toMatchObject({ status: 'ok' });
    const out = await client.callTool({ name: 'remote_exec', arguments: { server: 'db-1', argv: ['uptime'] } });
    expect(out.structuredContent).toMatchObject({ code: 'SERVER_OUT_OF_SCOPE' });
    expect(world.audit.entries.filter(({ type }) => type === 'intent')[0]).toMatchObject({
      ...{ origin: 'external', agent: 'mcp-client', session: session.id, server: 'web-1' },
    });
    const items = await until((view) => {
      const tools = view.sessions[session.id]?.items.filter(({ kind }) => kind === 'tool');
      return tools?.some((item) => item.kind === 'tool' && item.status === 'completed') && tools;
    });
    expect(items).toMatchObject([{ title: 'remote_exec on web-1: ok uptime', status: 'completed' }]);
  });

  it('waits for the screen, and the command line may not approve meanwhile', async () => {
    const { client, connection, until, cli, session } = await openMcp();
    const call = client.callTool(reboot);
    const card = await until((view) => view.approvals[0]);
    expect(card).toMatchObject({ session: session.id, isolation: 'NOT CONTAINED' });
    expect(card.who).toContain('mcp-client');
    await until((view) => view.sessions[session.id]?.state === 'waiting for you');
    expect(await cli(['approvals', 'approve', card.id])).toMatchObject({
      stderr: expect.stringContaining('only a screen'),
    });
    const denied = { id: card.id, answer: { kind: 'deny', reason: 'use systemctl' }, via: 'screen' } as const;
    expect(await connection.call('approval.answer', denied)).toMatchObject({ accepted: true });
    expect((await call).structuredContent).toMatchObject({
      code: 'APPROVAL_DENIED',
      message: expect.stringContaining('use systemctl'),
    });
    await until((view) => view.sessions[session.id]?.state === 'idle');
  });

  it('withdraws its card when it hangs up', async () => {
    const { client, until, hangUp, code } = await openMcp();
    const call = client.callTool(reboot).catch(() => undefined);
    await until((view) => view.approvals.length === 1);
    hangUp();
    await until((view) => view.approvals.length === 0);
    expect(await code).toBe(0);
    await client.close();
    await call;
  });

  it('can be renamed and ended like any session, and then is told so', async () => {
    const { client, connection, session, until, cli, hangUp, code } = await openMcp();
    await cli(['rename', session.id, 'Renamed']);
    await until((view) => view.sessions[session.id]?.title === 'Renamed');
    await expect(connection.call('session.prompt', { session: session.id, text: 'hello' })).rejects.toThrow(
      'belongs to an MCP client',
    );
    const call = client.callTool(reboot);
    const told = expect(call).rejects.toThrow(`The operator ended session ${session.id}`);
    await until((view) => view.approvals.length === 1);
    await cli(['kill', session.id]);
    await told;
    await expect(client.callTool(reboot)).rejects.toThrow('restart this MCP server');
    hangUp();
    expect(await code).toBe(6);
  });

  it('is told when the host is gone: the open call, and those that follow', async () => {
    const { client, host, until, hangUp, code, stderr } = await openMcp();
    const last = client.callTool(reboot).then(
      ({ structuredContent }) => JSON.stringify(structuredContent),
      (error: Error) => error.message,
    );
    // What waits is refused before the host goes; when that answer does not leave in time, the loss is its answer.
    await until((view) => view.approvals.length === 1);
    await host.stop('the test');
    expect(await last).toMatch(/CANCELLED|The host of signalbox is gone/);
    await expect(client.callTool(reboot)).rejects.toThrow('The host of signalbox is gone');
    expect(stderr()).toContain('look at the servers before you repeat anything');
    hangUp();
    expect(await code).toBe(6);
  });

  it('works again when a host runs again, and its client hears of it', async () => {
    const { client, host, home, hangUp, code } = await openMcp();
    const told = new Promise<void>((resolve) =>
      client.setNotificationHandler('notifications/tools/list_changed', () => resolve()),
    );
    await host.stop('the test');
    const uptime = { name: 'remote_exec', arguments: { server: 'web-1', argv: ['ok', 'uptime'] } };
    await expect(client.callTool(uptime)).rejects.toThrow('as soon as a host runs');
    const next = await runHostOn(testParts({ home }));
    await told;
    expect((await client.callTool(uptime)).structuredContent).toMatchObject({ status: 'ok' });
    expect((await client.listTools()).tools.length).toBeGreaterThan(5);
    const { until } = await next.screen();
    // The new session knows the client by the handshake that was repeated for it.
    await until((view) => Object.values(view.sessions).some(({ agent }) => agent === 'The Editor'));
    hangUp();
    expect(await code).toBe(0);
    await until((view) => Object.keys(view.sessions).length === 0);
  });

  it('can be read only', async () => {
    const { client, session } = await openMcp('--readonly');
    expect(session.readonly).toBe(true);
    const write = { server: 'web-1', path: '/etc/motd', content: 'x' };
    const refused = await client.callTool({ name: 'remote_write_file', arguments: write });
    expect(refused.structuredContent).toMatchObject({ code: 'POLICY_REJECTED' });
  });
});

describe('what cannot be opened', () => {
  it.each([
    ['an unknown server', ['--server', 'nope'], 'There is no server "nope"'],
    ['too long a title', ['--server', 'web-1', '--title', 'x'.repeat(200)], 'title'],
  ])('%s is told to the client as the answer to its first question', async (_name, argv, words) => {
    const { home } = await runHost();
    const { connect, hangUp, code, stderr } = startMcpHost(home, ...argv);
    await expect(connect()).rejects.toThrow(words);
    hangUp();
    expect(await code).toBe(2);
    expect(stderr()).toContain(words);
  });

  it('anything, where isolation is demanded', async () => {
    const { parts, dispose } = testParts();
    dispose();
    const { home } = await runHost({ parts: { settings: { ...parts.settings, requireIsolation: true } } });
    const { connect } = startMcpHost(home, '--server', 'web-1');
    await expect(connect()).rejects.toThrow('config.json demands isolation');
  });

  it('more programs than a person has', async () => {
    const { home, connect } = await runHost();
    const connection = await connect('cli');
    // All at once: those that are on their way count, too.
    const opened = Array.from({ length: 40 }, () => connection.call('session.external', { servers: ['web-1'] }));
    const ends = await Promise.allSettled(opened);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(32);
    const { connect: open } = startMcpHost(home, '--server', 'web-1');
    await expect(open()).rejects.toThrow('32 MCP clients');
  });
});
