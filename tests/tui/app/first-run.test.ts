/** The page of the first run: four steps that tick themselves, each done on this screen. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import { type FakeHost, makeAgent, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
let ran: (readonly string[])[];
afterEach(() => world.dispose());

const fingerprint = 'SHA256:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ';
const hosts = [{ alias: 'web-1', id: 'web-1', isRegistered: false }];
const agents = (availability: string) => [
  makeAgent('demo', { availability: 'ready' }),
  makeAgent('gemini', { label: 'Gemini CLI', availability }),
  makeAgent('goose', { label: 'goose', availability: 'not installed' }),
];

async function open(prepare: (host: FakeHost) => void, size: readonly [number, number], found = hosts): Promise<void> {
  ran = [];
  const programs: LocalPrograms = {
    self: ['node', 'main.js'],
    runOnTerminal: async (argv) => {
      ran.push(argv.slice(2));
      return 0;
    },
    runQuietly: async (argv) => {
      ran.push(argv.slice(2));
      if (argv.includes('--list')) return { status: 0, words: '', output: JSON.stringify({ hosts: found }) };
      world.host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1', { state: 'idle' }) } });
      return { status: 0, words: 'Added web-1.' };
    },
  };
  world = openScreenWorld(...size, prepare, { programs });
  await world.screen();
}

describe.each([
  [80, 24],
  [200, 50],
] as const)('the first run on %i×%i', (columns, rows) => {
  it('says how many of many servers are tested, and where the others are', async () => {
    const servers = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) =>
      makeServer(id, { state: 'idle', hostKey: id === 'a' ? fingerprint : null }),
    );
    await open((host) => host.emit({ type: 'agents.replaced', agents: agents('needs login') }), [columns, rows]);
    world.host.emit({ type: 'servers.replaced', servers: Object.fromEntries(servers.map((one) => [one.id, one])) });
    expect(await world.screen()).toContain('trust its host key  1 of 7 tested');
    expect(await world.screen()).toContain('2 more in the Servers view (4)');
  });

  it('makes way for a shell of one’s own, which it would hide', async () => {
    await open((host) => host.emit({ type: 'agents.replaced', agents: agents('needs login') }), [columns, rows]);
    const size = { columns: 80, rows: 24 };
    const shell = { id: 'shell-1', server: 'web-1', title: '', ...size, problem: null, startedAtMs: 0, watchers: 0 };
    world.host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } });
    expect(await world.screen()).toContain('Four steps');
    world.host.emit({ type: 'shell.added', shell: { ...shell, state: 'opening' } });
    expect(await world.screen()).not.toContain('Four steps');
  });

  it('makes way for the pane of a server, and for those of all', async () => {
    const servers = { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1') };
    for (const keys of ['4j\r', '\x02A']) {
      await open((host) => host.emit({ type: 'agents.replaced', agents: agents('needs login') }), [columns, rows]);
      world.host.emit({ type: 'servers.replaced', servers });
      expect(await world.screen()).toContain('Four steps');
      await world.press(keys);
      expect(await world.screen()).not.toContain('Four steps');
      world.dispose();
    }
  });

  it('logs in no agent from the row of a server', async () => {
    await open((host) => host.emit({ type: 'agents.replaced', agents: agents('needs login') }), [columns, rows]);
    world.host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1', { state: 'idle' }) } });
    expect(await world.screen()).toContain('❯ web-1');
    // Whoever registered it, no host is left to import.
    expect(await world.screen()).toContain('nothing there to import');
    await world.press('l');
    expect(await world.hint()).toContain('no agent is selected');
    expect(ran.filter(([first]) => first === 'agent')).toEqual([]);
  });

  it('leads from nothing to a first prompt without another terminal', async () => {
    await open((host) => host.emit({ type: 'agents.replaced', agents: agents('needs login') }), [columns, rows]);
    const page = await world.screen();
    for (const part of ['○ 1  Register a server', '❯ import hosts of ~/.ssh/config  1 host found', 'signalbox demo'])
      expect(page).toContain(part);
    await world.press('\r');
    await world.press('j \r');
    expect(ran).toContainEqual(['server', 'import', '--environment=staging', '--', 'web-1']);
    expect(await world.hint()).toContain('1 server is registered; t tests its connection.');
    expect(await world.screen()).toMatch(/✓ 1 {2}Register a server {2}done[^]*❯ web-1 +development +Enter tests/);

    const unknown = { name: 'Host key', ok: false, detail: `The host key ${fingerprint} is not known.` };
    world.host.handlers['server.test'] = () => ({ steps: [unknown] });
    await world.press('\r');
    expect(await world.screen()).toContain('Enter shows its host key');
    await world.press('\r');
    expect(await world.screen()).toContain(fingerprint);
    world.host.handlers['server.test'] = () => ({ steps: [{ name: 'Login', ok: true, detail: 'as ops' }] });
    await world.press('NOPQ\r');
    expect(world.host.callsOf('server.trustKey')).toEqual([{ server: 'web-1', fingerprint }]);
    expect(await world.screen()).toMatch(/✓ 2 [^]*the connection works[^]*❯ Gemini CLI/);

    await world.press('\r');
    expect(ran.at(-1)).toEqual(['agent', 'login', 'gemini']);
    world.host.emit({ type: 'agents.replaced', agents: agents('ready') });
    expect(await world.screen()).toMatch(/✓ 3 [^]*❯ open a session/);
    await world.press('\r');
    expect(await world.screen()).toContain('New session');
    await world.press('\t\t\tWhy is it slow?\r');
    expect(world.host.callsOf('session.new')).toEqual([
      { agent: { id: 'gemini' }, servers: ['web-1'], prompt: 'Why is it slow?' },
    ]);
    world.host.emit({ type: 'session.added', session: makeSession('S9') });
    expect(await world.screen()).not.toContain('Welcome');
  });

  it('goes on with a server that has no file service, and says what that one lacks', async () => {
    await open(() => undefined, [columns, rows]);
    world.host.emit({ type: 'servers.replaced', servers: { nas: makeServer('nas', { state: 'idle' }) } });
    const files = { name: 'Files', ok: false, detail: 'nas offers no file service.' };
    world.host.handlers['server.test'] = () => ({ steps: [{ name: 'Commands', ok: true, detail: 'ran' }, files] });
    await world.press('t');
    expect(await world.screen()).toMatch(/✓ 2 [^]*commands work, files do not[^]*nas offers no file service\./);
  });

  it('says what failed, and how to go on', async () => {
    await open(() => undefined, [columns, rows]);
    world.host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1', { state: 'idle' }) } });
    world.host.handlers['server.test'] = () => ({ steps: [{ name: 'Login', ok: false, detail: 'No key was taken.' }] });
    await world.press('t');
    expect(await world.screen()).toContain('failed; Enter tests it, e edits');
    expect(await world.screen()).toContain('No key was taken.');
    await world.press('G');
    await world.press('jjjjjjjj\r');
    expect(await world.screen()).toContain('Not yet: no agent is ready yet');
  });
});

describe('the first run', () => {
  it('offers a form first where ~/.ssh/config has nothing', async () => {
    await open(() => undefined, [100, 30], []);
    expect(await world.screen()).toMatch(/❯ add one by hand\n.*import hosts.*nothing there to import/);
    await world.press('\r');
    expect(await world.screen()).toContain('Register a server ─');
  });

  it('is left with q once there is a server, and not before', async () => {
    await open(() => undefined, [100, 30]);
    await world.press('q');
    expect(await world.screen()).toContain('Welcome to signalbox');
    world.host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } });
    expect(await world.screen()).toContain('Welcome to signalbox');
    await world.press('q');
    expect(await world.screen()).not.toContain('Welcome to signalbox');
  });

  it('is not shown to who has servers', async () => {
    await open((host) => host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } }), [100, 30]);
    expect(await world.screen()).not.toContain('Welcome to signalbox');
  });

  it('does not take the bundled script for an agent, and lists the others', async () => {
    await open((host) => host.emit({ type: 'agents.replaced', agents: agents('not installed') }), [100, 30]);
    expect(await world.screen()).toContain('○ 3  Have an agent ready');
    expect(await world.screen()).toContain('no other agent was found; see all 3, and install one');
    await world.press('jjj\r');
    expect(await world.screen()).toContain('Agents 3');
  });

  it('begins with the bundled script where somebody chooses it, and says what it is', async () => {
    const servers = { 'web-1': makeServer('web-1', { hostKey: fingerprint }) };
    await open((host) => host.emit({ type: 'agents.replaced', agents: agents('needs login') }), [80, 24]);
    world.host.emit({ type: 'servers.replaced', servers });
    await world.press('G');
    await world.press('jjjjjjjj\r');
    expect((await world.screen()).replaceAll(/\s+/g, ' ')).toContain('the demo agent above is there to try this with');
    await world.press('kk');
    expect(await world.screen()).toMatch(/❯ demo +ready +Enter opens a scripted session/);
    await world.press('\r');
    expect(await world.screen()).toMatch(/New session[^]*◉ demo/);
  });

  it.each([
    [80, 24],
    [200, 50],
  ] as const)('names no key that does nothing there, on %i×%i', async (columns, rows) => {
    await open(() => undefined, [columns, rows]);
    expect(await world.hint()).not.toMatch(/write|next part|search|copy|…/);
    for (const [key, why] of [
      ['i', 'open a session first'],
      ['\t', 'this page is one part'],
      ['/', 'no text on this page'],
    ] as const) {
      await world.press(key);
      expect(await world.hint()).toContain(why);
    }
  });

  it('goes to the server that was just registered, whatever was chosen before', async () => {
    await open(() => undefined, [100, 30]);
    world.host.emit({ type: 'servers.replaced', servers: { 'web-0': makeServer('web-0', { state: 'idle' }) } });
    expect(await world.screen()).toMatch(/❯ web-0 /);
    await world.press('k');
    expect(await world.screen()).not.toMatch(/❯ web-0 /);
    const servers = {
      'web-1': makeServer('web-1', { state: 'idle' }),
      'web-2': makeServer('web-2', { state: 'idle' }),
    };
    world.host.handlers['servers.reload'] = () => {
      world.host.emit({ type: 'servers.replaced', servers });
      return {};
    };
    await world.press('a');
    await world.press('web-2\t10.0.0.7\t\tops\r');
    expect(await world.screen()).toMatch(/❯ web-2 /);
  });
});
