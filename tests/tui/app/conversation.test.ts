/** The conversation on the screen: what is new stays findable, a lost host is told, and calls show what they change and where. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ConversationItem, SessionView } from '../../../src/protocol/view.ts';
import { makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const sizes = [
  [80, 24],
  [200, 50],
] as const;

function said(id: number, text: string, kind: 'user' | 'agent' | 'notice' = 'agent'): ConversationItem {
  return { id, kind, text, atMs: id };
}

const long = Array.from({ length: 70 }, (_, index) => said(index + 1, `remark ${index + 1}`));

function open(fields: Partial<SessionView>, [columns, rows]: readonly [number, number]): void {
  world = openScreenWorld(columns, rows, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1', { servers: ['web-1'], ...fields }) },
    ),
  );
}

describe.each(sizes)('a conversation that is scrolled back, on %i×%i', (...size) => {
  it('says how much came below, and G shows it', async () => {
    open({ items: long }, size);
    await world.press('\x1b');
    await world.press('g');
    expect(await world.screen()).toContain('scrolled back, G follows');
    world.host.emit({ type: 'item.added', session: 'S1', item: said(71, 'the answer') });
    world.host.emit({ type: 'item.added', session: 'S1', item: said(72, 'and more') });
    const screen = await world.screen();
    expect(screen).toContain('2 new below, G shows them');
    expect(screen).not.toContain('the answer');
    await world.press('i');
    expect(await world.screen()).toContain('2 new below, PgDn shows them');
    await world.press('\x1b');
    await world.press('G');
    expect(await world.screen()).toMatch(/the answer[\s\S]*and more/);
    expect(await world.screen()).not.toContain('new below');
  });

  it('says that what was last goes on below', async () => {
    open({ items: long }, size);
    await world.press('\x1b');
    await world.press('g');
    world.host.emit({ type: 'item.appended', session: 'S1', item: 70, text: ' goes on' });
    expect(await world.screen()).toContain('new words below, G shows them');
  });

  it('is at its end the same screen, whatever of it was looked at before', async () => {
    const wordy = long.map(({ id }) =>
      said(id, `${'remark '.repeat(17)}\n\n\n\n- one\n- two\n\n\n| a | b |\n|---|---|\n| c | d |`),
    );
    open({ items: wordy }, size);
    await world.press('\x1b');
    await world.press('kjG');
    const fresh = await world.screen();
    await world.press('g');
    expect(await world.screen()).not.toBe(fresh);
    for (let page = 0; page < 20; page += 1) await world.press('\x1b[6~');
    await world.press('G');
    expect(await world.screen()).toBe(fresh);
  });

  it('jumps to its end when a prompt is sent', async () => {
    open({ items: long }, size);
    await world.press('\x1b');
    await world.press('gi');
    await world.press('what now?\r');
    world.host.emit({ type: 'item.added', session: 'S1', item: said(71, 'what now?', 'user') });
    expect(await world.screen()).toMatch(/remark 70[\s\S]*❯ what now\?/);
  });
});

describe.each(sizes)('a lost host, on %i×%i', (...size) => {
  it('is all that the screen says of agents and servers', async () => {
    open({ state: 'working', items: [said(1, 'look', 'user')] }, size);
    expect(await world.screen()).toMatch(/isolated[\s\S]*is working/);
    world.host.setLink({ kind: 'lost', message: 'The connection to the host is lost (it ended).', attempt: 2 });
    const screen = await world.screen();
    expect(screen).toMatch(/as last seen +host lost, reconnecting \(try 2\)/);
    expect(screen).not.toMatch(/isolated|working|development connected/);
    expect(screen).toContain('the host is lost, and agents end with it');
    await world.press('again\r');
    expect(await world.hint()).toContain('send: not connected to the host; it is tried again by itself');
    expect(await world.screen()).toContain('again');
    world.host.setLink({ kind: 'connected' });
    expect(await world.screen()).toMatch(/isolated[\s\S]*is working/);
  });
});

describe.each(sizes)('a turn that goes on, on %i×%i', (...size) => {
  it('says for how long, with a sign that moves by itself, and says nothing of it when it has ended', async () => {
    open({ state: 'working', items: [{ ...said(1, 'look', 'user'), atMs: 1_000_000 }] }, size);
    world.clock.advance(12_000);
    const [status = '', ...before] = (await world.screen()).split('\n');
    expect(status).toMatch(/demo working \S 12 s/);
    expect(before.join('\n')).toContain('is working for 12 s;');
    world.clock.advance(1_000);
    const after = (await world.screen()).split('\n');
    expect(after[0]).toMatch(/demo working \S 13 s/);
    expect(/working (\S) /.exec(after[0] ?? '')?.[1]).not.toBe(/working (\S) /.exec(status)?.[1]);
    world.clock.advance(60_000);
    expect(await world.screen()).toContain('is working for 1 min 13 s;');
    world.host.emit({ type: 'session.changed', id: 'S1', change: { state: 'idle' } });
    expect(await world.screen()).not.toMatch(/working|1 min/);
  });
});

describe('the hint line after a host was lost', () => {
  const lose = (message: string, attempt: number): void => world.host.setLink({ kind: 'lost', message, attempt });

  it('says each reason once, and gives the line back to the keys', async () => {
    open({}, [120, 30]);
    lose('The connection to the host is lost (it ended).', 1);
    expect(await world.hint()).toContain('(it ended). Trying again by itself; ^B R starts a host.');
    lose('No host runs now.', 2);
    expect(await world.hint()).toContain('No host runs now. Trying again by itself');
    await world.press('x');
    lose('No host runs now.', 3);
    expect(await world.hint()).toContain('Esc leave the prompt');
    expect(await world.screen()).toContain('reconnecting (try 3)');
    await world.press('\x02R');
    expect(world.host.reconnects).toBe(1);
  });

  it('says when the session is not in the new host, and letters are keys then', async () => {
    open({}, [120, 30]);
    lose('The connection to the host is lost (it ended).', 1);
    world.host.emit({ type: 'session.removed', id: 'S1' });
    world.host.setLink({ kind: 'connected' });
    expect(await world.hint()).toContain('there again, without the session that was shown; c opens one');
    await world.press('c');
    expect(await world.screen()).toContain('New session');
  });

  it('says only that it is there when the session is, too', async () => {
    open({}, [120, 30]);
    lose('The connection to the host is lost (it ended).', 1);
    world.host.setLink({ kind: 'connected' });
    expect(await world.hint()).toContain('The host is there again.');
  });
});

describe.each(sizes)('a call of the agent, on %i×%i', (...size) => {
  it('shows what it changes, where it runs and what it is about', async () => {
    const call: ConversationItem = {
      ...{ id: 1, kind: 'tool', toolCallId: 't', title: 'Edit the limits', toolKind: 'edit', status: 'completed' },
      ...{ detail: '', atMs: 1 },
      diffs: [{ path: '/etc/limits', diff: '--- a\n+++ b\n@@ -1,3 +1,3 @@\n a\n \n-nofile 1\n+nofile 2\n' }],
      terminals: [
        { id: 'term-1', server: 'web-1', operation: 'A1' },
        { id: 'term-2', server: null, operation: null },
      ],
      locations: [
        { path: '/etc/limits', line: 3 },
        { path: '/etc/motd', line: 7 },
      ],
    };
    open({ items: [call] }, size);
    expect(await world.screen()).toMatch(/✓ Edit the limits +▸ \+1 -1 done/);
    await world.press('\x1b');
    await world.press('K\r');
    const screen = await world.screen();
    expect(screen).toMatch(/at \/etc\/motd:7[\s\S]*changes \/etc\/limits[\s\S]*-nofile 1 [\s\S]*\+nofile 2 /);
    expect(screen).toContain('terminal term-1: output in the pane of web-1');
    expect(screen).toContain('terminal term-2: a terminal of the agent itself');
    expect(screen).not.toMatch(/\\x20|--- a/);
  });

  it('keeps to a few rows, and says where the rest is', async () => {
    const diff = `@@ -1,40 +1,40 @@\n${'-old\n+new\n'.repeat(20)}`;
    open(
      {
        items: [
          {
            ...{ id: 1, kind: 'tool', toolCallId: 't', title: 'Edit', toolKind: 'edit', status: 'pending', detail: '' },
            ...{ atMs: 1, diffs: [{ path: '/a', diff }], locations: [] },
          },
        ],
      },
      size,
    );
    await world.press('\x1b');
    await world.press('G');
    expect(await world.screen()).toMatch(/28 more lines of the difference: J or K chooses it, Enter shows all/);
    await world.press('K\r');
    expect(await world.screen()).not.toContain('more lines');
    await world.press('\r');
    expect(await world.screen()).toMatch(/Edit +▸ \+20 -20 pending/);
  });
});

it('marks the steps of a plan that are of high or low priority', async () => {
  const step = (text: string, priority: 'high' | 'medium' | 'low') => ({ text, status: 'pending' as const, priority });
  open({ items: long, plan: [step('first', 'high'), step('second', 'medium'), step('third', 'low')] }, [80, 24]);
  expect(await world.screen()).toMatch(/first {2}high priority[\s\S]*second +│[\s\S]*third {2}low priority/);
});

it('shows line ends of an error as lines, and what acts as escapes', async () => {
  open({ state: 'failed', problem: 'first line\nsecond \x1b[31mline \n', items: long }, [80, 24]);
  const screen = await world.screen();
  expect(screen).toMatch(/✗ first line +[│┃]\n│ {3}second \\x1b\[31mline +[│┃]/);
  expect(screen).not.toMatch(/\\x0a|\\x20/);
});

describe.each(sizes)('a session of another program, on %i×%i', (...size) => {
  it('has no prompt, and says what it is', async () => {
    open({ origin: 'external', agent: 'claude-desktop', items: [] }, size);
    const screen = await world.screen();
    expect(screen.replaceAll(/\s*[│╭╮╰╯─]+\s*/g, ' ')).toContain('is another program that uses the tools of signalbox');
    expect(screen).not.toMatch(/Write to the agent|To claude-desktop/);
    await world.press('i');
    expect(await world.hint()).toContain('write: another program drives this session');
    await world.press('\t\t\t');
    await world.press('x');
    expect(await world.screen()).not.toContain('Write to the agent');
  });

  it('says in short who drives it once there is something to see', async () => {
    open({ origin: 'external', agent: 'claude-desktop', items: [said(1, 'It has our tools.', 'notice')] }, size);
    const screen = await world.screen();
    expect(screen).toMatch(/It has our tools\.[\s\S]*○ claude-desktop drives this session; nothing can be written/);
    expect(screen).not.toContain('Write to the agent');
  });

  it('does not take the place of the one that is written to', async () => {
    open({}, size);
    await world.press('half a sen');
    world.host.emit({ type: 'session.added', session: makeSession('S2', { origin: 'external', agent: 'editor' }) });
    await world.press('tence\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'half a sentence' }]);
  });
});

