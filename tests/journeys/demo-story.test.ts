/** The story of the demo as a newcomer walks it, in a real terminal at the size to be beautiful at and at the smallest that works. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canRun } from '../fixtures/explain-skip.ts';
import { ensureProgram, openProgramWorld, type ProgramWorld, pressOnCard } from '../fixtures/program-world.ts';
import { smallTerminal, type Terminal, tmuxAvailable, wideTerminal } from '../fixtures/terminals.ts';

let world: ProgramWorld;
beforeAll(ensureProgram);
beforeEach(() => {
  world = openProgramWorld();
});
afterEach(() => world?.dispose());

const sizes = [
  ['200x50', wideTerminal],
  ['80x24', smallTerminal],
] as const;

describe.runIf(canRun('the story of the demo', tmuxAvailable()))('the story of the demo', () => {
  it.each(sizes)('is walked through by keys at %s', async (_name, size) => {
    const terminal = await world.terminal(size);
    terminal.enter('signalbox demo');
    await watch(terminal);
    await approveTheChange(terminal);
    await approveTheReload(terminal);
    await denyTheRestart(terminal);
    await lookAtTheRecord(terminal);
    await detachAndAttach(terminal);
    expect((await world.signalbox('audit', 'verify')).code).toBe(0);
  });
});

async function watch(terminal: Terminal): Promise<void> {
  // A small screen may have gone on from the first words before anybody looks.
  await terminal.until(/I am a scripted agent|I propose to raise worker_connections/);
  await terminal.until(/◆ 1 waiting|◆ Approval 1 of 1/);
  // No key has been pressed: the reads ran by themselves, and the change did not.
  await terminal.until('worker_connections');
}

/** @param words what only this card shows. */
async function toCard(terminal: Terminal, words: string | RegExp): Promise<void> {
  await terminal.until(words);
  terminal.press('C-]', 'a');
  await terminal.until('a approve');
}

async function approveTheChange(terminal: Terminal): Promise<void> {
  await toCard(terminal, 'Change a file on web-2');
  await terminal.until('+    worker_connections 1024;');
  terminal.press('G');
  await terminal.until(/Then\s+0a12e/);
  await pressOnCard(terminal, 'a', (screen) => !/Then\s+0a12e/.test(screen));
}

async function approveTheReload(terminal: Terminal): Promise<void> {
  await toCard(terminal, /Command\s+systemctl reload nginx/);
  terminal.press('G');
  await terminal.until('Host key');
  await pressOnCard(terminal, 'a', (screen) => !/Command\s+systemctl reload nginx/.test(screen));
}

async function denyTheRestart(terminal: Terminal): Promise<void> {
  await toCard(terminal, /Command\s+systemctl restart postgresql/);
  await terminal.until(/Environment\s+PRODUCTION/);
  await pressOnCard(terminal, 'r', 'Enter confirm');
  terminal.type('Tonight');
  terminal.press('Enter');
  await terminal.until('demo idle');
  // The last card gave the focus back to the prompt; Esc leaves that.
  terminal.press('Escape');
  await terminal.until('i write');
  // The agent says what reached it; a small screen has gone on from there.
  await terminal.pressUntil('k', /What reached me was[^]*Tonight/);
}

async function lookAtTheRecord(terminal: Terminal): Promise<void> {
  terminal.press('3');
  await terminal.until([
    /db-1\s+(PROD(UCTION)?\s+)?denied\s+(by operator|person)/,
    /web-2\s+((stg|staging)\s+)?ok\s+(by operator|person)/,
    /web-2\s+((stg|staging)\s+)?ok\s+(by )?policy/,
  ]);
  // The newest row is the denial; its details hold the reason.
  terminal.press('Enter');
  await terminal.until(/outcome\s+denied, APPROVAL_DENIED/);
  await terminal.pressUntil('j', /reason.*Tonight/);
  terminal.press('Escape');
  await terminal.until(/db-1\s+(PROD(UCTION)?\s+)?denied\s+(by operator|person)/);
  terminal.press('q');
  await terminal.until('Guided tour demo');
}

async function detachAndAttach(terminal: Terminal): Promise<void> {
  const hostPid = world.hostPid();
  terminal.press('G');
  const before = await terminal.settled('read /srv/shop/.env on web-1');
  terminal.press('C-]', 'd');
  await terminal.until('Detached; agents and commands run on. `signalbox demo` brings the screen back.');
  expect(world.hostPid()).toBe(hostPid);
  terminal.enter('signalbox demo');
  await terminal.until((after) => lasting(after) === lasting(before));
  expect(world.hostPid()).toBe(hostPid);
}

/** The screen but for what moves by itself, latencies, and for what depends on the focus: its mark and the line of hints. */
function lasting(screen: string): string {
  return screen
    .split('\n')
    .slice(0, -1)
    .join('\n')
    .replaceAll(/[■╭─╮]|\d+ ms/g, '');
}
