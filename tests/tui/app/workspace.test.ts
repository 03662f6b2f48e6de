/** The workspace as a person sees and uses it: conversation, prompt, panes, focus, zoom, help, detach. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  type FakeHost,
  makeBlock,
  makeCard,
  makeServer,
  makeSession,
  makeText,
  makeTool,
} from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const escape = '\x1b';
const prefix = '\x02';

function prepare(host: FakeHost): void {
  const servers = {
    'web-1': makeServer('web-1'),
    'db-1': makeServer('db-1', { environment: 'production', latencyMs: 31 }),
  };
  const plan = [
    { text: 'Look at the disks', status: 'completed' },
    { text: 'Restart nginx', status: 'in_progress' },
  ] as const;
  const items = [
    makeText(1, 'user', 'Is there room on web-1?'),
    makeText(2, 'thought', 'I will run df.'),
    makeText(3, 'agent', 'I look at **the disks**:\n\n- root\n- data'),
    makeTool(4, { status: 'completed' }),
  ];
  host.emit(
    { type: 'servers.replaced', servers },
    {
      type: 'session.added',
      session: makeSession('S1', { servers: ['web-1', 'db-1'], state: 'working', plan, items }),
    },
    { type: 'block.added', server: 'web-1', block: makeBlock('b1', { text: 'Filesystem  Use%\n/dev/sda1   32%\n' }) },
  );
}

describe('the workspace on 200×50', () => {
  it('shows conversation, plan, panes with environment words, blocks with exit status and duration', async () => {
    world = openScreenWorld(200, 50, prepare);
    await world.terminal.until('exit 0');
    await world.terminal.until('• root');
    const screen = await world.screen();
    for (const text of [
      'Is there room on web-1?',
      'thought',
      'the disks',
      '• root',
      'Plan 1 of 2 done',
      'remote_exec web-1 df -h',
    ])
      expect(screen).toContain(text);
    for (const text of [
      'web-1 development connected 12 ms',
      'PRODUCTION  connected 31 ms',
      '$ df -h',
      '/dev/sda1   32%',
      '✓ exit 0 · 0.3 s',
      'isolated',
      'demo working',
    ])
      expect(screen).toContain(text);
  });

  it('appends what streams in, and never mixes two commands', async () => {
    world = openScreenWorld(200, 50, prepare);
    await world.terminal.until('exit 0');
    const running = {
      state: 'running',
      status: null,
      exitCode: null,
      durationMs: null,
      startedAtMs: 1_000_000,
    } as const;
    world.host.emit(
      { type: 'block.added', server: 'web-1', block: makeBlock('b2', { ...running, summary: 'first' }) },
      { type: 'block.added', server: 'web-1', block: makeBlock('b3', { ...running, summary: 'second' }) },
    );
    for (let line = 1; line <= 3; line += 1) {
      world.host.emit(
        { type: 'block.output', server: 'web-1', block: 'b2', text: `one ${line} \x1b[31m`, skippedBytes: 0 },
        { type: 'block.output', server: 'web-1', block: 'b3', text: `two ${line} `, skippedBytes: 0 },
      );
    }
    world.host.emit({ type: 'item.appended', session: 'S1', item: 3, text: '\n- and tmp' });
    await world.terminal.until('two 1 two 2 two 3');
    const screen = await world.screen();
    expect(screen).toContain('one 1 one 2 one 3');
    expect(screen).toContain('• and tmp');
    expect(screen).toContain('2 run');
  });

  it('shows what a hostile text contains instead of obeying it', async () => {
    world = openScreenWorld(200, 50, prepare);
    world.host.emit({ type: 'item.added', session: 'S1', item: makeText(9, 'agent', 'a\u202eb \x1b]0;owned\x07 c') });
    expect(await world.screen()).toContain('a\\u202eb \\x1b]0;owned\\x07 c');
    expect(world.terminal.written).not.toContain('owned\x07');
  });

  it('sends the prompt, keeps it as history, and gives it back when the host does not take it', async () => {
    world = openScreenWorld(200, 50, prepare);
    await world.press('check nginx\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'check nginx' }]);
    expect(await world.screen()).not.toContain('check nginx');
    world.host.handlers['session.prompt'] = () =>
      Promise.reject(new Error('The queue of prompts is full; wait for the agent.'));
    await world.press('again\r');
    expect(await world.hint()).toContain('The queue of prompts is full');
    expect(await world.screen()).toContain('❯ again');
    await world.press('\x15\x1b[A');
    expect(await world.screen()).toContain('❯ again');
  });

  it('takes a pasted text as text', async () => {
    world = openScreenWorld(200, 50, prepare);
    world.terminal.paste('line one\nline two q 3 \x1b');
    expect(await world.screen()).toContain('line two q 3');
    expect(world.host.callsOf('session.prompt')).toEqual([]);
  });

  it('zooms what has the focus, and gives the room back', async () => {
    world = openScreenWorld(200, 50, prepare);
    await world.terminal.until('exit 0');
    await world.press(`${prefix}n`);
    await world.press(`${prefix}z`);
    let screen = await world.screen();
    expect(screen).toContain('$ df -h');
    expect(screen).not.toContain('Is there room');
    expect(screen.split('\n')[0]).toContain(' zoomed ');
    await world.press(`${prefix}z`);
    screen = await world.screen();
    expect(screen).toContain('Is there room');
    expect(screen).not.toContain(' zoomed ');
  });

  it('switches between grid and stack', async () => {
    world = openScreenWorld(200, 50, prepare);
    await world.terminal.until('exit 0');
    expect(await world.screen()).toContain('Nothing ran here yet');
    await world.press(`${prefix} `);
    expect(await world.screen()).not.toContain('Nothing ran here yet');
    expect(await world.screen()).toContain('▸ db-1');
  });

  it('folds and shows thoughts', async () => {
    world = openScreenWorld(200, 50, prepare);
    await world.press(escape);
    await world.screen();
    await world.press('t');
    expect(await world.screen()).toContain('▾ thought');
    await world.press('t');
    expect(await world.screen()).toContain('▸ thought');
  });

  it('focuses what is clicked and scrolls what is under the wheel', async () => {
    world = openScreenWorld(200, 50, prepare);
    await world.terminal.until('exit 0');
    const text = Array.from({ length: 120 }, (_, line) => `row ${line}`).join('\n');
    world.host.emit({
      type: 'block.added',
      server: 'web-1',
      block: makeBlock('b2', { summary: 'seq', text: `${text}\n` }),
    });
    await world.terminal.until('row 119');
    await world.press('\x1b[<64;150;10M');
    await world.press('\x1b[<64;150;10M');
    expect(await world.screen()).toContain('scrolled back');
    expect(await world.screen()).toContain('■ To demo');
    await world.press('\x1b[<0;150;10M\x1b[<0;150;10m');
    expect(await world.screen()).toContain('■ web-1');
    await world.press('G');
    expect(await world.screen()).not.toContain('scrolled back');
  });

  it('searches in the pane and jumps to what it finds', async () => {
    world = openScreenWorld(200, 50, prepare);
    const text = Array.from({ length: 200 }, (_, line) => `row ${line}`).join('\n');
    world.host.emit({
      type: 'block.added',
      server: 'web-1',
      block: makeBlock('b2', { summary: 'seq', text: `${text}\n` }),
    });
    await world.terminal.until('row 199');
    await world.press(`${prefix}n`);
    await world.press('/');
    await world.press('row 42\r');
    expect(await world.screen()).toContain('row 42');
    expect(await world.screen()).not.toContain('row 199');
  });
});

describe('the workspace on 80×24', () => {
  it('shows the half that has the focus, and one line for the other', async () => {
    world = openScreenWorld(80, 24, prepare);
    expect(await world.screen()).toContain('db-1 PRODUCTION connected');
    await world.press(`${prefix}n`);
    await world.terminal.until('$ df -h');
    expect(await world.screen()).not.toContain('Is there room');
    await world.press('i');
    expect(await world.screen()).toContain('■ To demo');
  });

  it('says one sentence when it is far too small, and comes back', async () => {
    world = openScreenWorld(80, 24, prepare);
    await world.screen();
    world.terminal.resize(18, 4);
    expect(await world.screen()).toContain('Too small');
    world.terminal.resize(80, 24);
    expect(await world.screen()).toContain('To demo');
  });

  it.each([
    [20, 5],
    [33, 9],
    [60, 12],
    [300, 90],
  ])('draws something at %i×%i', async (columns, rows) => {
    world = openScreenWorld(columns, rows, prepare);
    world.host.emit({ type: 'approval.added', card: makeCard('c1') });
    expect(await world.screen()).toContain('signalbo');
    expect(await world.screen()).toContain('❯ Write to the');
    for (const key of ['\x02n', '\x02a', '2', '3', '4', '5', '6', '?']) await world.press(key);
    expect((await world.screen()).trim()).not.toBe('');
  });
});

describe('leaving and interrupting', () => {
  it('detaches with the prefix and d', async () => {
    world = openScreenWorld(120, 40, prepare);
    await world.press(`${prefix}d`);
    expect(await world.app.finished).toBe('detached');
    expect(world.host.calls).toEqual([]);
  });

  it('cancels the turn with Ctrl-C, and offers to detach with the second', async () => {
    world = openScreenWorld(120, 40, prepare);
    await world.press('\x03');
    expect(world.host.callsOf('session.cancel')).toEqual([{ session: 'S1' }]);
    await world.press('\x03');
    expect(await world.screen()).toContain('Leave the screen?');
    await world.press('\r');
    expect(await world.app.finished).toBe('detached');
  });

  it('keeps letters in the prompt as text, and takes them as keys after Esc', async () => {
    world = openScreenWorld(120, 40, prepare);
    await world.press('3?q');
    expect(await world.screen()).toContain('❯ 3?q');
    await world.press(escape);
    await world.screen();
    await world.press('?');
    expect(await world.screen()).toContain('■ Keys');
    await world.press('?');
    await world.press('i');
    await world.press('!');
    expect(await world.screen()).toContain('❯ 3?q!');
  });

  it('tells what waits in the title of the window', async () => {
    world = openScreenWorld(120, 40, prepare);
    world.host.emit({ type: 'approval.added', card: makeCard('c1') });
    await world.screen();
    expect(world.terminal.written).toContain('(1 waiting) signalbox');
    world.host.emit({ type: 'approval.removed', id: 'c1', end: 'expired' });
    await world.screen();
    expect(world.terminal.written.lastIndexOf('signalbox')).toBeGreaterThan(
      world.terminal.written.lastIndexOf('(1 waiting)'),
    );
  });

  it('says that the host is lost, and that it is there again', async () => {
    world = openScreenWorld(120, 40, prepare);
    world.host.setLink({ kind: 'lost', message: 'The connection to the host is lost (it ended).', attempt: 2 });
    expect(await world.screen()).toContain('host lost, reconnecting (try 2)');
    expect(await world.hint()).toContain('The connection to the host is lost');
    await world.press('hello\r');
    expect(await world.hint()).toContain('not connected to the host');
    expect(world.host.callsOf('session.prompt')).toEqual([]);
    await world.press(escape);
    await world.screen();
    await world.press(':');
    await world.press('restart-host\r');
    expect(world.host.reconnects).toBe(1);
    world.host.setLink({ kind: 'connected' });
    expect(await world.hint()).toContain('The host is there again');
  });
});
