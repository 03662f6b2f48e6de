/**
 * A stretch of work at one screen on a real server, by keys alone: a proposal edited before it runs, zoom, search and copy, another agent
 * attached, and then the audit view: filter, details, history, a recording played, a change taken back.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureAgent } from '../fixtures/agent-world.ts';
import { canRun } from '../fixtures/explain-skip.ts';
import { script } from '../fixtures/fixture-agent.ts';
import { ensureProgram, openProgramWorld, type ProgramWorld, pressOnCard } from '../fixtures/program-world.ts';
import { type Sshd, sshdAvailable, startSshd } from '../fixtures/sshd.ts';
import { type Terminal, tmuxAvailable, wideTerminal } from '../fixtures/terminals.ts';

const canRunHere = canRun('work at the screen', sshdAvailable()) && canRun('work at the screen', tmuxAvailable());

describe.runIf(canRunHere)('work at the screen', () => {
  let web: Sshd;
  let world: ProgramWorld;
  let screen: Terminal;
  let numbers: string;
  let site: string;
  beforeAll(async () => {
    ensureProgram();
    web = await startSshd();
    world = openProgramWorld();
    world.register({ 'web-1': { sshd: web, environment: 'staging' } });
    const command = [process.execPath, fixtureAgent];
    writeFileSync(world.paths.agentsFile, JSON.stringify({ agents: { first: { command }, second: { command } } }), {
      mode: 0o600,
    });
    numbers = join(web.folder, 'numbers');
    site = join(web.folder, 'site.conf');
    writeFileSync(numbers, Array.from({ length: 300 }, (_, index) => `${index + 1} of the numbers\n`).join(''));
    writeFileSync(site, 'worker 1\nlisten 80\n');
    const read = { name: 'remote_exec', arguments: { server: 'web-1', command: `cat ${numbers}` } };
    const write = {
      name: 'remote_write_file',
      arguments: { server: 'web-1', path: site, content: 'worker 2\nlisten 80\n' },
    };
    const prompt = script({ tools: [read, write] }, { say: 'Both are done.' });
    const argv = ['new', '--agent', 'first', '--server', 'web-1', '--prompt', prompt];
    expect(await world.signalbox(...argv)).toMatchObject({ code: 0 });
    screen = await world.terminal(wideTerminal);
    screen.enter('signalbox attach');
    await screen.until('Approval 1 of 1');
  });
  afterAll(async () => {
    await world?.dispose();
    await web?.stop();
  });

  it('a proposal is edited, judged anew, and what runs is what was written', async () => {
    screen.press('C-]', 'a');
    await screen.until('e edit');
    await pressOnCard(screen, 'e', /Edit \S+site\.conf[^]*│ worker 2 /);
    screen.press('C-Home', 'End');
    screen.type('4');
    await screen.until('│ worker 24 ');
    screen.press('C-s');
    await screen.until(/\+worker 24[^]*You changed what was asked/);
    expect(readFileSync(site, 'utf8')).toBe('worker 1\nlisten 80\n');
    screen.press('G');
    await screen.until('Host key');
    await pressOnCard(screen, 'a', 'first idle');
    expect(readFileSync(site, 'utf8')).toBe('worker 24\nlisten 80\n');
    // What the agent was told.
    await screen.until((shown) => shown.replaceAll(/[│\s]+/g, ' ').includes('edited by the operator'));
  });

  it('a pane takes the whole screen, is searched with every letter, and its lines reach the clipboard', async () => {
    screen.press('C-]', 'n');
    await screen.until('■ web-1');
    screen.press('C-]', 'z');
    await screen.until((shown) => shown.includes('1 of the numbers') && !shown.includes('To first'));
    screen.press('/');
    // Times and paths of now have digits, too: only rows that begin so are counted.
    screen.type('^15');
    await screen.until(/╰\/\^15 +1 of 11 /);
    screen.type('[0-4] o');
    await screen.until(/╰\/\^15\[0-4\] o +1 of 5 /);
    screen.press('Enter');
    await screen.until('╰ /^15[0-4] o/ 1 of 5 ');
    screen.press('n');
    await screen.until('/ 2 of 5 ');
    screen.press('V', 'j', 'y');
    await screen.until('Copied 2 lines');
    expect(screen.clipboard()).toBe('151 of the numbers\n152 of the numbers');
    screen.press('C-]', 'z');
    await screen.until('To first');
  });

  it('all texts are searched at once, and Enter goes to the place', async () => {
    screen.press('C-]', 'c');
    await screen.until('[1 ');
    screen.enter('PS1=; echo $((300 - 2)) of the numbers in a shell');
    await screen.until('298 of the numbers in a shell');
    screen.press('C-]', 'f');
    await screen.until('Find everywhere');
    screen.type('^29[89] of the numbers');
    const found = await screen.settled(
      /│[ ❯]web-1 +299 of the numbers[^]*│[ ❯]web-1 +298 of the numbers[^]*shell on web-1 +298 of the numbers in a shell[^]*3 rows/,
    );
    expect(found).not.toMatch(/conversation +29/);
    screen.press('Down', 'Enter');
    await screen.until(/COPY {2}web-1[^]*\/\^29\[89\] of the numbers\/ 1 of 2/);
    screen.press('Escape');
    await screen.until('■ web-1');
  });

  it('another agent is attached and answers in the same conversation', async () => {
    screen.press('C-]', 'Left');
    await screen.until('S switch agent');
    screen.press('S');
    await screen.until(/second +ready/);
    screen.type('second');
    screen.press('Enter');
    await screen.until(/second idle/);
    screen.press('i');
    screen.enter(script({ say: 'A second voice.' }));
    await screen.until(/second idle[^]*│ A second voice\. /);
    screen.press('Escape');
    await screen.until('S switch agent');
  });

  it('the record is filtered, opened, played, and a change is taken back', async () => {
    screen.press('3');
    await screen.until(/web-1 +stg +ok +person +write_file/);
    screen.press('/');
    screen.type('tool:remote_exec numbers');
    await screen.until((shown) => /╭ ?■? ?Audit 1 /.test(shown) && !shown.includes('write_file'));
    screen.press('Enter', 'Enter');
    await screen.until(/■ Audit [\w-]+ [^]*outcome +ok[^]*Enter play/);
    screen.press('Enter');
    await screen.until(/300 of the numbers[^]*end [\d.]+ of [\d.]+ s/);
    screen.press('g');
    await screen.until('paused 0.0 of');
    screen.press('G');
    await screen.until(/300 of the numbers[^]*end [\d.]+ of/);
    screen.press('q');
    await screen.until('Enter play');
    screen.press('Escape');
    await screen.until('only tool:remote_exec numbers');
    screen.press('/', 'Escape');
    await screen.until(/╭■ Audit 3 /);

    screen.press('g', 'j', 'H');
    await screen.until(/site\.conf on web-1, 1 change[^]*\+worker 24/);
    screen.press('R');
    await screen.until(/Roll back[^]*Restores \S+site\.conf on web-1[^]*\+worker 1 /);
    screen.press('Enter');
    await screen.until(/Roll a file back on web-1[^]*operator \(screen\)[^]*Then/);
    expect(readFileSync(site, 'utf8')).toBe('worker 24\nlisten 80\n');
    screen.press('G');
    await screen.until('Host key');
    await pressOnCard(screen, 'a', 'Nothing waits for your answer.');
    await screen.until('Rolled back');
    expect(readFileSync(site, 'utf8')).toBe('worker 1\nlisten 80\n');
    screen.press('3');
    await screen.until(/╭■ Audit 4 [^]*rollback_file[^]*shell_open[^]*write_file[^]*exec cat/);
    screen.press('C-]', 'd');
    await screen.until('Detached');
    expect(await world.signalbox('audit', 'verify')).toMatchObject({ code: 0 });
  });
});
