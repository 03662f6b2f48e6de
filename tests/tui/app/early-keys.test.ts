/** Keys typed before the host has said what there is: text for the prompt that is drawn, and for nothing else. */
import { afterEach, describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../src/protocol/events.ts';
import { makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

function openEarly(session: string | null = null): void {
  const prepare = (host: ScreenWorld['host']): void => host.setLink({ kind: 'connecting' });
  world = openScreenWorld(100, 30, prepare, { session });
}

const session = (id: string): HostEvent => ({ type: 'session.added', session: makeSession(id) });
const servers: HostEvent = { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } };
const external: HostEvent = { type: 'session.added', session: { ...makeSession('S1'), origin: 'external' } };

describe('what is typed while the screen still connects', () => {
  it.each([
    ['the newest session', null],
    ['the session that was asked for', 'S1'],
  ])('is in the prompt of %s, where it was drawn', async (_title, asked) => {
    openEarly(asked);
    await world.press('jjj');
    expect(await world.screen()).toMatch(/■ Prompt[^]*❯ jjj/);
    world.host.connect(servers, session('S1'));
    await world.press(' and more');
    expect(await world.screen()).toMatch(/■ To demo[^]*❯ jjj and more/);
  });

  it.each([
    ['the page of the first run comes', [], 'Welcome to signalbox'],
    ['no session is open', [servers], 'No session is open.'],
    ['another program drives the session', [servers, external], 'Check the disks'],
  ] as const)('is in no prompt when %s, and the screen says so', async (_title, events, shown) => {
    openEarly();
    await world.press('jjj');
    world.host.connect(...events);
    expect(await world.screen()).toContain(shown);
    expect(await world.screen()).not.toContain('jjj');
    expect(await world.hint()).toContain('There is no session to write to, so what was typed is dropped.');
    world.host.emit(session('S9'));
    expect(await world.screen()).not.toContain('jjj');
  });

  it('is kept when the host is lost and comes back', async () => {
    openEarly();
    world.host.connect(servers, session('S1'));
    await world.press('half');
    world.host.setLink({ kind: 'lost', message: 'It is gone.', attempt: 1 });
    await world.press(' a thought');
    world.host.connect();
    expect(await world.screen()).toContain('❯ half a thought');
  });
});
