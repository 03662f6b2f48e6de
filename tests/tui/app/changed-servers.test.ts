/** A server whose record changed stays out of a session until a person has seen both addresses and said yes; and an agent that starts again is counted down. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ChangedServerView } from '../../../src/protocol/view.ts';
import { makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const web: ChangedServerView = { id: 'web-1', was: 'ops@10.0.0.1:22', now: 'ops@10.9.9.9:22' };
const db: ChangedServerView = { id: 'db-1', was: 'ops@10.0.0.2:22', now: 'ops@10.0.0.2:22' };

async function open(changedServers: readonly ChangedServerView[], size: readonly [number, number]): Promise<void> {
  world = openScreenWorld(...size, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1') } },
      { type: 'session.added', session: makeSession('S1', { servers: [], changedServers }) },
    ),
  );
  await world.press('\x1b');
}

describe.each([
  [80, 24],
  [200, 50],
] as const)('a changed server on %i×%i', (columns, rows) => {
  it('is told of with both addresses, and confirmed by one key and Enter', async () => {
    await open([web], [columns, rows]);
    expect((await world.screen()).replace(/[\s│]+/g, ' ')).toContain('web-1 stays out of this session');
    await world.press('!');
    const screen = await world.screen();
    expect(screen).toContain('it was  ops@10.0.0.1:22');
    expect(screen).toContain('it is   ops@10.9.9.9:22');
    expect(world.host.callsOf('session.confirmServers')).toEqual([]);
    await world.press('\r');
    expect(world.host.callsOf('session.confirmServers')).toEqual([{ session: 'S1', servers: ['web-1'] }]);
    expect(await world.hint()).toContain('web-1: confirmed');
  });

  it('is one of several to choose from, none of them chosen', async () => {
    await open([web, db], [columns, rows]);
    await world.press('!');
    expect(await world.screen()).toContain('something else of its record changed');
    await world.press('\r');
    expect(await world.screen()).toContain('Choose at least one');
    await world.press('j \r');
    expect(world.host.callsOf('session.confirmServers')).toEqual([{ session: 'S1', servers: ['db-1'] }]);
  });
});

describe('a changed server', () => {
  it('stays a dialog with the sentence of a host that refuses', async () => {
    await open([web], [100, 30]);
    world.host.handlers['session.confirmServers'] = () => Promise.reject(new Error('A turn runs; cancel it first.'));
    await world.press('!');
    await world.press('\r');
    expect(await world.screen()).toContain('A turn runs; cancel it first.');
    expect(await world.screen()).toContain('Changed servers');
  });

  it('has no dialog when there is none', async () => {
    await open([], [100, 30]);
    await world.press('!');
    expect(await world.hint()).toContain('no server of this session has changed');
  });
});

describe('an agent that is started again', () => {
  it('is counted down, second by second, and w starts it at once', async () => {
    await open([], [100, 30]);
    const restartAtMs = world.clock.nowMs() + 4_000;
    world.host.emit({ type: 'session.changed', id: 'S1', change: { state: 'restarting', restartAtMs } });
    expect(await world.screen()).toContain('starts again in 4 s, w starts it now');
    world.clock.advance(1_000);
    expect(await world.screen()).toContain('starts again in 3 s');
    world.clock.advance(2_999);
    expect(await world.screen()).toContain('starts again in 1 s');
    await world.press('w');
    expect(world.host.callsOf('session.start')).toEqual([{ session: 'S1' }]);
    world.clock.advance(1_000);
    expect(await world.screen()).toContain('starts again now');
  });
});