describe.each(sizes)('prompts that an earlier host did not send, on %i×%i', (...size) => {
  const heldPrompts = [
    { text: 'look again', isWhole: true },
    { text: 'long ago', isWhole: false },
  ];

  it.each([
    [':resend\r', 'send', 'Sent 1. 1 not kept whole; write it again.', ['long ago']],
    [':drop-unsent\r', 'drop', 'Dropped 1.', []],
  ] as const)('are shown; %j', async (keys, how, words, left) => {
    open({ heldPrompts, items: [said(1, 'x', 'user')] }, size);
    expect(await world.screen()).toMatch(/not sent by an earlier host · look again[\s\S]*not kept whole/);
    world.host.handlers['session.resend'] = () => ({ answered: 1, left });
    await world.press('\x1b');
    await world.press(keys);
    expect(world.host.callsOf('session.resend')).toEqual([{ session: 'S1', how }]);
    expect(await world.hint()).toContain(words);
  });

  it('are none here', async () => {
    open({}, size);
    await world.press('\x1b');
    await world.press(':resend\r');
    expect(await world.hint()).toContain('No prompt of an earlier host is unsent here.');
    expect(world.host.callsOf('session.resend')).toEqual([]);
  });
});

describe.each(sizes)('prompts that wait, on %i×%i', (...size) => {
  it.each([
    [1, '1 prompt waits, ^B u takes one back'],
    [2, '2 prompts wait, ^B u takes one back'],
  ])('%i of them stand on the border of the prompt with the key', async (count, words) => {
    open({ state: 'working', queuedPrompts: ['one', 'two'].slice(0, count), items: [said(1, 'x', 'user')] }, size);
    expect(await world.screen()).toContain(words);
  });
});
