/** What waits and what is new over all sessions: one list, marks, and what counts as read. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeCard, makeForm, makeServer, makeSession, makeText } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const escape = '\x1b';
const up = '\x1b[A';

async function open(columns = 100, rows = 30): Promise<void> {
  world = openScreenWorld(columns, rows, (host) =>
    host.emit(
      {
        type: 'servers.replaced',
        servers: { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1', { environment: 'production' }) },
      },
      { type: 'session.added', session: makeSession('S1', { title: 'First', createdAtMs: 1 }) },
      { type: 'session.added', session: makeSession('S2', { title: 'Second', createdAtMs: 2 }) },
    ),
  );
  await world.press(escape);
  await world.screen();
}

const say = (session: string, id: number): void =>
  world.host.emit({ type: 'item.added', session, item: makeText(id, 'agent', `line ${id}`) });

describe.each([
  [80, 24],
  [200, 50],
])('the list of all that waits on %i×%i', (columns, rows) => {
  it('holds cards, questions, failed sessions and open items, and goes to each', async () => {
    await open(columns, rows);
    const production = { ...makeCard('c1').server, id: 'db-1', environment: 'production' as const };
    world.host.emit(
      { type: 'approval.added', card: makeCard('c1', { server: production }) },
      { type: 'session.changed', id: 'S1', change: { forms: [makeForm('F1')] } },
      { type: 'session.changed', id: 'S2', change: { state: 'failed', problem: 'It is gone.' } },
      {
        type: 'openItem.added',
        item: { auditId: 'A1', kind: 'never-ran', server: 'web-1', summary: 's', message: 'm', atMs: 0 },
      },
    );
    await world.press('W');
    const screen = await world.screen();
    for (const part of ['An agent stands still', 'db-1 PRODUCTION', 'question  Where shall I work?', 'It is gone.'])
      expect(screen).toContain(part);
    await world.press('question\r');
    expect(await world.screen()).toContain('Question 2 of 2');
    expect(world.host.callsOf('session.answerForm')).toEqual([]);
    await world.press('\x02w');
    await world.press('open\r');
    expect(await world.screen()).toContain('Open items');
    await world.press(escape);
    await world.press('W');
    await world.press('gone\r');
    expect(await world.screen()).toContain('Second 2/2');
  });
});

describe('what is new', () => {
  it('in other sessions is marked in the list and on top', async () => {
    await open();
    say('S1', 1);
    say('S1', 2);
    expect(await world.screen()).toContain('new in 1 other session');
    await world.press('6');
    expect(await world.screen()).toMatch(/First +2 new/);
  });

  it('is seen when its end was on the screen for a moment, once', async () => {
    await open();
    say('S2', 7);
    await world.screen();
    expect(world.host.callsOf('session.seen')).toEqual([]);
    world.clock.advance(600);
    await world.screen();
    expect(world.host.callsOf('session.seen')).toEqual([{ session: 'S2', item: 7 }]);
  });

  it('is not seen by going past it', async () => {
    await open();
    say('S1', 3);
    await world.press('[');
    world.clock.advance(300);
    await world.press(']');
    world.clock.advance(5_000);
    expect(world.host.callsOf('session.seen')).toEqual([]);
  });

  it('is not seen in a window that is behind another, until that comes back', async () => {
    await open();
    await world.press('\x1b[O');
    say('S2', 4);
    await world.screen();
    world.clock.advance(5_000);
    expect(world.host.callsOf('session.seen')).toEqual([]);
    await world.press('\x1b[I');
    expect(world.host.callsOf('session.seen')).toEqual([{ session: 'S2', item: 4 }]);
  });

  it('is not seen while the end is out of sight', async () => {
    await open();
    for (let id = 1; id < 30; id += 1) say('S2', id);
    await world.screen();
    world.clock.advance(600);
    await world.press(`${up}${up}`);
    say('S2', 99);
    await world.screen();
    world.clock.advance(5_000);
    expect(world.host.callsOf('session.seen').map(({ item }) => item)).toEqual([29]);
  });
});
