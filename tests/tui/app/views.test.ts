/** The other views, the dialogs, the command line and the open items. */
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditRowView } from '../../../src/protocol/methods.ts';
import { type FakeHost, makeAgent, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const fingerprint = 'SHA256:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ';
const escape = '\x1b';

function prepare(host: FakeHost): void {
  const unknown = makeServer('new-1', {
    state: 'failed',
    latencyMs: null,
    problem: `The host key ${fingerprint} of new-1 is not known.`,
  });
  host.emit(
    { type: 'servers.replaced', servers: { 'new-1': unknown, 'web-1': makeServer('web-1') } },
    {
      type: 'agents.replaced',
      agents: [
        makeAgent('demo'),
        makeAgent('goose', {
          availability: 'not installed',
          diagnostic: 'goose was not found.',
          installHint: 'brew install goose',
        }),
      ],
    },
    { type: 'session.added', session: makeSession('S1', { createdAtMs: 1 }) },
    {
      type: 'session.added',
      session: makeSession('S2', {
        createdAtMs: 2,
        title: 'Compare web-1',
        isolation: { state: 'NOT CONTAINED', reason: 'another program' },
      }),
    },
  );
}

function makeRow(seq: number): AuditRowView {
  return {
    ...{
      id: `A${seq}`,
      seq,
      ts: '2026-01-02T03:04:05.000Z',
      session: 'S1',
      agent: 'demo',
      origin: 'agent',
      tool: 'remote_exec',
    },
    ...{
      server: 'web-1',
      summary: `command ${seq}`,
      decision: 'auto-allow',
      rule: 'r',
      approver: null,
      outcome: 'ok',
      code: null,
    },
    ...{ exitCode: 0, durationMs: 12, commit: null, acknowledged: false },
  };
}

async function open(columns: number, rows: number, key: string): Promise<void> {
  world = openScreenWorld(columns, rows, prepare);
  await world.press(escape);
  await world.screen();
  await world.press(key);
}

describe.each([
  [80, 24],
  [200, 50],
])('the views on %i×%i', (columns, rows) => {
  it('Servers: tests one, and says step by step what it found', async () => {
    await open(columns, rows, '4');
    await world.press('G');
    await world.press('t');
    expect(world.host.callsOf('server.test')).toEqual([{ server: 'web-1' }]);
    expect(await world.screen()).toContain('connect');
    await world.press('T');
    expect(await world.hint()).toContain('its host key is not in question');
  });

  it('Servers: trusts a host key only when the end of the fingerprint was typed', async () => {
    await open(columns, rows, '4');
    await world.press('T');
    expect(await world.screen()).toContain(fingerprint);
    await world.press('nope\r');
    expect(await world.screen()).toContain('nothing was trusted');
    expect(world.host.callsOf('server.trustKey')).toEqual([]);
    await world.press('\x15NOPQ\r');
    expect(world.host.callsOf('server.trustKey')).toEqual([{ server: 'new-1', fingerprint }]);
    expect(await world.hint()).toContain('The key is trusted');
    expect(world.host.callsOf('server.test')).toEqual([{ server: 'new-1' }]);
  });

  it('Agents: shows states with what to do', async () => {
    await open(columns, rows, '5');
    await world.press('j');
    const screen = await world.screen();
    expect(screen).toContain('not installed');
    expect(screen).toContain('brew install goose');
    await world.press('t');
    expect(world.host.callsOf('agent.probe')).toEqual([{ agent: 'goose' }]);
  });

  it('Sessions: shows, renames and kills', async () => {
    await open(columns, rows, '6');
    await world.press('j');
    expect(await world.screen()).toContain('NOT CONTAINED');
    await world.press('r');
    await world.press('\x15Disks of web-1\r');
    expect(world.host.callsOf('session.rename')).toEqual([{ session: 'S2', title: 'Disks of web-1' }]);
    await world.press('K');
    expect(world.host.callsOf('session.kill')).toEqual([]);
    await world.press('\r');
    expect(world.host.callsOf('session.kill')).toEqual([{ session: 'S2' }]);
    await world.press('k');
    await world.press('\r');
    expect(await world.screen()).toContain('■ To demo');
  });

  it('Audit: fetches only what is in sight, filters, and shows the records', async () => {
    world = openScreenWorld(columns, rows, prepare);
    world.host.handlers['audit.page'] = ({ offset, limit, filter }) => ({
      rows: Array.from({ length: limit }, (_, index) => makeRow(100_000 - offset - index)),
      total: filter ? 7 : 100_000,
    });
    world.host.handlers['audit.detail'] = () => ({
      records: [{ seq: 5, type: 'intent', argv: ['df', '-h'] }],
      diff: '--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n',
      diffNote: null,
    });
    await world.press(escape);
    await world.screen();
    await world.press('3');
    expect(await world.screen()).toContain('Audit 100000');
    expect(world.host.callsOf('audit.page').length).toBeLessThanOrEqual(2);
    await world.press('G');
    await world.screen();
    expect(await world.screen()).toContain('command 1');
    expect(world.host.callsOf('audit.page').length).toBeLessThanOrEqual(4);
    await world.press('/');
    await world.press('nginx\r');
    expect(world.host.callsOf('audit.page').at(-1)?.filter).toBe('nginx');
    expect(await world.screen()).toContain('Audit 7');
    await world.press('\r');
    const detail = await world.screen();
    expect(detail).toContain('+new');
    await world.press('G');
    expect(await world.screen()).toContain('record 5 intent');
    await world.press('v');
    const diff = await world.screen();
    expect(diff).toContain('only the diff');
    expect(diff).toContain('v shows all of it');
    expect(diff).not.toContain('record 5 intent');
    await world.press(escape);
    expect(await world.screen()).toContain('record 5 intent');
    await world.press(escape);
    expect(await world.screen()).toContain('Audit 7');
    world.host.handlers['audit.detail'] = () => ({ records: [], diff: null, diffNote: null });
    await world.press('\r');
    await world.press('v');
    expect(await world.hint()).toContain('it changed no file, so there is no diff');
    expect(await world.screen()).not.toContain('only the diff');
    await world.press(escape);
    expect(await world.screen()).toMatch(/TIME.*SERVER.*OUTCOME.*DECIDED.*OPERATION/);
  });

  it('Help: lists the keys of the place it was opened from', async () => {
    await open(columns, rows, '4');
    await world.press('?');
    const screen = await world.screen();
    expect(screen).toContain('Connects and says what it found');
    expect(screen).not.toContain('Approves this request');
  });
});

describe('a new session', () => {
  it('asks for agent and servers, and shows what it opened', async () => {
    await open(120, 40, 'c');
    expect(await world.screen()).toContain('New session');
    await world.press('\r');
    expect(await world.screen()).toContain('Choose at least one server');
    await world.press('\t\x1b[B ');
    await world.press('\tLook at web-1\r');
    expect(world.host.callsOf('session.new')).toEqual([
      { agent: { id: 'demo' }, servers: ['web-1'], title: 'Look at web-1' },
    ]);
    expect(await world.screen()).not.toContain('New session');
  });

  it('offers no agent that cannot be started, and says where to look', async () => {
    await open(120, 40, 'c');
    const screen = await world.screen();
    expect(screen).not.toContain('goose');
    expect(screen).toContain('1 more agent is disabled or not installed; the Agents view (5)');
  });

  it('does not take an agent that is not installed when there is no other', async () => {
    await open(120, 40, 'c');
    await world.press(escape);
    const agent = makeAgent('goose', { availability: 'not installed' });
    world.host.emit({ type: 'agents.replaced', agents: [agent] });
    await world.screen();
    await world.press('c');
    await world.press(' ');
    expect(await world.screen()).toContain('is not installed; the Agents view');
  });

  it('says what the host says and stays open', async () => {
    await open(120, 40, 'c');
    world.host.handlers['session.new'] = () =>
      Promise.reject(new Error('The agent could not be isolated; see signalbox doctor.'));
    await world.press(' \t ');
    await world.press('\r');
    expect(await world.screen()).toContain('could not be isolated');
    expect(await world.screen()).toContain('New session');
  });
});

describe('with no server registered', () => {
  it('the first page says how to go on', async () => {
    world = openScreenWorld(80, 24);
    const screen = await world.screen();
    for (const command of ['import hosts of ~/.ssh/config', 'add one by hand', 'signalbox demo'])
      expect(screen).toContain(command);
    await world.press('u');
    expect(world.host.callsOf('servers.reload')).toHaveLength(1);
    world.host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } });
    expect(await world.screen()).not.toContain('signalbox server import');
  });
});

