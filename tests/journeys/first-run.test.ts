/** The very first screen: no server is registered, and the page says how to go on; registering one is seen without a restart. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canRun } from '../fixtures/explain-skip.ts';
import { ensureProgram, openProgramWorld, type ProgramWorld } from '../fixtures/program-world.ts';
import { smallTerminal, type Terminal, tmuxAvailable } from '../fixtures/terminals.ts';

let world: ProgramWorld;
beforeAll(ensureProgram, 120_000);
beforeEach(() => {
  world = openProgramWorld();
});
afterEach(() => world?.dispose());

describe.runIf(canRun('the first screen', tmuxAvailable()))('the first screen', () => {
  it('names the ways to a server, and shows one as soon as it is registered', async () => {
    const terminal = await world.terminal(smallTerminal);
    terminal.enter('signalbox');
    const page = await terminal.until('Welcome to signalbox');
    for (const way of ['import hosts of ~/.ssh/config', 'add one by hand', 'signalbox demo'])
      expect(page).toContain(way);

    const added = await world.signalbox(
      ...['server', 'add', 'web-1', '--host', '127.0.0.1', '--user', 'nobody', '--environment', 'staging', '--agent'],
    );
    expect(added).toMatchObject({ code: 0 });
    terminal.press('u');
    await terminal.until(/Register a server {2}done/);
    await openServers(terminal);
    await terminal.until(/web-1\s+staging/);
    terminal.press('1');
    await terminal.until('Welcome to signalbox');
    terminal.press('q');
    await terminal.until('c  opens one');
    terminal.press('c');
    await terminal.until('╭■ New session');
    terminal.press('Escape');
    await terminal.until((screen) => !screen.includes('╭■ New session'));
    terminal.press('C-]', 'd');
    await terminal.until('Detached');
  });

  it('says what is wrong with servers.json when it is not JSON, instead of showing none', async () => {
    const terminal = await openWith('[{');
    await terminal.until(/servers\.json/);
  });

  it('shows a record with a key that does not exist as broken, with the key that was meant', async () => {
    const terminal = await openWith('[{"id":"web-1","hots":"h","username":"u","auth":{"kind":"agent"}}]');
    await terminal.until('1 server');
    await openServers(terminal);
    await terminal.until((screen) => screen.includes('hots') && screen.includes('host'));
  });

  async function openServers(terminal: Terminal): Promise<void> {
    terminal.press('4');
    await terminal.until('╭■ Servers');
  }

  async function openWith(serversFile: string): Promise<Terminal> {
    mkdirSync(world.paths.config, { recursive: true, mode: 0o700 });
    writeFileSync(world.paths.serversFile, serversFile, { mode: 0o600 });
    const terminal = await world.terminal(smallTerminal);
    terminal.enter('signalbox');
    return terminal;
  }
});
