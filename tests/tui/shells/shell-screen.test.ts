/** Shells on the screen, from the keys to a host in this process and back: opened, typed into, left, come back to, shared and lost. */
import { describe, expect, it } from 'vitest';
import { type HostScreen, openHostScreen } from '../../fixtures/host-screen.ts';
import { memoryTarget } from '../../fixtures/memory-world.ts';
import { type RunningHost, runHost } from '../../fixtures/running-host.ts';

const wide = { columns: 200, rows: 50 };
const small = { columns: 80, rows: 24 };
const prompt = 'xterm-256color $ ';
const prefix = '\x02';

/** What a program in the shell prints, escapes and all. */
const print = (text: string): string => `print ${JSON.stringify(text)}\r`;

async function openShell(size = small, server = 'web-1') {
  const running = await runHost();
  const screen = await openHostScreen(running, size);
  await openOn(screen, server);
  return { running, screen };
}

/** A shell from the Servers view. */
async function openOn(screen: HostScreen, server: string): Promise<void> {
  await screen.press('4', 'Servers ');
  await screen.press(`/${server}\r`, 'only with');
  await screen.press('c', (text) => text.includes(prompt) && new RegExp(`■ +${server} .*\\[\\d shell\\]`).test(text));
}

const lastEntry = ({ world }: RunningHost) => world.audit.entries.at(-1);

describe('a shell on the screen', () => {
  it.each([
    ['80x24', small, '78x19'],
    ['200x50', wide, '158x46'],
  ])('is a tab of its pane, and has the size of the pane: %s', async (_size, size, cells) => {
    const { screen } = await openShell(size);
    await screen.press('size\r', cells);
    // Zoomed, it has all but the status line, the hint line and its border.
    await screen.press(`${prefix}z`, (text) => text.split('\n')[1]?.endsWith('╮') === true && !text.includes('Prompt'));
    await screen.terminal.idle();
    await screen.press('size\r', `${size.columns - 2}x${size.rows - 4}`);
  });

  it('gets every key but the prefix, and that one when it is pressed twice', async () => {
    const { screen } = await openShell();
    await screen.press('q?:/1\x03', 'q?:/1');
    expect(screen.terminal.screenText()).not.toContain('No agent is at work');
    // The shell echoes it; the emulator shows nothing for it, so what follows stands where it would have stood.
    await screen.press(`${prefix}${prefix}w`, '1w');
    await screen.press(`${prefix}0`, '[0 commands]');
    await screen.press(`${prefix}\t`, '[1 shell]');
  });

  it('shows what programs draw: colours, wide characters, the other screen, and the cursor where it is', async () => {
    const { screen } = await openShell();
    await screen.press(print('\x1b[?1049h\x1b[2J\x1b[5;3H\x1b[38;2;1;2;3m日本 full\x1b[0m\x1b[9;8H'), '日本 full');
    await screen.terminal.idle();
    const row = screen.terminal
      .screenText()
      .split('\n')
      .findIndex((line) => line.includes('日本 full'));
    expect(screen.terminal.cell(3, row)).toMatchObject({ text: '日', width: 2, fg: '#010203' });
    // The prompt follows the place where the program has left the cursor.
    expect(screen.terminal.cursor).toEqual({ x: 1 + 7 + 2, y: row + 4 });
  });

  it('looks the same on the next screen, which shows it at once', async () => {
    const { running, screen } = await openShell();
    await screen.press(print('\x1b[?1049h\x1b[31mstill here\x1b[0m'), 'still here');
    await screen.press(`${prefix}d`, 'still here');
    screen.close();
    const next = await openHostScreen(running, small);
    await next.press(`${prefix}n`, 'still here');
    await next.press(' more', 'still here$  more');
  });

  it('is what a screen begins with where no session is, and has the focus at once', async () => {
    const { running, screen } = await openShell();
    screen.close();
    const next = await openHostScreen(running, small);
    await next.terminal.until(prompt);
    await next.press('came back', 'came back');
  });

  it('is opened for the server that a screen was opened for, has what was typed before, and is shown again by the next one', async () => {
    const running = await runHost();
    const screen = await openHostScreen(running, small, { shellOn: 'db-1' }, 'on');
    await screen.press('', `${prompt}on`);
    await screen.press('ce', 'once');
    await screen.press(`${prefix}Cweb-1\r`, /■ web-1 .*\[1 shell\]/);
    screen.close();
    const next = await openHostScreen(running, small, { shellOn: 'db-1' });
    await next.terminal.until('once');
    await next.press(' more', 'once more');
    expect(Object.keys(next.link.view.shells)).toHaveLength(2);
  });

  it('is refused in one sentence for a server that there is not', async () => {
    const { screen } = await openShell();
    await screen.press(`${prefix}:shell nope\r`, 'There is no server "nope"');
  });

  it('has one size: the screen that is used last decides, and the other says so', async () => {
    const { running, screen } = await openShell(wide);
    const other = await openHostScreen(running, small);
    await other.press(`${prefix}n`, prompt);
    await other.press('size\r', '78x19');
    await screen.terminal.until('78x19 on another screen');
    await screen.press('size\r', '158x46');
    await other.terminal.until('158x46 on another screen, cut here');
  });

  it('follows its pane', async () => {
    const { screen } = await openShell();
    screen.terminal.resize(100, 30);
    await screen.terminal.until((text) => text.split('\n').length === 30 && text.includes('[1 shell]'));
    await screen.terminal.idle();
    await screen.press('size\r', '98x25');
  });

  it('is closed after a question, and goes by itself when it ends', async () => {
    const { running, screen } = await openShell();
    await screen.press(`${prefix}x`, 'Close the shell');
    await screen.press('\x1b', (text) => !text.includes('Close the shell'));
    await screen.press('still\r', 'still');
    await screen.press(`${prefix}x`, 'Close the shell');
    await screen.press('\r', (text) => !text.includes('[1 shell]') && !text.includes('Close the shell'));
    expect(lastEntry(running)).toMatchObject({ tool: 'shell_open', code: 'CANCELLED' });
    await screen.press(`${prefix}c`, prompt);
    await screen.press('exit 0\r', (text) => !text.includes('[1 shell]'));
  });
});

