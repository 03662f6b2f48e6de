/** Tests of all servers that the Servers view lists, and what the question about a host key says of the way to its server. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ServerView } from '../../../src/protocol/view.ts';
import { type FakeHost, makeFacts, makeServer } from '../../fixtures/fake-host.ts';
import { farLine } from '../../fixtures/line-facts.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

async function open(columns: number, rows: number, prepare: (host: FakeHost) => void = () => undefined): Promise<void> {
  world = openScreenWorld(columns, rows, (host) => {
    host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } });
    prepare(host);
  });
  await world.press('\x1b');
  await world.press('4');
}

describe.each([
  [80, 24],
  [200, 50],
] as const)('the Servers view on %i×%i', (columns, rows) => {
  it('tests all that it lists, a few at a time, and says in the rows and in a sentence how they stand', async () => {
    await open(columns, rows);
    const ids = ['db-1', 'db-2', 'web-1', 'web-2', 'web-3', 'web-4', 'web-5', 'web-6'];
    const bad = makeServer('web-9', { state: 'broken', problem: 'web-9 has no host.' });
    const servers = { ...Object.fromEntries(ids.map((id) => [id, makeServer(id, { state: 'idle' })])), 'web-9': bad };
    world.host.emit({ type: 'servers.replaced', servers });
    const ends: (() => void)[] = [];
    world.host.handlers['server.test'] = async ({ server }) => {
      await new Promise<void>((resolve) => ends.push(resolve));
      return { steps: [{ name: 'Login', ok: server !== 'web-6', detail: 'as ops' }] };
    };
    await world.press('/web\r');
    await world.press('A');
    expect(world.host.callsOf('server.test')).toHaveLength(4);
    expect((await world.screen()).match(/web-\d .*● testing /g)).toHaveLength(4);
    while (ends.length > 0) {
      ends.shift()?.();
      await world.screen();
    }
    const tested = world.host.callsOf('server.test').map(({ server }) => server);
    expect(tested).toEqual(['web-1', 'web-2', 'web-3', 'web-4', 'web-5', 'web-6']);
    expect(await world.hint()).toContain(
      '5 of 6 servers passed; 1 is broken and left out; the rows say what is wrong.',
    );
    expect(await world.screen()).toMatch(/web-5 .*✓ tested[^]*web-6 .*✗ test failed/);
  });

  it('forgets that one could not be reached once it connects, and nothing that fails on a connection', async () => {
    await open(columns, rows);
    const stands = async (state: ServerView['state']): Promise<string> => {
      world.host.emit({ type: 'server.changed', server: makeServer('web-1', { state }) });
      return await world.screen();
    };
    const testFails = (name: string): Promise<string> => {
      world.host.handlers['server.test'] = async () => ({ steps: [{ name, ok: false, detail: 'no' }] });
      return world.press('t').then(() => world.screen());
    };
    await stands('idle');
    expect(await testFails('Network')).toContain('test failed');
    await stands('connected');
    expect(await stands('idle')).not.toContain('test failed');
    // Another connection was there already: it says nothing of the test.
    await stands('connected');
    await testFails('Login');
    expect(await stands('connected')).toContain('Login');
    expect(await stands('idle')).toContain('test failed');
    await stands('connected');
    expect(await stands('idle')).not.toContain('test failed');
    await testFails('Files');
    await stands('connected');
    expect(await stands('idle')).toContain('test failed');
  });

  it('counts down to the next try of a lost connection, and has a key that tries now', async () => {
    await open(columns, rows);
    expect(await world.hint()).not.toContain('try now');
    const retryAtMs = world.clock.nowMs() + 12_000;
    world.host.emit({ type: 'server.changed', server: makeServer('web-1', { state: 'failed', retryAtMs }) });
    expect(await world.screen()).toMatch(/web-1 .* retry in 12 s .*[^]*r tries now/);
    expect(await world.hint()).toContain('r try now');
    world.clock.advance(3_000);
    expect(await world.screen()).toMatch(/web-1 .* retry in 9 s /);
    await world.press('r');
    expect(world.host.callsOf('server.retry')).toEqual([{ server: 'web-1' }]);
    world.host.emit({ type: 'server.changed', server: makeServer('web-1', { retryAtMs: world.clock.nowMs() }) });
    expect(await world.screen()).toMatch(/web-1 .* trying again /);
    await world.press('r');
    world.host.emit({ type: 'server.changed', server: makeServer('web-1') });
    expect(await world.screen()).toMatch(/web-1 .* connected /);
  });

  it('says on which way a server was reached whose host key is not known', async () => {
    await open(columns, rows);
    const problem = `The host key of web-1 (10.0.0.9:22), ssh-ed25519 SHA256:${'a'.repeat(43)}, is not known yet.`;
    world.host.emit({ type: 'server.changed', server: makeServer('web-1', { problem, through: ['bastion'] }) });
    await world.press('T');
    expect(await world.screen()).toContain('This server, reached through bastion, showed a host key');
  });

  it('shows what is known of a chosen server without a look at it, and asks the host once', async () => {
    await open(columns, rows, (host) => {
      host.handlers['server.known'] = ({ server }) => ({
        facts: server === 'web-1' ? makeFacts({ os: 'Debian 12' }) : null,
        line: { ...farLine, sessionsMax: 2 },
      });
    });
    const screen = await world.screen();
    expect(screen).toContain('at most 2 at once, of commands');
    expect(screen).toMatch(/system +Debian 12/);
    await world.press('j');
    await world.press('k');
    expect(await world.screen()).toMatch(/system +Debian 12/);
    expect(world.host.callsOf('server.known').filter(({ server }) => server === 'web-1')).toHaveLength(1);
    expect(world.host.callsOf('server.facts')).toEqual([]);
  });
});
