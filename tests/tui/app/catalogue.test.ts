/** The Agents view: logins and installations get the terminal; the rest is done by the program's own commands. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import { makeAgent, makeServer } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
let ran: { readonly how: 'terminal' | 'quiet'; readonly argv: readonly string[]; readonly isAlternate: boolean }[];
afterEach(() => world.dispose());

async function open(availability: string, answer: { status: number; words?: string }, size = [100, 30]): Promise<void> {
  ran = [];
  const note = (how: 'terminal' | 'quiet', argv: readonly string[]): void =>
    void ran.push({ how, argv, isAlternate: world.terminal.isAlternateScreen });
  const programs: LocalPrograms = {
    self: ['node', 'main.js'],
    runOnTerminal: async (argv) => {
      await world.terminal.idle();
      note('terminal', argv);
      return answer.status;
    },
    runQuietly: async (argv) => {
      note('quiet', argv);
      return { status: answer.status, words: answer.words ?? '' };
    },
  };
  world = openScreenWorld(
    ...([size[0] ?? 0, size[1] ?? 0] as const),
    (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
        {
          type: 'agents.replaced',
          agents: [
            makeAgent('gemini', { label: 'Gemini CLI', availability, installHint: 'npm install --global gemini' }),
          ],
        },
      ),
    { programs },
  );
  await world.press('\x1b');
  await world.press('5');
}

describe.each([
  [80, 24],
  [200, 50],
])('the Agents view on %i×%i', (columns, rows) => {
  it('gives the terminal to a login, comes back, and asks for the new state', async () => {
    await open('needs login', { status: 0 }, [columns, rows]);
    expect(await world.screen()).toContain('l logs it in');
    await world.press('l');
    await world.terminal.until('has ended');
    expect(ran).toEqual([
      { how: 'terminal', argv: ['node', 'main.js', 'agent', 'login', 'gemini'], isAlternate: false },
    ]);
    expect(world.terminal.isAlternateScreen).toBe(true);
    expect(await world.screen()).toContain('Agents 1');
    expect(world.host.callsOf('agent.probe')).toEqual([{ agent: 'gemini' }]);
  });

  it('says when an agent was tested, also where the test has changed nothing', async () => {
    await open('ready', { status: 0 }, [columns, rows]);
    expect(await world.screen()).not.toMatch(/tested +just now/);
    await world.press('t');
    expect(await world.screen()).toMatch(/tested +just now/);
    world.clock.advance(180_000);
    world.host.emit({ type: 'agents.replaced', agents: world.host.view.agents });
    expect(await world.screen()).toMatch(/tested +3 min ago/);
  });

  it('adds an agent by a form, word by word', async () => {
    await open('ready', { status: 0, words: 'mine was added.' }, [columns, rows]);
    await world.press('a');
    await world.press("mine\tmy-agent --acp 'two words'\tMy agent\tMINE_KEY OTHER\t ");
    await world.press('\r');
    expect(ran[0]?.argv.slice(2)).toEqual([
      ...['agent', 'add', 'mine', '--label', 'My agent', '--pass-env', 'MINE_KEY,OTHER', '--fs'],
      ...['--', 'my-agent', '--acp', 'two words'],
    ]);
    expect(await world.hint()).toContain('mine was added.');
    expect(world.host.callsOf('agent.probe')).toEqual([{ agent: 'mine' }]);
  });
});

describe('an agent', () => {
  it.each([
    ['needs login', 'l', 'The login of Gemini CLI did not work (exit status 6).'],
    ['not installed', 'I', 'The installation of Gemini CLI did not work (exit status 6).'],
  ])('that %s: what failed on the terminal is said', async (availability, key, sentence) => {
    await open(availability, { status: 6 });
    await world.press(key);
    await world.terminal.until(sentence);
    expect(world.terminal.isAlternateScreen).toBe(true);
  });

  it('that was not installed after a no is told as that, not as an end', async () => {
    await open('not installed', { status: 130 });
    await world.press('I');
    await world.terminal.until('Nothing was installed.');
    expect(await world.hint()).not.toContain('has ended');
    expect(world.host.callsOf('agent.probe')).toEqual([]);
  });

  it.each([
    ['ready', 'disable'],
    ['disabled', 'enable'],
  ])('that is %s: e does %s', async (availability, command) => {
    await open(availability, { status: 0, words: 'Done so.' });
    await world.press('e');
    expect(ran.map(({ argv }) => argv.slice(2))).toEqual([['agent', command, 'gemini']]);
    expect(await world.hint()).toContain('Done so.');
  });

  it('is taken out after a question', async () => {
    await open('ready', { status: 0 });
    await world.press('D');
    expect(ran).toEqual([]);
    await world.press('\r');
    expect(ran.map(({ argv }) => argv.slice(2))).toEqual([['agent', 'remove', 'gemini']]);
  });

  it.each([
    ['', '', 'Write an id'],
    ['Mine', 'x', 'An id has only a-z'],
    ['-x', 'x', 'An id has only a-z'],
    ['mine', '', 'Write the command'],
    ['mine', "x 'y", 'A quote is not closed.'],
  ])('"%s" with the command "%s" is not added: %s', async (id, command, sentence) => {
    await open('ready', { status: 0 });
    await world.press('a');
    await world.press(`${id}\t${command}\r`);
    expect(await world.screen()).toContain(sentence);
    expect(ran).toEqual([]);
  });

  it('that the command refuses stays a form, with the sentence', async () => {
    await open('ready', { status: 2, words: 'There is an agent "mine" already.' });
    await world.press('a');
    await world.press('mine\tx\r');
    expect(await world.screen()).toContain('There is an agent "mine" already.');
    expect(await world.screen()).toContain('Add an agent');
  });
});
