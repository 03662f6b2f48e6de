/** A real terminal is as it was before, however the screen ends or pauses: Ctrl-Z and fg, signals, and a failure of the screen itself. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRun } from '../fixtures/explain-skip.ts';
import { ensureProgram, openProgramWorld, type ProgramWorld } from '../fixtures/program-world.ts';
import { smallTerminal, type Terminal, tmuxAvailable } from '../fixtures/terminals.ts';

let world: ProgramWorld;
// One world for all: a host that screens leave behind is what the next one finds.
beforeAll(() => {
  ensureProgram();
  world = openProgramWorld();
});
afterAll(() => world?.dispose());

describe.runIf(canRun('the terminal given back', tmuxAvailable()))('the terminal', () => {
  let asked = 0;

  /** What the kernel knows of the terminal, as one line. */
  async function settings(terminal: Terminal): Promise<string> {
    asked += 1;
    terminal.enter(`clear; echo "set$((${asked}*7)) $(stty -g) end"`);
    const pattern = new RegExp(`set${asked * 7} ([^ ]+) end`);
    const toLine = (screen: string): string => screen.replaceAll('\n', '');
    return pattern.exec(toLine(await terminal.until((screen) => pattern.test(toLine(screen)))))?.[1] ?? '';
  }

  /** The compiled code that screens left for the next one. */
  function keptCode(): { readonly name: string; readonly writtenMs: number }[] {
    const folder = join(world.paths.cache, 'code');
    return readdirSync(folder).map((name) => ({ name, writtenMs: statSync(join(folder, name)).mtimeMs }));
  }

  it('is the shell’s while the screen is stopped, and the screen’s again with fg', async () => {
    const terminal = await world.terminal(smallTerminal);
    const before = await settings(terminal);
    terminal.enter('set -m; signalbox');
    await terminal.until('Welcome to signalbox');
    for (let round = 0; round < 2; round += 1) {
      terminal.press('C-z');
      await terminal.until((screen) => /Stopped/i.test(screen) && !screen.includes('Welcome'));
      expect(await settings(terminal)).toBe(before);
      terminal.enter('fg');
      await terminal.until('Welcome to signalbox');
    }
    // It hears keys again, and leaves as it always does.
    terminal.press('4');
    await terminal.until('╭■ Servers');
    terminal.press('1');
    await terminal.until('Welcome to signalbox');
    terminal.press('C-]', 'd');
    await terminal.until('Detached');
    expect(await settings(terminal)).toBe(before);
    expect(keptCode()).toHaveLength(1);
  });

  it.each(['TERM', 'HUP', 'INT'])('is restored when the screen is ended by SIG%s', async (signal) => {
    const kept = keptCode();
    const terminal = await world.terminal(smallTerminal);
    const before = await settings(terminal);
    terminal.enter('signalbox & echo $! > pid; fg');
    await terminal.until('Welcome to signalbox');
    const other = await world.terminal(smallTerminal);
    other.enter(`kill -${signal} $(cat pid)`);
    await terminal.until((screen) => !screen.includes('Welcome'));
    expect(await settings(terminal)).toBe(before);
    // It was drawn by what the first screen left, so it left nothing anew.
    expect(keptCode()).toEqual(kept);
  });

  it('is restored when the screen fails, and one sentence says how to go on', async () => {
    const wish = join(world.home, 'fail-now');
    const code = `import { existsSync } from 'node:fs';
      if (process.stdin.isTTY && process.argv.length === 2)
        setInterval(() => { if (existsSync(${JSON.stringify(wish)})) throw new Error('a test'); }, 20);`;
    writeFileSync(join(world.home, 'fail.mjs'), code);
    const terminal = await world.terminal(smallTerminal);
    const before = await settings(terminal);
    terminal.enter(`NODE_OPTIONS="--import ${join(world.home, 'fail.mjs')}" signalbox; echo "status $?"`);
    await terminal.until((screen) => screen.includes('Welcome to signalbox') && world.hostPid() !== null);
    writeFileSync(wish, '');
    const screen = await terminal.settled('status 1');
    expect(screen.replace(/\n/g, '')).toContain(
      'signalbox: The screen failed (a test), and agents and commands run on; `signalbox attach` brings it back',
    );
    expect(screen).not.toContain('    at ');
    expect(await settings(terminal)).toBe(before);
    // The host went on: the next screen finds it.
    expect(world.hostPid()).not.toBeNull();
  });
});
