/** What is decided upon, and what was, can be searched and copied like any other text: a card, the records of an action, the changes of a session. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeServer, makeSession, makeWriteCard } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const prefix = '\x02';
const diff = '--- a/etc/app.conf\n+++ b/etc/app.conf\n@@ -1,2 +1,2 @@\n kept\n-listen 80;\n+listen 8080;\n';

const row = {
  ...{
    id: 'A1',
    firstSeq: 0,
    ts: '2026-11-21T10:00:00.000Z',
    tool: 'remote_write_file',
    server: 'web-1',
    agent: 'demo',
  },
  ...{ summary: '/etc/app.conf', decision: 'approval-required', rule: 'r', approver: 'me', outcome: 'ok', code: null },
  ...{ session: 'S1', origin: 'agent', exitCode: null, durationMs: 1, commit: null, edited: false },
};

async function open(columns: number, rows: number): Promise<void> {
  world = openScreenWorld(columns, rows, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1', { state: 'waiting for you' }) },
      { type: 'approval.added', card: makeWriteCard('c1', diff) },
    ),
  );
  await world.press('\x1b');
}

function copied(): string | undefined {
  const [last] = [...world.terminal.written.matchAll(/\x1b\]52;c;([^\x07]*)\x07/g)].reverse();
  return last && Buffer.from(last[1] ?? '', 'base64').toString('utf8');
}

describe.each([
  [200, 50],
  [80, 24],
])('on %i×%i', (columns, rows) => {
  it('a card beside the conversation is copied from, and not answered meanwhile', async () => {
    await open(columns, rows);
    await world.press(`${prefix}a`);
    world.clock.advance(301);
    await world.press(`${prefix}[`);
    await world.press('/listen 8080\r');
    await world.press('Vy');
    expect(copied()).toMatch(/^ *\+listen 8080;$/);
    expect(world.host.callsOf('approval.answer')).toEqual([]);
  });

  it('a card over the whole width is searched with the key of every text', async () => {
    await open(columns, rows);
    await world.press('2');
    world.clock.advance(301);
    await world.press('/listen 80;\r');
    expect(await world.screen()).toContain('1 of 1');
    await world.press('y');
    expect(copied()).toMatch(/-listen 80;/);
  });

  it('the records of an action are', async () => {
    await open(columns, rows);
    world.host.handlers['audit.page'] = () => ({ rows: [row], total: 1 }) as never;
    world.host.handlers['audit.detail'] = () => ({ records: [], diff, diffNote: null }) as never;
    await world.press('3');
    await world.press('\r');
    await world.terminal.until('listen 8080');
    await world.press(`${prefix}[`);
    await world.press('/listen 8080\r');
    await world.press('y');
    expect(copied()).toMatch(/\+listen 8080;/);
  });

  it('the changes of a session are', async () => {
    await open(columns, rows);
    const file = {
      ...{
        server: 'web-1',
        path: '/etc/app.conf',
        agents: ['demo'],
        ids: ['A1'],
        rolledBackIds: [],
        effect: 'changed',
      },
      ...{ changedAt: '2026-11-21T10:00:00.000Z', state: 'as it was left', diff, note: null },
    };
    world.host.handlers['session.changes'] = () => ({ files: [file] }) as never;
    await world.press('C');
    await world.terminal.until('listen 8080');
    await world.press('/listen 8080\r');
    await world.press('y');
    expect(copied()).toMatch(/\+listen 8080;/);
  });
});
