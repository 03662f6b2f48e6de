/** Commands and screen on real OpenSSH servers: cards answered from another terminal, production by its id, and a host that is killed at work. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { endHostAfterFailure } from '../fixtures/after-failure.ts';
import { eventually } from '../fixtures/eventually.ts';
import { canRun } from '../fixtures/explain-skip.ts';
import {
  ensureProgram,
  isRunning,
  killAndWait,
  openProgramWorld,
  type ProgramWorld,
  pressOnCard,
} from '../fixtures/program-world.ts';
import { type Sshd, sshdAvailable, startSshd } from '../fixtures/sshd.ts';
import { smallTerminal, type Terminal, tmuxAvailable, wideTerminal } from '../fixtures/terminals.ts';

const canRunHere =
  canRun('journeys on real servers', sshdAvailable()) && canRun('journeys on real servers', tmuxAvailable());

describe.runIf(canRunHere)('on two real servers', () => {
  let web: Sshd;
  let database: Sshd;
  let world: ProgramWorld;
  let shell: Terminal;
  beforeAll(async () => {
    ensureProgram();
    [web, database] = await Promise.all([startSshd(), startSshd()]);
    world = openProgramWorld();
    world.register({
      'web-1': { sshd: web, environment: 'staging' },
      'db-1': { sshd: database, environment: 'production' },
    });
    shell = await world.terminal(wideTerminal);
  });
  afterAll(async () => {
    await world?.dispose();
    await Promise.all([web?.stop(), database?.stop()]);
  });
  endHostAfterFailure(() => world);

  it('exec passes output and status on, and shows its card right there', async () => {
    expect(await world.signalbox('exec', 'web-1', '--', 'cat', '/proc/version')).toMatchObject({
      code: 0,
      stdout: readFileSync('/proc/version', 'utf8'),
    });
    expect((await world.signalbox('exec', 'web-1', '--', 'ls', join(web.folder, 'nothing'))).code).toBe(2);

    const file = join(web.folder, 'made');
    shell.enter(`signalbox exec web-1 -- touch ${file}; echo "status $?"`);
    await shell.until('a approve, d deny');
    expect(existsSync(file)).toBe(false);
    shell.enter('a');
    shell.enter(codeOn(await shell.until(/type [a-z]{4}:/)));
    await shell.until('status 0');
    expect(existsSync(file)).toBe(true);

    shell.enter(`clear; signalbox exec web-1 -- rm ${file}; echo "status $?"`);
    await shell.until('a approve, d deny');
    shell.enter('d');
    await shell.until('status 244');
    expect(existsSync(file)).toBe(true);
  });

  it('exec passes on all of what a command prints, however much more that is than an agent gets', async () => {
    const text = Array.from({ length: 400_000 }, (_, number) => `line ${number}\n`).join('');
    const file = join(web.folder, 'large.log');
    writeFileSync(file, text);
    const { code, stdout } = await world.signalbox('exec', 'web-1', '--', 'cat', file);
    expect([code, stdout.length, stdout === text]).toEqual([0, text.length, true]);
  });

  it('a file is written once the other terminal has approved it, and not before', async () => {
    const file = join(web.folder, 'motd');
    writeFileSync(file, 'old\n');
    writeFileSync(join(world.home, 'new'), 'new\n');
    const write = world.signalbox('file', 'write', 'web-1', file, '--from', 'new');
    const id = await waitingCard(shell);
    expect(readFileSync(file, 'utf8')).toBe('old\n');

    shell.enter(`clear; signalbox approvals approve ${id}; echo "status $?"`);
    shell.enter(codeOn(await shell.until([/-old\s+\+new/, /type [a-z]{4}:/])));
    await shell.until('status 0');
    expect(await write).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe('new\n');
  });

  it('run tells by its status whether the agent finished or was cancelled', async () => {
    const done = await world.signalbox('run', '--agent', 'demo', '--server', 'web-1', 'run uptime on web-1');
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('load average') });

    const file = join(web.folder, 'never');
    shell.enter(`clear; signalbox run --agent demo --server web-1 "run touch ${file} on web-1"; echo "status $?"`);
    await shell.until('Waits for an approval');
    shell.press('C-c');
    await shell.until('status 130');
    expect(existsSync(file)).toBe(false);
    expect((await world.signalbox('approvals', 'list')).stdout).toBe('Nothing waits.\n');
  });

  it('production is approved on the screen by typing the id of its server, and by nothing else', async () => {
    const file = join(database.folder, 'production');
    const started = await world.signalbox(
      ...['new', '--agent', 'demo', '--server', 'db-1', '--prompt', `run touch ${file} on db-1`],
    );
    expect(started.code).toBe(0);
    const screen = await world.terminal(smallTerminal);
    screen.enter('signalbox attach');
    await screen.until('PRODUCTION');
    await screen.until('◆ Approval 1 of 1');
    screen.press('C-]', 'a');
    await screen.until('a approve');
    screen.press('G');
    await screen.until(/Host key/);
    await pressOnCard(screen, 'a', 'Enter confirm');
    screen.type('web-1');
    screen.press('Enter');
    await screen.until('That is not its id');
    expect(existsSync(file)).toBe(false);
    // What is there may begin with a key that was pressed for the card.
    screen.press('C-u');
    screen.type('db-1');
    screen.press('Enter');
    await screen.until((shown) => !shown.includes('waiting for your answer') && shown.includes('demo idle'));
    expect(existsSync(file)).toBe(true);
    screen.press('C-]', 'd');
    await screen.until('Detached');
  });

  it('a host that is killed while a command runs leaves an open item that the next one shows', async () => {
    const pidFile = join(web.folder, 'pid');
    shell.enter(`clear; signalbox exec web-1 -- 'echo $$ > ${pidFile}; exec sleep 600'; echo "status $?"`);
    await shell.until('a approve, d deny');
    shell.enter('a');
    shell.enter(codeOn(await shell.until(/type [a-z]{4}:/)));
    await shell.until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
    const remotePid = Number(readFileSync(pidFile, 'utf8'));
    try {
      const hostPid = world.hostPid();
      await killAndWait(hostPid);
      // 240 + "outcome unknown".
      await shell.until('status 250');

      const screen = await world.terminal(smallTerminal);
      screen.enter('signalbox');
      await screen.until(/1 open/);
      expect(world.hostPid()).not.toBe(hostPid);
      screen.press('C-]', 'o');
      await screen.until(['outcome unknown', /web-1.*echo \$\$/]);
      screen.press('Enter');
      await screen.until((shown) => !shown.includes('outcome unknown'));
      screen.press('C-]', 'd');
      await screen.until('Detached');
    } finally {
      if (isRunning(remotePid)) process.kill(remotePid, 'SIGKILL');
    }
    expect(await world.signalbox('audit', 'verify')).toMatchObject({ code: 0 });
    const { stdout } = await world.signalbox('audit', 'list', '--outcome', 'unknown-outcome', '--json');
    expect(stdout).toContain('sleep 600');
  });

  /** The id of the one card that waits, as a person finds it. */
  async function waitingCard(terminal: Terminal): Promise<string> {
    return await eventually(async () => {
      const { approvals } = await world.view();
      return present(approvals[0], `No card waits:\n${terminal.screen()}`).id;
    });
  }
});

/** What has to be typed to approve, as the terminal shows it. */
function codeOn(screen: string): string {
  return /type ([a-z]{4}):/.exec(screen)?.[1] ?? '';
}
