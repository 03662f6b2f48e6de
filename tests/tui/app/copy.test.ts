/** Copy mode and search as a person sees and uses them: keys, mouse, the clipboard, live output meanwhile. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type FakeHost, makeBlock, makeCard, makeServer, makeSession, makeText } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const escape = '\x1b';
const prefix = '\x02';
const running = { state: 'running', status: null, exitCode: null, durationMs: null, startedAtMs: 1_000_000 } as const;

function prepare(host: FakeHost): void {
  const items = [
    makeText(1, 'user', 'Is there room on web-1?'),
    makeText(
      2,
      'agent',
      `Yes: 語言 and 👩‍💻 stay whole. ${'A long sentence goes on and on. '.repeat(8)}The end of it.`,
    ),
    makeText(3, 'agent', '- a list\n- with /var/log/nginx/error.log in it'),
  ];
  const output = Array.from({ length: 120 }, (_, line) => `row ${line} ${line % 40 === 0 ? 'Error: disk' : 'fine'}`);
  host.emit(
    { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
    { type: 'session.added', session: makeSession('S1', { servers: ['web-1'], items }) },
    { type: 'block.added', server: 'web-1', block: makeBlock('b1', { ...running, text: `${output.join('\n')}\n` }) },
  );
}

/** What went to the clipboard of the terminal, last first. */
function copied(): readonly string[] {
  const found = world.terminal.written.matchAll(/\x1b\]52;c;([^\x07]*)\x07/g);
  return [...found].map(([, text]) => Buffer.from(text ?? '', 'base64').toString('utf8')).reverse();
}

/** A press, drag or release of the left button on the cell where a text is. */
function mouse(kind: 'press' | 'drag' | 'release', text: string, offset = 0): string {
  const lines = Array.from({ length: world.terminal.output.rows }, (_, y) => world.terminal.line(y));
  const y = lines.findIndex((line) => line.includes(text));
  const x = lines[y]?.indexOf(text) ?? 0;
  return `\x1b[<${kind === 'drag' ? 32 : 0};${x + offset + 1};${y + 1}${kind === 'release' ? 'm' : 'M'}`;
}

async function open(columns: number, rows: number): Promise<void> {
  world = openScreenWorld(columns, rows, prepare);
  await world.press(`${prefix}n`);
  await world.terminal.until('row 119');
}

describe.each([
  [200, 50],
  [80, 24],
])('copy mode on %i×%i', (columns, rows) => {
  it('selects with vi keys and copies what the source has, with a sentence', async () => {
    await open(columns, rows);
    await world.press(`${prefix}[`);
    expect(await world.screen()).toMatch(/COPY.*web-1.*\/12\d/);
    await world.press('?row 118\r');
    await world.press('vj$y');
    expect(copied()[0]).toBe('row 118 fine\nrow 119 fine');
    expect(await world.hint()).toContain('Copied 2 lines, 25 characters to the clipboard.');
    expect(await world.screen()).not.toContain('COPY');
    await world.press(`${prefix}[kVy`);
    expect(copied()[0]).toMatch(/^row 11[89] fine$/);
    await world.press(`${prefix}[k0\x16lllkky`);
    expect(copied()[0]).toBe('row\nrow\nrow');
  });

  it('shows what one looks at in its place while output comes, and follows again when it is left', async () => {
    await open(columns, rows);
    await world.press('v');
    const before = await rowsInSight();
    world.host.emit({
      type: 'block.output',
      server: 'web-1',
      block: 'b1',
      text: 'later 1\nlater 2\n',
      skippedBytes: 0,
    });
    expect(await rowsInSight()).toEqual(before);
    expect(await world.screen()).not.toContain('later 2');
    await world.press('gg');
    expect(await world.screen()).toContain('row 0 ');
    await world.press('q');
    await world.terminal.until('later 2');
    expect(await world.screen()).not.toContain('scrolled back');
  });

  it('marks and counts matches as one types, goes from one to the next, and keeps the searches', async () => {
    await open(columns, rows);
    await world.press('/err');
    expect(await world.screen()).toMatch(/\/err.*1 of 3/);
    await world.press('or(');
    expect(await world.screen()).toMatch(/not found, as plain text: a "\(" is not closed/);
    await world.press('\x7f: d\r');
    expect(await world.screen()).toMatch(/row 0 Error: disk[\s\S]*1 of 3/);
    await world.press('n');
    expect(await world.screen()).toMatch(/row 40 Error: disk[\s\S]*2 of 3/);
    await world.press('NN');
    expect(await world.screen()).toMatch(/row 80 Error: disk[\s\S]*3 of 3/);
    expect(await world.hint()).toContain('The search went on at the other end.');
    await world.press(`${escape}`);
    await world.clock.advance(30);
    await world.press('/nowhere\r');
    expect(await world.hint()).toContain('"nowhere" is not in this text.');
    await world.press('/\x1b[A\x1b[A\r');
    expect(await world.screen()).toContain('of 3');
  });
});

