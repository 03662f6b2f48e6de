/** Emulated panes: what a program draws is what is seen, and nothing of it reaches the real terminal as a command. */

import { afterEach, describe, expect, it } from 'vitest';
import { darkTheme } from '../../../src/tui/theme.ts';
import { Ingest } from '../../../src/tui/widgets/ingest.ts';
import { openTerminal } from '../../../src/tui/widgets/screen.ts';
import { VtPane, type VtPaneOptions } from '../../../src/tui/widgets/vt-pane.ts';
import { fakeTerminal } from '../../fixtures/fake-terminal.ts';
import fc from '../../fixtures/properties.ts';
import { memorySurface } from '../../fixtures/widget-surface.ts';

/** Runs turns by hand, so that a write is parsed when the test says so. */
function handIngest(): { ingest: Ingest; run(): void } {
  const turns: (() => void)[] = [];
  const ingest = new Ingest({ later: (call) => turns.push(call) });
  return {
    ingest,
    run() {
      for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
    },
  };
}

const panes: VtPane[] = [];
afterEach(() => {
  for (const pane of panes.splice(0)) pane.dispose();
});

function paneOf(options: Partial<VtPaneOptions> = {}): { pane: VtPane; write(text: string): void; lines(): string[] } {
  const { ingest, run } = handIngest();
  const pane = new VtPane({ columns: 20, rows: 4, source: 'output', ingest, ...options });
  panes.push(pane);
  return {
    pane,
    write(text) {
      pane.write(text);
      run();
    },
    lines() {
      const memory = memorySurface(pane.columns, pane.rows);
      pane.draw(memory.surface, 'focused');
      return memory.lines();
    },
  };
}

describe('what is seen', () => {
  const pictures: readonly [string, string, readonly string[]][] = [
    ['lines of a command', 'one\ntwo\n', ['one', 'two', '', '']],
    ['a progress bar', '10%\r50%\r99%', ['99%', '', '', '']],
    ['cursor movement', 'abc\x1b[2;5Hx\x1b[1;1HZ', ['Zbc', '    x', '', '']],
    ['the newest lines', '1\n2\n3\n4\n5\n6', ['3', '4', '5', '6']],
    ['wrapped lines', 'abcdefghijklmnopqrstuvwxyz', ['abcdefghijklmnopqrst', 'uvwxyz', '', '']],
    ['wide and joined characters', '日本 👍🏽 e\u0301|', ['日本 👍🏽 e\u0301|', '', '', '']],
    ['an erased screen', 'abc\x1b[2J\x1b[Hx', ['x', '', '', '']],
    ['hidden text', 'a\x1b[8msecret\x1b[0mb', ['a      b', '', '', '']],
    ['a sequence in two slices', 'a\x1b[3', ['a', '', '', '']],
  ];
  it.each(pictures)('%s', (_title, text, expected) => {
    const { write, lines } = paneOf();
    write(text);
    expect(lines()).toEqual(expected);
  });

  it('a real terminal’s line feed does not return the carriage', () => {
    const { write, lines } = paneOf({ source: 'terminal' });
    write('ab\ncd\r\nef');
    expect(lines()).toEqual(['ab', '  cd', 'ef', '']);
  });

  it('colours and attributes reach the screen as they are', async () => {
    const fake = fakeTerminal(20, 4);
    const terminal = openTerminal({ ...fake.streams, theme: darkTheme, colors: 'rgb' });
    const { pane, write } = paneOf();
    write('\x1b[31mr\x1b[1;4;38;5;200mp\x1b[0;38;2;1;2;3;48;2;9;8;7mt\x1b[0;7mi\x1b[0;2md\x1b[0;101mb');
    terminal.addCanvas({ x: 0, y: 0, width: 20, height: 4 }, (surface) => pane.draw(surface, 'focused'));
    await fake.idle();
    expect(fake.cell(0, 0)).toMatchObject({ text: 'r', fg: '1', bold: false });
    expect(fake.cell(1, 0)).toMatchObject({ text: 'p', fg: '200', bold: true, underline: true });
    expect(fake.cell(2, 0)).toMatchObject({ text: 't', fg: '#010203', bg: '#090807' });
    expect(fake.cell(3, 0)).toMatchObject({ text: 'i', inverse: true });
    expect(fake.cell(4, 0)).toMatchObject({ text: 'd', dim: true });
    expect(fake.cell(5, 0)).toMatchObject({ text: 'b', bg: '9' });
    expect(fake.cursor).toEqual({ x: 6, y: 0 });
    terminal.dispose();
    fake.dispose();
  });

  it('the cursor is seen with focus, unless the program hides it', () => {
    const { pane, write } = paneOf();
    const cursorOf = (focus: 'focused' | 'unfocused') => {
      const memory = memorySurface(20, 4);
      pane.draw(memory.surface, focus);
      return memory.cursor;
    };
    write('ab\ncd');
    expect(cursorOf('focused')).toEqual({ x: 2, y: 1 });
    expect(cursorOf('unfocused')).toBeNull();
    write('\x1b[?25l');
    expect(cursorOf('focused')).toBeNull();
    write('\x1b[?25h');
    expect(cursorOf('focused')).toEqual({ x: 2, y: 1 });
  });

  it.each([
    ['none', '', 0],
    ['a steady bar', '\x1b[6 q', 6],
    ['a blinking underline', '\x1b[3 q', 3],
    ['a blinking block', '\x1b[1 q', 1],
    ['one that was given back', '\x1b[6 q\x1b[0 q', 0],
    ['one that ended with a reset', '\x1b[6 q\x1bc', 0],
  ])('the cursor has the shape that the program chose: %s', (_name, text, shape) => {
    const { pane, write } = paneOf();
    write(text);
    const memory = memorySurface(20, 4);
    pane.draw(memory.surface, 'focused');
    expect(memory.shape).toBe(shape);
  });

  it('a surface smaller than the emulator shows where the cursor is', () => {
    const { pane, write } = paneOf();
    write('1\n2\n3\n4');
    const memory = memorySurface(1, 2);
    pane.draw(memory.surface, 'focused');
    expect(memory.lines()).toEqual(['3', '4']);
    expect(memory.cursor).toEqual({ x: 0, y: 1 });
  });
});

