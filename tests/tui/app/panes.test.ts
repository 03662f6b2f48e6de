/** Which panes the workspace shows, and what of the world outside the screen it names. */
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeHost, makeBlock, makeCard, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const escape = '\x1b';

function prepare(host: FakeHost): void {
  host.emit(
    {
      type: 'servers.replaced',
      servers: { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1', { environment: 'production' }) },
    },
    { type: 'session.added', session: makeSession('S1', { servers: ['web-1', 'db-1'], createdAtMs: 5 }) },
    { type: 'block.added', server: 'web-1', block: makeBlock('b1') },
  );
}

describe('the panes of the workspace', () => {
  it('are those of the session; another server is shown from the Servers view until the session changes', async () => {
    world = openScreenWorld(200, 50, prepare);
    world.host.emit(
      { type: 'server.changed', server: makeServer('other-9') },
      { type: 'block.added', server: 'other-9', block: makeBlock('b9', { summary: 'uptime' }) },
      {
        type: 'session.added',
        session: makeSession('S0', { servers: ['db-1'], title: 'The database', state: 'ended' }),
      },
    );
    await world.press(escape);
    await world.terminal.until('exit 0');
    expect(await world.screen()).not.toContain('other-9');
    await world.press('4');
    await world.press('/other-9\r');
    await world.press('\r');
    await world.terminal.until('$ uptime');
    expect(await world.screen()).toContain('■ other-9 development');
    await world.press('1');
    await world.press('\t');
    await world.press(escape);
    await world.press(']');
    expect(await world.screen()).toContain('The database');
    expect(await world.screen()).not.toContain('other-9');
  });

  it('that has a card waiting is the one that their line shows on 80×24', async () => {
    const ids = ['production-database-1', 'production-database-2', 'production-database-3'];
    world = openScreenWorld(80, 24, (host) =>
      host.emit(
        { type: 'servers.replaced', servers: Object.fromEntries(ids.map((id) => [id, makeServer(id)])) },
        { type: 'session.added', session: makeSession('S1', { servers: ids }) },
      ),
    );
    const strip = async (): Promise<string | undefined> => (await world.screen()).split('\n')[22];
    expect(await strip()).toMatch(/^ production-database-1 /);
    expect(await strip()).not.toContain('database-3');
    const server = { ...makeCard('c1').server, id: 'production-database-3' };
    world.host.emit({ type: 'approval.added', card: makeCard('c1', { server }) });
    expect(await strip()).toMatch(/production-database-3 .*◆ 1 waiting/);
    world.host.emit({ type: 'approval.removed', id: 'c1', end: 'denied' });
    expect(await strip()).toMatch(/^ production-database-1 /);
  });

  it('are those where something happened when no session is open', async () => {
    world = openScreenWorld(200, 50, (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'web-2': makeServer('web-2') } },
        { type: 'block.added', server: 'web-1', block: makeBlock('b1') },
      ),
    );
    await world.terminal.until('exit 0');
    const screen = await world.screen();
    expect(screen).toContain('web-1 development');
    expect(screen).not.toContain('web-2 development');
  });
});

describe('what the screen names outside of itself', () => {
  it('names the command that brings the screen back', async () => {
    world = openScreenWorld(200, 50, prepare, { comeBack: 'signalbox demo' });
    await world.press('\x03');
    await world.press('\x03');
    expect(await world.screen()).toContain('"signalbox demo" brings the screen back');
  });

  it('says at once what of its settings could not be used', async () => {
    world = openScreenWorld(200, 50, prepare);
    world.app.warn('There is no readable theme "lite".');
    expect(await world.hint()).toContain('There is no readable theme "lite".');
    world.clock.advance(60_000);
    expect(await world.hint()).toContain('There is no readable theme "lite".');
    await world.press(escape);
    expect(await world.hint()).not.toContain('lite');
  });
});