describe('a search that takes long', () => {
  /** So little time that each turn looks at one row. */
  function slow(): void {
    let nowMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      nowMs += 10;
      return nowMs;
    });
  }
  afterEach(() => void vi.restoreAllMocks());

  it('goes to its match when it has come to it, though Enter came before', async () => {
    await open(200, 50);
    slow();
    await world.press('/row 33\r');
    expect(await rowsInSight()).toContain('row 33');
    expect(await world.screen()).not.toContain('row 119');
    await world.press('/nowhere\r');
    expect(await world.hint()).toContain('"nowhere" is not in this text.');
  });

  it('leaves the cursor to the keys that come meanwhile', async () => {
    await open(200, 50);
    slow();
    await world.press('/row 40\rgg');
    expect(await rowsInSight()).toContain('row 0');
    expect(await world.screen()).toContain('1 of 1');
    expect(await world.screen()).toMatch(/ 1\/12\d /);
  });
});

async function rowsInSight(): Promise<readonly string[]> {
  return (await world.screen()).match(/row \d+/g) ?? [];
}

describe('the mouse', () => {
  it('selects by dragging, copies when it is let go, and leaves', async () => {
    await open(200, 50);
    await world.press(mouse('press', 'row 110') + mouse('drag', 'row 111', 2));
    expect(await world.screen()).toContain('COPY select');
    await world.press(mouse('release', 'row 111', 2));
    expect(copied()).toEqual(['row 110 fine\nrow']);
    expect(await world.screen()).not.toContain('COPY');
  });

  it('selects a word with two clicks and the line with three', async () => {
    await open(200, 50);
    const click = (): string => mouse('press', 'row 115', 4) + mouse('release', 'row 115', 4);
    await world.press(click());
    expect(copied()).toEqual([]);
    await world.press(click());
    expect(copied()).toEqual(['115']);
    await world.press(click());
    expect(copied()[0]).toBe('row 115 fine');
    world.clock.advance(500);
    expect(await world.screen()).not.toContain('COPY');
    await world.press(click());
    expect(await world.screen()).not.toContain('COPY');
  });

  it('selects in copy mode that keys opened, and stays there', async () => {
    await open(200, 50);
    await world.press('v');
    await world.press(mouse('press', 'row 110') + mouse('drag', 'row 110', 2) + mouse('release', 'row 110', 2));
    expect(copied()).toEqual(['row']);
    expect(await world.screen()).toContain('COPY select');
    await world.press('\x1b[<64;150;10M');
    expect(await world.screen()).toContain('row 80 Error');
  });
});