describe('a shell on production', () => {
  it('has a border of its own with the word, above and below', async () => {
    const { screen } = await openShell(small, 'db-1');
    await screen.terminal.idle();
    const lines = screen.terminal.screenText().split('\n');
    expect(lines.find((line) => line.startsWith('┏'))).toContain(' PRODUCTION ');
    expect(lines.find((line) => line.startsWith('┗'))).toContain(' PRODUCTION ');
  });
});

describe('several shells typed into at once', () => {
  it('are framed and named, production only after a question, and end with the same key', async () => {
    const { screen } = await openShell(wide);
    await openSecond(screen);
    await screen.press(`${prefix}S`, 'Type into several shells');
    await screen.press('\r', 'Choose at least two');
    await screen.press(' \r', 'Type into production, too?');
    await screen.press('\r', 'typing into 2 shells: web-1, db-1');
    await screen.press('both', (text) => text.split('$ both').length === 3);
    await screen.terminal.idle();
    expect(screen.terminal.screenText().match(/┗ typing into 2 shells: web-1, db-1/g)).toHaveLength(2);
    await screen.press(`${prefix}S`, 'Each shell is typed into alone again.');
    await screen.press('one', 'bothone');
    await screen.terminal.idle();
    expect(screen.terminal.screenText().split('bothone')).toHaveLength(2);
  });

  it('are not offered while fewer than two are open', async () => {
    const { screen } = await openShell(wide);
    await screen.press(`${prefix}S`, 'fewer than two shells are open');
  });
});

/** A shell on db-1 beside the one on web-1. */
async function openSecond(screen: HostScreen): Promise<void> {
  await screen.press(`${prefix}0`, '[0 commands]');
  await screen.press('4', 'Servers ');
  await screen.press('/\x15db-1\r', 'only with "db-1"');
  await screen.press('c', (text) => /db-1 .*\[1 shell\]/.test(text) && text.includes(prompt));
  await screen.press(`${prefix}p`, /■ web-1/);
  await screen.press(`${prefix}1`, /web-1 .*\[1 shell\]/);
  await screen.press(`${prefix}n`, /■ db-1/);
}

describe('a search of everything', () => {
  it('has the shells of all tabs, and shows the tab of what was found', async () => {
    const { screen } = await openShell(wide);
    await screen.press(print('a needle\r\n'), 'a needle');
    await openSecond(screen);
    await screen.press(`${prefix}p`, /■ web-1/);
    await screen.press(`${prefix}0`, '[0 commands]');
    await screen.press(`${prefix}h`, 'web-1 is hidden');
    await screen.press(`${prefix}f`, 'Find everywhere');
    await screen.press('^a needle', (text) => /shell on web-1 +a needle/.test(text));
    await screen.press('\r', (text) => /COPY +shell on web-1/.test(text));
    await screen.press('q', /■ web-1.*\[1 shell\]/);
    await screen.press('typed', 'typed');
  });
});

