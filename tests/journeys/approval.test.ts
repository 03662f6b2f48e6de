/** The whole of approving, as a person does it on real servers: cards that never expire, many at once, rules, grants, expiry, open items. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endHostAfterFailure } from '../fixtures/after-failure.ts';
import { eventually } from '../fixtures/eventually.ts';
import { canRun } from '../fixtures/explain-skip.ts';
import {
  type Ended,
  ensureProgram,
  killAndWait,
  openProgramWorld,
  type ProgramWorld,
  pressOnCard,
} from '../fixtures/program-world.ts';
import { type Sshd, sshdAvailable, startSshd } from '../fixtures/sshd.ts';
import { smallTerminal, type Terminal, tmuxAvailable, wideTerminal } from '../fixtures/terminals.ts';

const fixtureAgent = fileURLToPath(new URL('../fixtures/acp-agent.mjs', import.meta.url));
const canRunHere = canRun('approving on real servers', sshdAvailable()) && canRun('approving', tmuxAvailable());

describe.runIf(canRunHere)('approving on real servers', () => {
  let web: Sshd;
  let database: Sshd;
  let world: ProgramWorld;
  beforeAll(async () => {
    ensureProgram();
    [web, database] = await Promise.all([startSshd(), startSshd()]);
    world = openProgramWorld();
    world.register({
      'web-1': { sshd: web, environment: 'staging' },
      'db-1': { sshd: database, environment: 'production' },
    });
    configure({ approvals: { expireAfterMinutes: 'never' } });
  });
  afterAll(async () => {
    await world?.dispose();
    await Promise.all([web?.stop(), database?.stop()]);
  });
  endHostAfterFailure(() => world);

  it('cards that never expire are marked one by one, each read to its end, and approved together by their count', async () => {
    const files = ['one', 'two', 'three'].map((name) => join(web.folder, name));
    const runs = await askInTurn(files.map((file) => ['exec', 'web-1', '--', 'touch', file]));
    const list = (await world.signalbox('approvals', 'list')).stdout;
    expect(list.match(/ never /g)).toHaveLength(3);

    const screen = await openScreen(smallTerminal, 'Approval 1 of 3');
    expect(screen.screen()).not.toContain('expires');
    for (const [index] of files.entries()) {
      await screen.until(`Approval ${index + 1} of 3`);
      await toEnd(screen);
      await pressOnCard(screen, 'Space', 'marked web-1');
      screen.press('n');
    }
    await pressOnCard(screen, 'A', 'Approve the marked');
    screen.type('2');
    screen.press('Enter');
    await screen.until('That is not the count');
    expect(files.filter((file) => existsSync(file))).toEqual([]);
    screen.press('BSpace');
    screen.type('3');
    screen.press('Enter');
    await Promise.all(runs);
    expect(files.filter((file) => existsSync(file))).toEqual(files);
    await leave(screen);
  });

  it('a rule saved from a card lets what waits run or wait on by the rule', async () => {
    const [first, second, other] = await askInTurn([
      ['exec', 'web-1', '--', 'factor', '15'],
      ['exec', 'web-1', '--', 'factor', '15'],
      ['exec', 'web-1', '--', 'factor', '21'],
    ]);
    const screen = await openScreen(wideTerminal, 'Approval 1 of 3');
    await toEnd(screen);
    await pressOnCard(screen, '+', 'Make a rule');
    screen.press('Space', 'Enter');
    await screen.until('Save a rule that allows');
    screen.type('numbers are harmless');
    screen.press('Enter');
    await screen.until(/Saved as rule .*; what waits is judged again/);
    expect(await first).toMatchObject({ code: 0, stdout: '15: 3 5\n' });
    expect(await second).toMatchObject({ code: 0, stdout: '15: 3 5\n' });
    await screen.until('Approval 1 of 1');
    await screen.until(/factor 21/);
    await pressOnCard(screen, 'd', 'Denied');
    expect(await other).toMatchObject({ code: 244 });
    await leave(screen);
  });

  it('a grant for the session asks once for one exact command, and is never given on production or for a change', async () => {
    const calls = [
      ...['web-1', 'web-1', 'db-1'].map((server) => exec(server, 'factor 33')),
      exec('web-1', `touch ${join(web.folder, 'never')}`),
    ];
    const screen = await openScreen(smallTerminal, '');
    await startAgent([{ tools: calls }, { say: 'all done' }], 'web-1,db-1');
    await toCard(screen, 'factor 33');
    await toEnd(screen);
    await pressOnCard(screen, 's', 'Approval 1 of 1 db-1');
    await toCard(screen, 'Approval 1 of 1 db-1');
    await toEnd(screen);
    await pressOnCard(screen, 's', 'session: never on production');
    await pressOnCard(screen, 'd', 'Command     touch');
    await toCard(screen, 'Command     touch');
    await toEnd(screen);
    await pressOnCard(screen, 's', 'session: only for one exact command');
    await pressOnCard(screen, 'd', 'all done');
    expect((await world.signalbox('audit', 'list', '--json')).stdout.match(/"session grant"/g)).toHaveLength(1);
    expect(existsSync(join(web.folder, 'never'))).toBe(false);
    await leave(screen);
  });

  it('an agent that repeats what is refused is paused, and the screen asks for a prompt', async () => {
    const screen = await openScreen(smallTerminal, '');
    const call = exec('web-1', 'vi /etc/hosts');
    await startAgent([{ tools: [call, call, call] }, { untilCancelled: null }], 'web-1');
    await screen.until('Paused: the agent repeats what is refused. What should it do');
    await eventually(async () =>
      expect(Object.values((await world.view()).sessions)).toContainEqual(expect.objectContaining({ state: 'idle' })),
    );
    screen.type('[{"say":"something else"}]');
    screen.press('Enter');
    await screen.until('something else');
    await leave(screen);
  });

  it('a card that expires while its reason is typed says so; what is typed on reaches nothing', async () => {
    // On a slow machine a card may expire before anybody has come to it: then the next one lives longer.
    for (let seconds = 6; !(await typesWhileItExpires(seconds)); seconds *= 4);
  });

  it('s in the open items keeps the file as it is after a host died at its change', async () => {
    await world.signalbox('kill-host', '--yes');
    configure({ approvals: { expireAfterMinutes: 'never' } });
    const file = join(web.folder, 'motd');
    writeFileSync(file, 'old\n');
    const first = await openScreen(smallTerminal, '');
    const write = world.signalboxWith('new\n', 'file', 'write', 'web-1', file);
    await toCard(first, file);
    await toEnd(first);
    // The server stands still, so the write is on its way when the host dies.
    const pids = web.sessionPids();
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await pressOnCard(first, 'a', (shown) => !shown.includes('Approval 1 of 1'));
    await untilPermitted();
    await killAndWait(world.hostPid());
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await write;

    const screen = await openScreen(wideTerminal, '');
    await screen.until(/1 open/);
    screen.press('C-]', 'o');
    await screen.until('s store image');
    screen.press('s');
    await screen.until(/kept as the after-image \(sha256 [0-9a-f]{64}, commit [0-9a-f]{12}\)/);
    await screen.until((shown) => !shown.includes('1 open'));
    await leave(screen);
    const list = await world.signalbox('audit', 'list', '--json', 'tool:remote_write_file');
    const [row] = (JSON.parse(list.stdout) as { rows: { id: string }[] }).rows;
    const diff = await world.signalbox('audit', 'diff', row?.id ?? '');
    expect(diff.code).toBe(0);
  });

  /** False when the card expired before the reason was begun. */
  async function typesWhileItExpires(seconds: number): Promise<boolean> {
    expect(await world.signalbox('kill-host', '--yes')).toMatchObject({ code: 0 });
    configure({ approvals: { expireAfterMinutes: seconds / 60 } });
    const screen = await openScreen(smallTerminal, '');
    const asked = world.signalbox('exec', 'web-1', '--', 'factor', '35');
    let hasExpired = false;
    asked.then(() => {
      hasExpired = true;
    });
    const orExpired = (words: string) => (shown: string) => hasExpired || shown.includes(words);
    await screen.until(orExpired('factor 35'));
    screen.press('C-]', 'a');
    await screen.until(orExpired('a approve'));
    screen.press('G');
    const card = await screen.settled(orExpired('Host key'));
    if (card.includes('Host key')) expect(card).toMatch(/expires in \d+ s/);
    await pressOnCard(screen, 'r', orExpired('Deny, and say why'));
    if (hasExpired) return false;
    screen.type('not n');
    await screen.until(/Waits no longer[^]*expired without an answer/);
    screen.type('ow');
    expect((await asked).stderr).toContain('Nobody answered in time');
    screen.press('Enter');
    await screen.until((shown) => !shown.includes('Waits no longer'));
    await leave(screen);
    return true;
  }

  async function untilPermitted(): Promise<void> {
    const { auditFolder } = world.paths;
    await eventually(() => {
      const names = readdirSync(auditFolder, { recursive: true, encoding: 'utf8' });
      const logs = names.filter((name) => name.endsWith('.jsonl')).map((name) => join(auditFolder, name));
      const lines = logs.flatMap((path) => readFileSync(path, 'utf8').split('\n'));
      const permits = lines.filter((line) => line.includes('"permit"') && line.includes('remote_write_file'));
      expect(permits).not.toEqual([]);
    });
  }

  function configure(config: object): void {
    mkdirSync(world.paths.config, { recursive: true, mode: 0o700 });
    writeFileSync(world.paths.configFile, JSON.stringify(config), { mode: 0o600 });
  }

  /** Commands that wait for an answer, in this order. */
  async function askInTurn(lines: readonly (readonly string[])[]): Promise<readonly Promise<Ended>[]> {
    const runs: Promise<Ended>[] = [];
    for (const [index, argv] of lines.entries()) {
      runs.push(world.signalbox(...argv));
      await untilWaiting(index + 1);
    }
    return runs;
  }

  async function untilWaiting(count: number): Promise<void> {
    await eventually(async () => expect((await world.view()).approvals).toHaveLength(count));
  }

  async function openScreen(size: typeof smallTerminal, card: string): Promise<Terminal> {
    const screen = await world.terminal(size);
    screen.enter('signalbox');
    if (card === '') await screen.until('help');
    else await toCard(screen, card);
    return screen;
  }

  async function leave(screen: Terminal): Promise<void> {
    screen.press('C-]', 'd');
    await screen.until('Detached');
  }

  async function startAgent(steps: readonly object[], servers: string): Promise<void> {
    const argv = ['new', '--server', servers, '--prompt', JSON.stringify(steps), '--', process.execPath, fixtureAgent];
    expect(await world.signalbox(...argv)).toMatchObject({ code: 0 });
  }
});

function exec(server: string, command: string): object {
  return { name: 'remote_exec', arguments: { server, command } };
}

/** All of the card has been on the screen. */
async function toEnd(screen: Terminal): Promise<string> {
  screen.press('G');
  return await screen.until('Host key');
}

async function toCard(screen: Terminal, words: string): Promise<void> {
  await screen.until(words);
  screen.press('C-]', 'a');
  await screen.until('a approve');
}