describe('what was copied', () => {
  it('is pasted into the prompt, and nothing is pasted before', async () => {
    await open(200, 50);
    await world.press(`${prefix}]`);
    expect(await world.hint()).toContain('paste: nothing was copied yet');
    await world.press('v?row 42\rvey');
    await world.press(`${prefix}]`);
    expect(await world.screen()).toContain('❯ row');
    expect(await world.screen()).toContain('■ To demo');
  });

  it('is said to be too long for the clipboard, and pasted all the same', async () => {
    world = openScreenWorld(200, 50, (host) => {
      prepare(host);
      const text = Array.from({ length: 1_500 }, (_, line) => `${line} ${'x'.repeat(80)}`).join('\n');
      host.emit({ type: 'block.added', server: 'web-1', block: makeBlock('b2', { text: `${text}\n` }) });
    });
    await world.press(`${prefix}n`);
    await world.terminal.until('1499 xxx');
    await world.press('vVggy');
    expect(copied()).toEqual([]);
    expect(await world.hint()).toMatch(
      /Copied 1,\d+ lines, .* too long for the clipboard of a terminal; \^B \] pastes/,
    );
  });
});

describe('a search of everything', () => {
  it('lists rows of all texts with the match, and goes to the one that is chosen', async () => {
    await open(200, 50);
    await world.press(`${prefix}f`);
    await world.press('error');
    const list = await world.screen();
    expect(list).toMatch(/web-1 +row 80 Error: disk/);
    await world.press(': d');
    await world.terminal.until('3 rows');
    await world.press('\x1b[B\r');
    expect(await world.screen()).toMatch(/COPY.*web-1/);
    expect(await world.screen()).toMatch(/row 40 Error: disk[\s\S]*2 of 3/);
    await world.press('q');
    expect(await world.screen()).toContain('■ web-1');
    // The next one begins with what was searched for; the first letter takes its place.
    await world.press(`${prefix}f`);
    expect(await world.screen()).toMatch(/\/ error: d[^]*3 rows/);
    await world.press('error');
    expect(await world.screen()).toMatch(/\/ error +│/);
    await world.press(`${escape}`);
    world.clock.advance(100);
    await world.press(`${prefix}f`);
    await world.press('\x1b[D!');
    expect(await world.screen()).toContain('/ error: !d');
  });

  it('has panes that were never in sight, and hidden ones, which it shows', async () => {
    world = openScreenWorld(80, 24, (host) => {
      prepare(host);
      const servers = Object.fromEntries(['web-1', 'web-2', 'web-3'].map((id) => [id, makeServer(id)]));
      host.emit(
        { type: 'servers.replaced', servers },
        { type: 'session.changed', id: 'S1', change: { servers: Object.keys(servers) } },
        { type: 'block.added', server: 'web-2', block: makeBlock('b2', { ...running, text: 'a needle, running\n' }) },
        { type: 'block.added', server: 'web-3', block: makeBlock('b3', { text: 'a needle, done\n' }) },
      );
    });
    await world.press(`${prefix}n${prefix}n${prefix}n`);
    expect(await world.screen()).toContain('■ web-3');
    await world.press(`${prefix}h`);
    expect(await world.screen()).toContain('web-3 is hidden');
    await world.press(`i${prefix}f`);
    await world.press('a needle');
    await world.terminal.until('2 rows');
    expect(await world.screen()).toMatch(/web-2 +a needle, running[^]*web-3 +a needle, done/);
    await world.press('\x1b[B\r');
    expect(await world.screen()).toMatch(/COPY.*web-3/);
    await world.press('q');
    expect(await world.screen()).toContain('■ web-3');
  });
});

describe('a text above the view', () => {
  it('is searched and copied, and closes as before', async () => {
    world = openScreenWorld(200, 50, (host) => {
      prepare(host);
      host.emit({ type: 'approval.added', card: makeCard('A1') });
    });
    world.clock.advance(1_000);
    await world.press(`${prefix}ax`);
    expect(await world.screen()).toContain('Why it was stopped');
    await world.press('/command');
    expect(await world.screen()).toMatch(/COPY.*Why it was stopped[\s\S]*\/command.*1 of \d/);
    await world.press('\rvey');
    expect(copied()).toEqual(['command']);
    expect(await world.screen()).toContain('Why it was stopped');
    await world.press('q');
    expect(await world.screen()).not.toContain('Why it was stopped');
  });
});
