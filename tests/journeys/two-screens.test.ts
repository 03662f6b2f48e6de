/** Two screens on one host, one of them killed: who answers first is heard, and nothing depends on a screen. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { canRun } from '../fixtures/explain-skip.ts';
import {
  ensureProgram,
  killAndWait,
  openProgramWorld,
  type ProgramWorld,
  pressOnCard,
} from '../fixtures/program-world.ts';
import { smallTerminal, type Terminal, tmuxAvailable, wideTerminal } from '../fixtures/terminals.ts';

let world: ProgramWorld;
beforeAll(ensureProgram);
beforeEach(() => {
  world = openProgramWorld();
});
afterEach(() => world?.dispose());

const change = /Change a file on web-2/;
const reload = /Command\s+systemctl reload nginx/;

describe.runIf(canRun('two screens at once', tmuxAvailable()))('two screens at once', () => {
  it('share one queue: the first answer counts, the late one learns whose it was; a killed screen leaves all as it is', async () => {
    const first = await world.terminal(wideTerminal);
    const second = await world.terminal(smallTerminal);
    // The shell becomes the screen, so that its pid is the one of the terminal.
    first.enter('exec signalbox demo');
    await toCard(first, change);
    second.enter('exec signalbox demo');
    await toCard(second, change);
    const hostPid = world.hostPid();

    // While one person types a reason, the other approves.
    await pressOnCard(second, 'r', 'Enter confirm');
    second.type('too late');
    first.press('G');
    await first.until(/Then\s+0a12e/);
    await pressOnCard(first, 'a', reload);
    // The form is gone, and what is typed on reaches no other card.
    await second.until(/Waits no longer[^]*approved by operator@screen/);
    second.type('add');
    second.press('Enter');
    await second.until(/Policy\s+systemctl reload/);

    await killAndWait(first.pid);
    expect(world.hostPid()).toBe(hostPid);
    // The card still waits, the agent still works, and the other screen still answers.
    await toCard(second, reload);
    second.press('G');
    await second.until('Host key');
    await pressOnCard(second, 'a', /Command\s+systemctl restart postgresql/);

    const again = await world.terminal(wideTerminal);
    again.enter(`(trap '' HUP; signalbox demo; echo $? > ended)`);
    await again.until(/Command\s+systemctl restart postgresql/);
    await again.until('nginx reloaded');
    expect(world.hostPid()).toBe(hostPid);
    const sessions = JSON.parse((await world.signalbox('ls', '--json')).stdout) as readonly unknown[];
    expect(sessions).toHaveLength(1);

    // A screen whose terminal is gone ends by that signal, and not by a crash of Node over it.
    again.close();
    await eventually(() =>
      expect(readFileSync(join(world.home, 'ended'), 'utf8')).toBe(`${128 + constants.signals.SIGHUP}\n`),
    );
    expect(world.hostPid()).toBe(hostPid);
  });
});

async function toCard(terminal: Terminal, words: RegExp): Promise<void> {
  await terminal.until(words);
  terminal.press('C-]', 'a');
  await terminal.until('a approve');
}
