/** A shell of the operator on a real OpenSSH server: typed into, full-screen programs in it, other sizes, left and come back to, closed, replayed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRun } from '../fixtures/explain-skip.ts';
import { ensureProgram, openProgramWorld, type ProgramWorld } from '../fixtures/program-world.ts';
import { type Sshd, sshdAvailable, startSshd } from '../fixtures/sshd.ts';
import { smallTerminal, tmuxAvailable, wideTerminal } from '../fixtures/terminals.ts';

const canRunHere =
  canRun('shells on a real server', sshdAvailable()) && canRun('shells on a real server', tmuxAvailable());

describe.runIf(canRunHere)('a shell on a real server', () => {
  let sshd: Sshd;
  let world: ProgramWorld;
  beforeAll(async () => {
    ensureProgram();
    sshd = await startSshd();
    world = openProgramWorld();
    world.register({ 'db-1': { sshd, environment: 'production' } });
  });
  afterAll(async () => {
    await world?.dispose();
    await sshd?.stop();
  });

  it('is a terminal like any other: programs, sizes, detach and attach, the end', async () => {
    const screen = await world.terminal(smallTerminal);
    screen.enter('signalbox');
    await screen.until('No session is open');
    screen.press('4');
    await screen.until('db-1');
    screen.press('c');
    await screen.until(/┏■ db-1 +PRODUCTION +0 commands \[1 [^]*┗ PRODUCTION/);
    screen.enter("PS1='% '; stty size; tty");
    await screen.until(/19 78\s[^]*\/dev\/pts/);

    const numbers = join(sshd.folder, 'numbers');
    writeFileSync(numbers, Array.from({ length: 300 }, (_, index) => `line ${index + 1} of it\n`).join(''));
    screen.enter(`less ${numbers}`);
    await screen.until(/line 18 of it[^]*numbers/);
    screen.press('Space');
    await screen.until('line 19 of it');
    screen.resize(wideTerminal);
    await screen.until('line 60 of it');
    screen.press('C-]', 'd');
    await screen.until('Detached');

    screen.enter('clear; signalbox attach');
    // The same program at the same place, before anything is typed.
    await screen.until(/line 19 of it[^]*line 60 of it/);
    screen.press('C-]', 'n');
    await screen.until('■ db-1');
    screen.press('q');
    await screen.until((shown) => !shown.includes('line 60 of it'));
    screen.enter('echo back $((40 + 2))');
    await screen.until('back 42');

    screen.enter('yes');
    await screen.until(/│?┃y\s/);
    screen.press('C-c');
    // What is typed before the prompt may be thrown away by the shell.
    await screen.until(/\^C[^]*% /);
    screen.enter('echo stopped $((1 + 1))');
    await screen.until('stopped 2');
    screen.press('C-]', 'x');
    await screen.until('Close the shell');
    screen.press('Enter');
    await screen.until((text) => !text.includes('[1 ') && !text.includes('Close the shell'));
    screen.press('C-]', 'd');
    await screen.until('Detached');
  });

  it('stands in the audit log, and its recording plays', async () => {
    const { stdout } = await world.signalbox('audit', 'list', '--json');
    const { rows } = JSON.parse(stdout) as { readonly rows: readonly { readonly id: string }[] };
    const [row] = rows;
    expect(row).toMatchObject({ tool: 'shell_open', code: 'CANCELLED' });
    const replay = await world.signalbox('audit', 'replay', row?.id ?? '', '--speed', '1000');
    expect(replay.stdout).toContain('back 42');
  });
});