describe('looking back', () => {
  it('scrolls, stays in place while output goes on, and returns to the end', () => {
    const { pane, write, lines } = paneOf();
    for (let line = 0; line < 50; line += 1) write(`line ${line}\n`);
    pane.scrollBy(10);
    const before = lines();
    expect(before[0]).toBe('line 37');
    write('more\nand more\n');
    expect(lines()).toEqual(before);
    pane.scrollToEnd();
    expect(lines()).toEqual(['line 49', 'more', 'and more', '']);
    pane.scrollBy(1_000_000);
    expect(lines()[0]).toBe('line 0');
    pane.scrollBy(-1_000_000);
    expect(pane.back).toBe(0);
  });

  it('keeps two thousand rows', () => {
    const { pane, write } = paneOf();
    write('x\n'.repeat(10_000));
    expect(pane.backMax).toBe(2_000);
    expect(pane.rowTotal).toBe(2_004);
  });

  it('gives rows for search and shows one', () => {
    const { pane, write, lines } = paneOf();
    for (let line = 0; line < 50; line += 1) write(`line ${line}\n`);
    const found = Array.from({ length: pane.rowTotal }, (_, row) => pane.rowText(row)).indexOf('line 20');
    pane.showRow(found);
    expect(lines()).toContain('line 20');
  });
});

describe('what must not get out', () => {
  const quiet: readonly [string, string][] = [
    ['device attributes', '\x1b[c\x1b[>c\x1b[=c'],
    ['a cursor report', '\x1b[6n'],
    ['a colour question', '\x1b]10;?\x07\x1b]11;?\x1b\\'],
    ['the clipboard', '\x1b]52;c;bHMgLWxh\x07'],
    ['a title', '\x1b]2;owned\x07'],
    ['a window command', '\x1b[8;1;1t\x1b[21t'],
    ['a terminfo question', '\x1bP+q544e\x1b\\'],
    ['the alternate screen and modes', '\x1b[?1049h\x1b[?1000h\x1b[?2004h\x1b[?1004h'],
    ['a bell', '\x07\x07'],
    ['a link', '\x1b]8;;http://example.com\x1b\\'],
    ['a reset', '\x1bc\x1b[!p'],
  ];
  it.each(quiet)('%s', async (_title, text) => {
    const fake = fakeTerminal(20, 4);
    const terminal = openTerminal({ ...fake.streams, theme: darkTheme, colors: 'rgb' });
    const { pane, write } = paneOf();
    const canvas = terminal.addCanvas({ x: 0, y: 0, width: 20, height: 4 }, (surface) =>
      pane.draw(surface, 'unfocused'),
    );
    await fake.idle();
    const { modes } = fake;
    fake.written = '';
    write(`${text}ok`);
    canvas.invalidate();
    await fake.idle();
    expect(fake.line(0)).toBe('ok');
    expect(fake.modes).toEqual(modes);
    expect(fake.written.replace(/\x1b\[\?(2026|25)[hl]|\x1b\[[\d;]*[mHC]/g, '')).toBe('ok');
    terminal.dispose();
    fake.dispose();
  });

  it('the title is cleaned of controls', () => {
    const { pane, write } = paneOf();
    write('\x1b]2;web-1: vim\x07');
    expect(pane.title).toBe('web-1: vim');
    write(`\x1b]2;${'x'.repeat(5_000)}\x07`);
    expect(pane.title.length).toBe(200);
  });

  it('any bytes do no harm and draw no control character', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (chunks) => {
        const { write, lines, pane } = paneOf();
        for (const chunk of chunks) write(Buffer.from(chunk).toString('latin1'));
        expect(lines().join('')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        pane.dispose();
      }),
      { numRuns: 60 },
    );
  });
});

describe('sizes', () => {
  it.each([
    [1, 1],
    [0, 0],
    [Number.NaN, -5],
    [100_000, 100_000],
  ])('takes %s×%s', (columns, rows) => {
    const { pane, write } = paneOf({ columns: 5, rows: 5 });
    pane.resize(columns, rows);
    write('日本語\n'.repeat(3));
    pane.draw(memorySurface(3, 3).surface, 'focused');
    expect(pane.columns).toBeLessThanOrEqual(1_000);
    expect(pane.columns).toBeGreaterThanOrEqual(1);
  });

  it('tells what the program asked of its keyboard', () => {
    const { pane, write } = paneOf({ source: 'terminal' });
    expect([pane.hasApplicationCursor, pane.hasBracketedPaste]).toEqual([false, false]);
    write('\x1b[?1h\x1b[?2004h');
    expect([pane.hasApplicationCursor, pane.hasBracketedPaste]).toEqual([true, true]);
  });
});
