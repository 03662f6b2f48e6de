/** The command palette on the screen: what it lists with keys and reasons, what Enter and Tab do, and what was used last. */
import { afterEach, describe, expect, it } from 'vitest';
import type { SessionView } from '../../../src/protocol/view.ts';
import { makeAgent, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const escape = '\x1b';
const modes = ['ask', 'code'].map((id) => ({ id, name: id, description: '' }));

async function open(columns: number, rows: number, fields: Partial<SessionView> = {}): Promise<void> {
  world = openScreenWorld(columns, rows, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1') } },
      { type: 'agents.replaced', agents: [makeAgent('demo'), makeAgent('other')] },
      { type: 'session.added', session: makeSession('S1', { modes, ...fields }) },
      { type: 'session.added', session: makeSession('S2', { title: 'Nginx is slow', createdAtMs: -1 }) },
    ),
  );
  await world.press(escape);
  world.clock.advance(100);
  await world.screen();
}

async function find(text: string): Promise<string> {
  await world.press(':');
  await world.press(text);
  return await world.screen();
}

describe.each([
  [80, 24],
  [200, 50],
])('the palette on %i×%i', (columns, rows) => {
  it('lists what can be done with its keys, and why the rest cannot', async () => {
    await open(columns, rows);
    // What one opens it for comes before the keys that only move.
    expect(await find('')).toMatch(
      /■ Commands [^\n]*\n[^\n]*\n[^\n]*Conversation [\s\S]*K block before|Conversation [^\n]*\n[^\n]*item before/,
    );
    await world.press('thoughts');
    expect(await world.screen()).toMatch(/thoughts .*t │/);
    await world.press('\x15test');
    expect(await world.screen()).toMatch(/test .*not now: only in: Servers; 4 leads/);
    expect(await world.screen()).toMatch(/Not now: only in: Servers; 4 leads there\./);
    await world.press('\r');
    expect(await world.hint()).toContain('test: only in: Servers; 4 leads there');
    expect(world.host.callsOf('server.test')).toEqual([]);
  });

  it('does what the chosen row says, and puts it first the next time', async () => {
    await open(columns, rows);
    await find('reg serv');
    await world.press('\r');
    expect(await world.screen()).toContain('Servers 2');
    expect(await find('')).toMatch(/Used last[^\n]*\n[^\n]*servers/);
    await world.press('\r');
    expect(await world.screen()).toContain('Servers 2');
  });

  it.each([
    ['nginx', 'Nginx is slow', 'S2'],
    ['session S2', 'Nginx is slow', 'S2'],
  ])('goes to a session by its title or its id: %j', async (text, shown, session) => {
    await open(columns, rows);
    expect(await find(text)).toContain(text === 'nginx' ? shown : session);
    await world.press('\r');
    await world.press(text === 'nginx' ? 'hello\r' : 'i');
    if (text !== 'nginx') await world.press('hello\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session, text: 'hello' }]);
  });

  it('goes to a server and to an agent', async () => {
    await open(columns, rows);
    await find('db1');
    await world.press('\r');
    await world.terminal.until('■ db-1');
    await find('other ready');
    await world.press('\r');
    expect(await world.screen()).toMatch(/Agents 2[\s\S]*other/);
    await world.press('t');
    expect(world.host.callsOf('agent.probe')).toEqual([{ agent: 'other' }]);
  });

  it('completes a command on Tab, then what follows it', async () => {
    await open(columns, rows);
    await find('mod');
    await world.press('\t');
    expect(await world.screen()).toMatch(/: mode [\s\S]*ask[\s\S]*code/);
    await world.press('co\t\r');
    expect(world.host.callsOf('session.setMode')).toEqual([{ session: 'S1', mode: 'code' }]);
  });

  it('lists what follows a command that says nothing alone', async () => {
    await open(columns, rows);
    await find('session');
    await world.press('\r');
    expect(await world.screen()).toMatch(/: session [\s\S]*S1[\s\S]*S2/);
    await world.press('\r');
    await world.press('i');
    await world.press('x\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S2', text: 'x' }]);
  });
});

describe('a shell on a server of one’s choice', () => {
  it('is asked for with environment and address, the servers of the session first', async () => {
    await open(80, 24);
    world.host.emit({ type: 'server.changed', server: makeServer('web-1', { environment: 'production' }) });
    await world.press('\x02C');
    expect(await world.screen()).toMatch(
      /web-1 +PRODUCTION, deploy@web-1.*\n.*db-1 +development, deploy@db-1\.example:22 /,
    );
  });
});

describe('a command with what follows it', () => {
  it.each([
    ['rename Disks of web', 'session.rename', { session: 'S1', title: 'Disks of web' }],
    ['mode code', 'session.setMode', { session: 'S1', mode: 'code' }],
    ['agent other', 'session.switchAgent', { session: 'S1', agent: { id: 'other' } }],
    ['reload', 'servers.reload', {}],
    ['verify', 'audit.verify', {}],
  ] as const)('%j is done', async (text, method, params) => {
    await open(100, 30);
    await find(text);
    await world.press('\r');
    expect(world.host.callsOf(method)).toEqual([params]);
  });

  it.each([
    ['zzz', 'There is no command "zzz"'],
    ['renmae', 'did you mean rename?'],
    ['session S9', 'There is no session "S9"'],
    ['mode fast', 'demo has no mode "fast"; it has ask, code.'],
    ['restart-host', 'Not now: the host is there.'],
    ['resend', 'No prompt of an earlier host is unsent here.'],
  ])('%j says why it is not done', async (text, sentence) => {
    await open(100, 30);
    await find(text);
    await world.press('\r');
    expect(await world.hint()).toContain(sentence);
    expect(world.host.calls.filter(({ method }) => method !== 'session.seen')).toEqual([]);
  });
});

describe('from the prompt', () => {
  it('opens behind the prefix, says the way to each key, and leaves what was written', async () => {
    await open(100, 30);
    await world.press('i');
    await world.press('draft');
    await world.press('\x02:');
    await world.press('audit log');
    expect(await world.screen()).toMatch(/audit .*Esc 3 │/);
    await world.press(escape);
    world.clock.advance(100);
    expect(await world.screen()).toContain('❯ draft');
    await world.press('\x02:');
    await world.press('thoughts\r');
    expect(await world.hint()).toContain('later ones are shown in full');
  });
});
