/** The agent's settings, who answers, and what waits to be sent, with the keys a person presses. */
import { afterEach, describe, expect, it } from 'vitest';
import type { OptionView, SessionView } from '../../../src/protocol/view.ts';
import { makeAgent, makeServer, makeSession, makeText } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const escape = '\x1b';
const down = '\x1b[B';

const model: OptionView = {
  ...{ id: 'model', name: 'Model', description: 'Which one answers.', category: 'model', value: 'small' },
  choices: [
    { value: 'small', name: 'Small', description: null, group: 'House' },
    { value: 'big', name: 'Big', description: 'Slow and thorough.', group: 'House' },
    { value: 'other', name: 'Other', description: null, group: 'Elsewhere' },
  ],
};
const fast: OptionView = {
  ...{ id: 'fast', name: 'Fast', description: null, category: null, value: false, choices: null },
};
const modes = [
  { id: 'ask', name: 'Ask' },
  { id: 'code', name: 'Code' },
];

async function open(fields: Partial<SessionView>, columns = 100, rows = 30): Promise<void> {
  world = openScreenWorld(columns, rows, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      {
        type: 'agents.replaced',
        agents: [makeAgent('demo'), makeAgent('other'), makeAgent('off', { availability: 'disabled' })],
      },
      { type: 'session.added', session: makeSession('S1', fields) },
    ),
  );
  await world.press(escape);
  await world.screen();
}

describe.each([
  [80, 24],
  [200, 50],
])('settings on %i×%i', (columns, rows) => {
  it('stand in the header, and the usage at the prompt', async () => {
    await open(
      { modes, currentMode: 'code', options: [model], usage: { used: 12_000, size: 200_000, cost: '0.03 USD' } },
      ...([columns, rows] as const),
    );
    const screen = await world.screen();
    expect(screen).toMatch(/Check the disks demo v1\.0 · Small · mode Code/);
    expect(screen).toContain('context 6 % of 200k · cost 0.03 USD');
  });

  it('are chosen from groups, with a description, narrowed by what is typed', async () => {
    await open({ options: [model] }, columns, rows);
    await world.press('M');
    const screen = await world.screen();
    expect(screen).toMatch(/House[\s\S]*Small[\s\S]*Big[\s\S]*Elsewhere[\s\S]*Other/);
    await world.press('bi');
    expect(await world.screen()).toContain('Slow and thorough.');
    expect(await world.screen()).not.toContain('Elsewhere');
    await world.press('\r');
    expect(world.host.callsOf('session.setOption')).toEqual([{ session: 'S1', option: 'model', value: 'big' }]);
    expect(await world.hint()).toContain('Model is Big now.');
  });
});

describe('a setting', () => {
  it('that is on or off is turned over', async () => {
    await open({ options: [model, fast] });
    await world.press('M');
    await world.press(`${down}\r`);
    expect(world.host.callsOf('session.setOption')).toEqual([{ session: 'S1', option: 'fast', value: true }]);
  });

  it('is shown before its values when there are several', async () => {
    await open({ options: [model, fast] });
    await world.press('M');
    expect(await world.screen()).toContain('Model  Small');
    await world.press('\r');
    expect(await world.screen()).toContain('Model of demo in "Check the disks"');
  });

  it('called mode is chosen with m', async () => {
    await open({ modes, currentMode: 'ask' });
    await world.press('m');
    await world.press(`${down}\r`);
    expect(world.host.callsOf('session.setMode')).toEqual([{ session: 'S1', mode: 'code' }]);
  });

  it('is not chosen when nothing has the letters that were typed', async () => {
    await open({ modes, currentMode: 'ask' });
    await world.press('m');
    await world.press('zzz\r');
    expect(await world.screen()).toContain('Nothing has these letters.');
    expect(world.host.callsOf('session.setMode')).toEqual([]);
  });
});

describe('another agent', () => {
  it('takes over, those of the session first', async () => {
    await open({ agents: [{ id: 'demo', isRunning: true }] });
    await world.press('S');
    const screen = await world.screen();
    expect(screen).toMatch(
      /Who answers in "Check the disks"[\s\S]*was in this session[\s\S]*demo {2}answers now[\s\S]*new here: is told what was said/,
    );
    await world.press('other\r');
    expect(world.host.callsOf('session.switchAgent')).toEqual([{ session: 'S1', agent: { id: 'other' } }]);
  });

  it('that was started by a command is gone back to by it', async () => {
    const command = ['node', 'own.mjs', '--acp'];
    await open({
      agents: [
        { id: 'demo', isRunning: true },
        { id: 'node', isRunning: false, command },
      ],
    });
    await world.press('S');
    await world.press('own.mjs\r');
    expect(world.host.callsOf('session.switchAgent')).toEqual([{ session: 'S1', agent: { command } }]);
  });

  it.each([
    ['demo\r', 'It answers already.'],
    ['off\r', 'It is disabled; the Agents view (5) says what to do.'],
  ])('is not asked for with %j', async (keys, sentence) => {
    await open({ agents: [{ id: 'demo', isRunning: true }] });
    await world.press('S');
    await world.press(keys);
    expect(await world.hint()).toContain(sentence);
    expect(world.host.callsOf('session.switchAgent')).toEqual([]);
  });
});

describe('the state of a session', () => {
  it.each<[Partial<SessionView>, string]>([
    [{ state: 'resting' }, 'demo does not run; your next prompt starts it, w starts it now'],
    [{ state: 'restarting' }, 'demo died and is started again'],
    [{ state: 'failed', problem: 'It is gone.' }, 'w or your next prompt tries again'],
    [{ state: 'ended' }, 'this session has ended; c opens a new one'],
    [{ state: 'working' }, '^C ends its turn'],
  ])('%j says what to do', async (fields, sentence) => {
    await open(fields);
    expect(await world.screen()).toContain(sentence);
  });

  it.each([['resting'], ['failed']] as const)('%s: w starts the agent', async (state) => {
    await open({ state });
    await world.press('w');
    expect(world.host.callsOf('session.start')).toEqual([{ session: 'S1' }]);
  });
});

