/** The very first screen: from an empty home to an answered prompt on a real server, by keys alone; and files that are wrong from the start. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixtureAgent } from '../fixtures/agent-world.ts';
import { canRun } from '../fixtures/explain-skip.ts';
import { script } from '../fixtures/fixture-agent.ts';
import { ensureProgram, openProgramWorld, type ProgramWorld } from '../fixtures/program-world.ts';
import { type Sshd, sshdAvailable, startSshd } from '../fixtures/sshd.ts';
import { smallTerminal, type Terminal, tmuxAvailable, wideTerminal } from '../fixtures/terminals.ts';

let world: ProgramWorld;
beforeAll(ensureProgram);
beforeEach(() => {
  world = openProgramWorld();
});
afterEach(() => world?.dispose());

const canStart = canRun('the first screen', tmuxAvailable());

describe.runIf(canStart && canRun('the first screen', sshdAvailable()))('from nothing', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd?.stop());

  it('the four steps lead to an answered prompt, and each ticks itself', async () => {
    const { host, port, username, privateKeyPath, hostKeyFingerprint } = sshd;
    const lines = ['Host *', '  ServerAliveInterval 9', 'Host web-1', `  HostName ${host}`, `  Port ${port}`];
    const login = [`  User ${username}`, `  IdentityFile ${privateKeyPath}`, '  IdentityAgent none', ''];
    writeFileSync(join(world.home, 'ssh_config'), [...lines, ...login].join('\n'), { mode: 0o600 });
    const terminal = await world.terminal(smallTerminal);
    terminal.enter('signalbox');
    await terminal.until([
      /○ 1 {2}Register a server\s+❯ import hosts of ~\/\.ssh\/config {2}1 host found/,
      ...['Welcome to signalbox', 'add one by hand', 'signalbox demo'],
    ]);

    terminal.press('Enter');
    await terminal.until(/Hosts of ~\/\.ssh\/config[^]*■ web-1/);
    terminal.press('Down', 'Space');
    await terminal.until('◉ staging');
    terminal.press('Enter');
    await terminal.until(/✓ 1 {2}Register a server {2}done[^]*❯ web-1 +staging +Enter tests the connection/);

    terminal.press('Enter');
    await terminal.until('Enter shows its host key');
    terminal.press('Enter');
    await terminal.until(hostKeyFingerprint);
    terminal.enter('none');
    await terminal.until('nothing was trusted');
    terminal.press('C-u');
    terminal.enter(hostKeyFingerprint.slice(-4));
    await terminal.until(/✓ 2 {2}Test the connection, and trust its host key {2}done[^]*the connection works/);

    await addAgent(terminal);
    await terminal.until(/✓ 3 {2}Have an agent ready {2}done[^]*○ 4 {2}Write the first prompt/);

    terminal.resize(wideTerminal);
    await moveTo(terminal, 'k', /❯ mine +ready +Enter opens a session with it/);
    terminal.press('Enter');
    await terminal.until(/■ New session[^]*◉ mine +ready[^]*■ web-1 +staging/);
    terminal.press('Tab', 'Tab', 'Tab');
    const read = { tools: [{ name: 'remote_exec', arguments: { server: 'web-1', command: 'uname -s' } }] };
    terminal.enter(script({ say: 'Looking.' }, read, { say: 'It runs.' }));
    await terminal.until(/mine idle[^]*\$ uname -s[^]*│ Linux +│[^]*It runs\./);

    terminal.press('C-]', 'd');
    await terminal.until('Detached');
    const [session] = JSON.parse((await world.signalbox('ls', '--json')).stdout) as readonly object[];
    expect(session).toMatchObject({ state: 'idle', servers: ['web-1'] });
  });

  /** A key at a time, each after what the one before it has chosen is seen: one on its way would go on from the row that is looked for. */
  async function moveTo(terminal: Terminal, key: string, row: RegExp): Promise<void> {
    const chosen = (screen: string): readonly string[] => screen.match(/❯ .*?(?= {2}|$)/gm) ?? [];
    const one = (screen: string): boolean => chosen(screen).length === 1;
    for (let screen = await terminal.until(one); !row.test(screen); ) {
      const [before] = chosen(screen);
      terminal.press(key);
      screen = await terminal.until((shown) => one(shown) && chosen(shown)[0] !== before);
    }
  }

  /** From the page and back to it. */
  async function addAgent(terminal: Terminal): Promise<void> {
    terminal.press('5');
    await terminal.until('╭■ Agents');
    terminal.press('a');
    await terminal.until('Add an agent');
    terminal.type('mine');
    terminal.press('Tab');
    terminal.enter(`'${process.execPath}' '${fixtureAgent}'`);
    await terminal.until(/mine +ready +fixture answers/);
    terminal.press('1');
  }
});

describe.runIf(canStart)('the first screen', () => {
  it('says what is wrong with servers.json when it is not JSON, instead of showing none', async () => {
    const terminal = await openWith('[{');
    await terminal.until(/servers\.json/);
  });

  it('shows a record with a key that does not exist as broken, with the key that was meant', async () => {
    const terminal = await openWith('[{"id":"web-1","hots":"h","username":"u","auth":{"kind":"agent"}}]');
    await terminal.until('1 server');
    terminal.press('4');
    await terminal.until(
      (screen) => screen.includes('╭■ Servers') && screen.includes('hots') && screen.includes('host'),
    );
  });

  async function openWith(serversFile: string): Promise<Terminal> {
    mkdirSync(world.paths.config, { recursive: true, mode: 0o700 });
    writeFileSync(world.paths.serversFile, serversFile, { mode: 0o600 });
    const terminal = await world.terminal(smallTerminal);
    terminal.enter('signalbox');
    return terminal;
  }
});
