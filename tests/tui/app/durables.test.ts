/** Commands that go on without us on the screen: listed with how they stand, followed in the pane of their server, stopped after a question, taken out. */
import { afterEach, describe, expect, it } from 'vitest';
import type { DurableView } from '../../../src/protocol/view.ts';
import { type FakeHost, makeBlock, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const upgrade: DurableView = {
  ...{ id: 'mg1-aaaa', server: 'web-1', title: 'apt-get -y \x1b[2Jdist-upgrade' },
  ...{ startedAtMs: 0, state: 'running', exitCode: null },
};
const backup: DurableView = {
  ...{ ...upgrade, id: 'mg2-bbbb', server: 'db-1', title: 'pg_dump shop' },
  ...{ state: 'ended', exitCode: 3 },
};

type Asked = { readonly act?: string };

function open(columns: number, rows: number, answer: (input: Asked) => object = () => ({})): void {
  world = openScreenWorld(columns, rows, (host: FakeHost) => {
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1') } },
      { type: 'session.added', session: makeSession('S1') },
      { type: 'durables.replaced', durables: [upgrade, backup] },
    );
    host.handlers['operation.perform'] = ({ input }) => ({
      envelope: {
        ...{ status: 'ok', tool: 'durable_command', auditId: 'a1', execution: {} },
        ...answer(input as Asked),
      } as never,
    });
  });
}

const asked = (): readonly Asked[] => world.host.callsOf('operation.perform').map(({ input }) => input as Asked);

describe.each([
  [80, 24],
  [200, 50],
] as const)('commands that go on without us, on %i×%i', (columns, rows) => {
  it('are in the details of their server, and listed from there with what can be done', async () => {
    open(columns, rows);
    await world.press('\x1b');
    await world.press('4');
    expect(await world.screen()).toContain('1 ended; d lists them');
    await world.press('d');
    const screen = await world.screen();
    // The server that was chosen is where the list begins.
    expect(screen).toMatch(/❯?.*ended with 3 .*db-1.*pg_dump shop/);
    expect(screen).toMatch(/running .*web-1.*apt-get -y \\x1b\[2Jdist-upgrade/);
    expect(screen).toContain('id mg2-bbbb');
    for (const label of ['follow', 'look', 'stop', 'take out']) expect(screen.split('\n').at(-1)).toContain(label);
  });

  it('say in their pane and in the list that their connection is lost, and that they go on', async () => {
    open(columns, rows);
    const running = { state: 'running', startedAtMs: world.clock.nowMs() } as const;
    const followed = makeBlock('b1', { ...running, tool: 'durable_command', summary: 'follow it' });
    const started = makeBlock(upgrade.id, { ...running, tool: 'remote_exec' });
    const lost = makeServer('web-1', { state: 'lost', retryAtMs: world.clock.nowMs() + 30_000 });
    for (const block of [followed, started]) world.host.emit({ type: 'block.added', server: 'web-1', block });
    world.host.emit({ type: 'server.changed', server: lost });
    await world.press('\x1b');
    world.clock.advance(1_000);
    const screen = await world.screen();
    // On a small screen the conversation has all the room.
    if (columns === 80) expect(screen).toContain('web-1 development retry in 29 s');
    else expect(screen).toMatch(/follow it +◆ lost, retry in 29 s/);
    if (columns > 80) expect(screen).toContain('connection lost, retry in 29 s, ^B r now; the command goes on there');
    await world.press('\x02r');
    expect(world.host.callsOf('server.retry')).toEqual([{ server: 'web-1' }]);
    await world.press('\x02D');
    expect(await world.screen()).toContain('The connection to web-1 is lost, retry in 29 s; the command goes on');
  });

  it('are said to go on where nobody follows them any more', async () => {
    open(columns, rows);
    const left = { state: 'ended', tool: 'remote_exec', status: 'error', code: 'CANCELLED', goesOn: true } as const;
    world.host.emit({ type: 'block.added', server: 'web-1', block: makeBlock(upgrade.id, left) });
    await world.press('\x1b');
    for (const key of columns === 80 ? ['\t', '\x02z'] : []) await world.press(key);
    expect(await world.screen()).toContain('goes on there, not followed any more');
  });

  it('are followed in the pane of their server, and their status is said', async () => {
    open(columns, rows, () => ({ status: 'error', code: 'NON_ZERO_EXIT', execution: { exitCode: 3 } }));
    await world.press('\x02D');
    await world.press('j');
    await world.press('\r');
    expect(asked()).toEqual([{ server: 'db-1', command: 'mg2-bbbb', act: 'follow' }]);
    expect(await world.screen()).toContain('pg_dump shop on db-1 has ended with status 3.');
  });

  it('are looked at, stopped only after a question, and taken out', async () => {
    open(columns, rows, ({ act }) =>
      act === 'look' ? { data: { stdout: 'running\n' } } : { execution: { exitCode: 143 } },
    );
    await world.press('\x02D');
    await world.press('t');
    expect(await world.screen()).toContain('dist-upgrade: running.');
    await world.press('x');
    expect(await world.screen()).toContain('It is ended with all it has started');
    await world.press('\x1b');
    await world.clock.advance(100);
    expect(asked()).toHaveLength(1);
    await world.press('x');
    await world.press('\r');
    expect(asked().at(-1)).toEqual({ server: 'web-1', command: 'mg1-aaaa', act: 'stop' });
    // What it still prints is in the pane, and nothing lies above it.
    expect(await world.screen()).not.toContain('Durable commands');
    await world.press('\x02D');
    await world.press('D');
    expect(asked().at(-1)).toEqual({ server: 'web-1', command: 'mg1-aaaa', act: 'remove' });
  });
});

describe('a command that goes on without us', () => {
  it('is found in the palette by its words', async () => {
    open(80, 24);
    await world.press('\x1b');
    await world.press(':');
    await world.press('pg_dump');
    expect(await world.screen()).toContain('db-1, ended with 3');
    await world.press('\r');
    expect(await world.screen()).toContain('Durable commands');
    expect(await world.screen()).toContain('id mg2-bbbb');
  });

  it('leaves the list when the host forgets it, and there is no list without one', async () => {
    open(80, 24);
    await world.press('\x02D');
    world.host.emit({ type: 'durables.replaced', durables: [] });
    expect(await world.screen()).toContain('No command goes on without signalbox.');
    await world.press('q');
    await world.press('\x02D');
    expect(await world.screen()).toContain('no command goes on without signalbox; `signalbox exec');
  });
});