describe('open items', () => {
  it('are counted until each was acknowledged', async () => {
    world = openScreenWorld(120, 40, prepare);
    const item = {
      kind: 'unknown-outcome',
      server: 'web-1',
      message: 'The host ended while it ran. Look at the server.',
      atMs: 0,
    } as const;
    world.host.emit(
      { type: 'openItem.added', item: { ...item, auditId: 'A1', summary: 'systemctl restart nginx' } },
      { type: 'openItem.added', item: { ...item, auditId: 'A2', summary: 'write /etc/hosts' } },
    );
    expect(await world.screen()).toContain('2 open items');
    await world.press(escape);
    await world.screen();
    await world.press('o');
    expect(await world.screen()).toContain('outcome unknown');
    expect(await world.screen()).toContain('Look at the server.');
    await world.press('\r');
    expect(await world.screen()).toContain('1 open item');
    await world.press('\r');
    expect(world.host.callsOf('openItem.acknowledge')).toEqual([{ auditId: 'A1' }, { auditId: 'A2' }]);
    expect(await world.screen()).not.toContain('Open items');
  });
});

describe('the command line', () => {
  it('completes and runs commands', async () => {
    await open(120, 40, ':');
    await world.press('ser\t');
    expect(await world.screen()).toContain(':server');
    await world.press('\x15audit\r');
    expect(await world.screen()).toContain('Audit 0');
  });

  it('goes to the session and the server that are named', async () => {
    await open(120, 40, ':');
    await world.press('session S1\r');
    expect(await world.screen()).toContain('Check the disks 1/2');
  });

  it.each([
    ['audti', 'did you mean audit?'],
    ['foo', 'There is no command "foo"; Tab lists them'],
    ['xyzzy', 'There is no command "xyzzy"; Tab lists them'],
    ['session nope', 'There is no session "nope"'],
    ['server nope', 'There is no server "nope"'],
    ['mode nope', 'demo has no modes.'],
  ])('says what is wrong with "%s"', async (command, sentence) => {
    await open(120, 40, ':');
    await world.press(`${command}\r`);
    expect(await world.hint()).toContain(sentence);
  });
});