describe('a shell whose line is lost', () => {
  it('keeps its tab with the reason, and one key opens another in its place', async () => {
    const { running, screen } = await openShell(wide);
    running.world.servers.loseShells('web-1 hung up');
    await screen.terminal.until('web-1 hung up');
    expect(screen.terminal.screenText()).toContain('Enter opens another one here, x closes this tab.');
    await screen.press('\r', (text) => text.includes('[1 shell]') && !text.includes('hung up'));
    await screen.press('again', '$ again');
    running.world.servers.loseShells('and again');
    await screen.terminal.until('and again');
    await screen.press('x', (text) => !text.includes('1 shell'));
  });

  it('ends without a word, also when its program wanted to know of the focus', async () => {
    const { screen } = await openShell(wide);
    await screen.press(print('\x1b[?1004hready'), 'ready$');
    await screen.press('exit 0\r', (text) => !text.includes('[1 shell]'));
    await screen.terminal.idle();
    expect(screen.terminal.screenText()).not.toContain('There is no shell');
  });

  it('takes no keys while the host is lost, and says so', async () => {
    const { screen } = await openShell(wide);
    await screen.cut();
    await screen.press('x', 'Nothing was typed: not connected to the host');
    screen.link.reconnect();
    await screen.terminal.until('The host is there again.');
    await screen.press('here', '$ here');
  });
});

describe('what a program in a shell asked for', () => {
  it.each<[string, string, string, string]>([
    ['arrows in application mode', '\x1b[?1h', '\x1b[A', '\x1bOA'],
    ['arrows otherwise', '\x1b[?1l', '\x1b[A', '\x1b[A'],
    ['a marked paste', '\x1b[?2004h', '\x1b[200~two words\x1b[201~', '\x1b[200~two words\x1b[201~'],
    ['a plain paste', '\x1b[?2004l', '\x1b[200~two words\x1b[201~', 'two words'],
    ['the mouse, counted from its own corner', '\x1b[?1000h\x1b[?1006h', '\x1b[<0;12;5M', '\x1b[<0;11;3M'],
    ['drags', '\x1b[?1002h\x1b[?1006h', '\x1b[<0;12;5M\x1b[<32;13;5M', '\x1b[<0;11;3M\x1b[<32;12;3M'],
    ['the wheel', '\x1b[?1000h\x1b[?1006h', '\x1b[<64;12;5M', '\x1b[<64;11;3M'],
    ['the wheel as arrows on the other screen', '\x1b[?1049h', '\x1b[<65;12;5M', '\x1b[B\x1b[B\x1b[B'],
    ['the focus', '\x1b[?1004h', '\x1b[O', '\x1b[O'],
  ])('gets %s', async (_what, asked, pressed, sent) => {
    const { running, screen } = await openShell();
    await screen.press(print(`${asked}ready`), 'ready$');
    await screen.terminal.idle();
    running.world.servers.typed.length = 0;
    screen.terminal.type(pressed);
    await expect.poll(() => running.world.servers.typed.join('')).toBe(sent);
  });

  it('gets moves of the mouse, which the terminal tells only while that shell is in front', async () => {
    const { running, screen } = await openShell();
    expect(screen.terminal.hearsMoves).toBe(false);
    await screen.press(print('\x1b[?1003h\x1b[?1006hready'), 'ready$');
    await expect.poll(() => screen.terminal.hearsMoves).toBe(true);
    running.world.servers.typed.length = 0;
    screen.terminal.type('\x1b[<35;12;5M');
    await expect.poll(() => running.world.servers.typed.join('')).toBe('\x1b[<35;11;3M');
    await screen.press(`${prefix}?`, 'Keys');
    expect([screen.terminal.modes.mouse, screen.terminal.hearsMoves]).toEqual([true, false]);
    await screen.press('\x1b', (text) => !text.includes('Keys'));
    expect(screen.terminal.hearsMoves).toBe(true);
    await screen.press(`${prefix}0`, '[0 commands]');
    expect([screen.terminal.modes.mouse, screen.terminal.hearsMoves]).toEqual([true, false]);
  });

  it('looks back with the wheel when nothing asked for it, and a key goes to the end', async () => {
    const { screen } = await openShell();
    await screen.press(print(Array.from({ length: 60 }, (_, row) => `row ${row}\r\n`).join('')), 'row 59');
    await screen.press('\x1b[<64;12;5M', '3 rows scrolled back');
    await screen.press(`${prefix}\x1b[5~`, '21 rows scrolled back');
    await screen.press('x', (text) => !text.includes('scrolled back'));
  });
});

describe('a shell that cannot be had', () => {
  it('is refused on a server that is read only, with the reason', async () => {
    const running = await runHost();
    running.world.targets.set('web-1', memoryTarget({ id: 'web-1', readonly: true }));
    const screen = await openHostScreen(running, wide);
    await screen.link.call('servers.reload', {});
    await screen.press('4', 'Servers ');
    await screen.press('/web-1\r', 'only with');
    await screen.press('c', 'web-1 is registered as read only, so nobody gets a shell there');
  });
});