describe('prompts that wait', () => {
  const file = { kind: 'file', name: 'a.txt', mediaType: 'text/plain', text: 'a' } as const;
  const queued = { state: 'working', queuedPrompts: ['first', 'second\nof two lines'] } as const;

  it('are taken back into the editor', async () => {
    await open(queued);
    await world.press('u');
    expect(await world.screen()).toContain('Waiting prompts 2');
    await world.press('je');
    expect(world.host.callsOf('session.unqueue')).toEqual([{ session: 'S1', index: 1, text: 'second\nof two lines' }]);
    await world.press(' more\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'second\nof two lines more' }]);
  });

  it.each([
    ['first', [], 'The prompt is back in the editor, and waits no longer; Enter sends it.', undefined],
    ['first\n[attached: a.txt]', [], 'What was attached to it is not kept here; attach it again.', undefined],
    ['first\n[attached: a.txt]', [file], 'The prompt is back in the editor with 1 attached file', [file]],
  ])('%j comes back with %j, which is said', async (text, attachments, sentence, sent) => {
    await open({ ...queued, queuedPrompts: [text] }, 200, 30);
    world.host.handlers['session.unqueue'] = () => ({ attachments }) as never;
    await world.press('ue');
    expect(await world.hint()).toContain(sentence);
    await world.press('\r');
    const more = sent === undefined ? {} : { attachments: sent };
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'first', ...more }]);
  });

  it('come back to the field of their own session, when another one is shown', async () => {
    await open(queued);
    world.host.emit({ type: 'session.added', session: makeSession('S2', { createdAtMs: 9, title: 'Another' }) });
    await world.press(':session S2\r');
    await world.press('6/Disks\r');
    world.host.handlers['session.unqueue'] = () => ({ attachments: [file] }) as never;
    await world.press('u');
    await world.press('e');
    await world.press('\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'first', attachments: [file] }]);
    await world.press(':session S2\r');
    expect(await world.screen()).not.toMatch(/a\.txt|❯ first/);
  });

  it('are deleted', async () => {
    await open(queued);
    await world.press('ud');
    expect(world.host.callsOf('session.unqueue')).toEqual([{ session: 'S1', index: 0, text: 'first' }]);
  });

  it('stay when the host sent one meanwhile, and the editor stays empty', async () => {
    await open(queued);
    world.host.handlers['session.unqueue'] = () => Promise.reject(new Error('This prompt was sent already.'));
    await world.press('ue');
    expect(await world.hint()).toContain('This prompt was sent already.');
    await world.press(escape);
    await world.press('i\r');
    expect(world.host.callsOf('session.prompt')).toEqual([]);
  });

  it('are not taken back over what is written', async () => {
    await open(queued);
    await world.press('iother');
    await world.press(escape);
    await world.press('ue');
    expect(await world.hint()).toContain('The prompt holds other text');
    expect(world.host.callsOf('session.unqueue')).toEqual([]);
  });
});

describe('the last prompt', () => {
  it('is edited and sent again, without the names of what was attached', async () => {
    await open({ items: [makeText(1, 'user', 'look here\n[attached: a.txt]'), makeText(2, 'agent', 'done')] });
    await world.press('E');
    expect(await world.hint()).toContain('attach it again');
    await world.press('!\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'look here!' }]);
  });
});

describe('the command line', () => {
  it.each([
    ['model big', 'session.setOption', { session: 'S1', option: 'model', value: 'big' }],
    ['agent other', 'session.switchAgent', { session: 'S1', agent: { id: 'other' } }],
    ['mode code', 'session.setMode', { session: 'S1', mode: 'code' }],
  ] as const)('does "%s"', async (command, method, params) => {
    await open({ options: [model], modes });
    await world.press(':');
    await world.press(`${command}\r`);
    expect(world.host.callsOf(method)).toEqual([params]);
  });

  it.each([
    ['model huge', 'The agent has no model "huge"'],
    ['agent nobody', 'There is no agent "nobody"'],
    ['options', 'Not now: the agent offers no options.', {}],
    ['model big', 'The agent offers no choice of a model.', {}],
    ['start', 'Not now: its agent runs.'],
    ['queue', 'Not now: no prompt waits.'],
    ['waiting', 'Not now: nothing waits.'],
    ['attach /nope/nothing', 'There is no file /nope/nothing'],
  ] as const)(
    'says why "%s" is not done',
    async (command, sentence, fields: Partial<SessionView> = { options: [model] }) => {
      await open(fields);
      await world.press(':');
      await world.press(`${command}\r`);
      await world.terminal.until(sentence);
      expect(world.host.calls.filter(({ method }) => method !== 'session.seen')).toEqual([]);
    },
  );
});

describe('an agent whose modes are an option', () => {
  const choices = modes.map(({ id, name }) => ({ value: id, name, description: null, group: null }));
  const mode: OptionView = {
    ...{ id: 'm', name: 'Session mode', description: null, category: 'mode', value: 'ask', choices },
  };

  it('has them behind the same key and the same command', async () => {
    await open({ options: [mode] });
    expect(await world.screen()).toContain('mode Ask');
    await world.press('m');
    await world.press(`${down}\r`);
    await world.press(':');
    await world.press('mode code\r');
    expect(world.host.callsOf('session.setOption')).toEqual([
      { session: 'S1', option: 'm', value: 'code' },
      { session: 'S1', option: 'm', value: 'code' },
    ]);
  });
});
