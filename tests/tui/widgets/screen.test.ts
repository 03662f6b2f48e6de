/** The terminal as a whole: what a person sees and what is left behind, read back through an emulator. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Disposables, toDisposable } from '../../../src/base/lifecycle.ts';
import { darkTheme } from '../../../src/tui/theme.ts';
import type { ColorDepth } from '../../../src/tui/theme-color.ts';
import { openTerminal, type Terminal } from '../../../src/tui/widgets/screen.ts';
import type { Surface } from '../../../src/tui/widgets/surface.ts';
import { type FakeTerminal, fakeTerminal } from '../../fixtures/fake-terminal.ts';

let cleanup = new Disposables();
afterEach(() => {
  const ended = cleanup;
  cleanup = new Disposables();
  ended.dispose();
});

function open(columns: number, rows: number, colors: ColorDepth = 'rgb'): { fake: FakeTerminal; terminal: Terminal } {
  const fake = fakeTerminal(columns, rows);
  const terminal = openTerminal({ ...fake.streams, theme: darkTheme, colors });
  cleanup.add(toDisposable(() => fake.dispose()));
  cleanup.add(terminal);
  return { fake, terminal };
}

const whole = (terminal: Terminal) => ({ x: 0, y: 0, width: terminal.size.columns, height: terminal.size.rows });

describe('what is drawn', () => {
  it('shows text where it was put, with the colours of its token', async () => {
    const { fake, terminal } = open(40, 5);
    terminal.addCanvas(whole(terminal), (surface) => {
      surface.put(2, 1, [{ text: 'web-1 ' }, { text: 'production', token: 'production' }]);
    });
    await fake.idle();
    expect(fake.screenText()).toBe('\n  web-1 production\n\n\n');
    expect(fake.cell(8, 1)).toMatchObject({ text: 'p', fg: '#ff7b72', bold: true });
    expect(fake.cell(2, 1)).toMatchObject({ fg: 'default', bold: false });
  });

  const depths: readonly [ColorDepth, string, boolean][] = [
    ['rgb', '#ff7b72', false],
    ['256', '209', false],
    ['16', '9', false],
    ['none', 'default', true],
  ];
  it.each(depths)('with %s colours production is %s and inverse %s', async (depth, fg, inverse) => {
    const { fake, terminal } = open(20, 2, depth);
    terminal.addCanvas(whole(terminal), (surface) => surface.put(0, 0, 'x', { token: 'production' }));
    await fake.idle();
    expect(fake.cell(0, 0)).toMatchObject({ fg, inverse, bold: true });
  });

  it('keeps wide, joined and combining characters in their columns', async () => {
    const lines = ['日本語|', '👩‍👩‍👧‍👦|', 'e\u0301\u0301|', '🇩🇪|', 'नमस्ते|', 'a\u200bb|', '한글|', '❤️|', '⚠|', '👍🏽|'];
    const { fake, terminal } = open(30, lines.length);
    terminal.addCanvas(whole(terminal), (surface) => {
      lines.forEach((line, y) => {
        surface.put(0, y, line);
        surface.put(20, y, '<-');
      });
    });
    await fake.idle();
    for (let y = 0; y < lines.length; y += 1) expect(fake.cell(20, y).text + fake.cell(21, y).text).toBe('<-');
    expect(fake.cell(0, 0)).toMatchObject({ text: '日', width: 2 });
    expect(fake.cell(6, 0).text).toBe('|');
  });

  it('leaves no half of a wide character when something is put over it', async () => {
    const { fake, terminal } = open(10, 2);
    let step = 0;
    const canvas = terminal.addCanvas(whole(terminal), (surface) => {
      surface.put(0, 0, '日本語');
      if (step === 1) surface.put(1, 0, 'x');
      if (step === 2) surface.put(2, 0, '界');
    });
    await fake.idle();
    step = 1;
    canvas.invalidate();
    await fake.idle();
    expect(fake.line(0)).toBe(' x本語');
    step = 2;
    canvas.invalidate();
    await fake.idle();
    expect(fake.line(0)).toBe('日界語');
  });

  it('cuts a wide character at the edge of its rectangle', async () => {
    const { fake, terminal } = open(10, 1);
    terminal.addCanvas(whole(terminal), (surface) => {
      surface.put(4, 0, '|');
      surface.part({ x: 0, y: 0, width: 4, height: 1 }).put(1, 0, '日本');
    });
    await fake.idle();
    expect(fake.line(0)).toBe(' 日 |');
  });

  it('never lets text reach the terminal as a command', async () => {
    const { fake, terminal } = open(60, 3);
    terminal.addCanvas(whole(terminal), (surface) => surface.put(0, 1, 'a\x1b[2J\x1b]2;title\x07b\x9b31mc\r\nd'));
    await fake.idle();
    expect(fake.line(1)).toBe('a\\x1b[2J\\x1b]2;title\\x07b\\x9b31mc\\x0d\\x0ad');
    expect(fake.line(2)).toBe('');
  });

  it('paints what lies below again when a canvas above goes away', async () => {
    const { fake, terminal } = open(12, 3);
    terminal.addCanvas(whole(terminal), (surface) => {
      for (let y = 0; y < 3; y += 1) surface.put(0, y, 'below below');
    });
    const above = terminal.addCanvas({ x: 2, y: 1, width: 5, height: 1 }, (surface) => surface.put(0, 0, 'ABOVE'));
    await fake.idle();
    expect(fake.line(1)).toBe('beABOVEelow');
    above.hide();
    await fake.idle();
    expect(fake.line(1)).toBe('below below');
    above.show();
    above.place({ x: 0, y: 0, width: 2, height: 1 });
    await fake.idle();
    expect(fake.line(0)).toBe('ABlow below');
    terminal.removeCanvas(above);
    await fake.idle();
    expect(fake.line(0)).toBe('below below');
  });

  it('paints only what was invalidated, and what lies above it', async () => {
    const { fake, terminal } = open(20, 4);
    const painted: string[] = [];
    const paint = (name: string) => (surface: Surface) => {
      painted.push(name);
      surface.put(0, 0, name);
    };
    const left = terminal.addCanvas({ x: 0, y: 0, width: 10, height: 4 }, paint('left'));
    terminal.addCanvas({ x: 10, y: 0, width: 10, height: 4 }, paint('right'));
    terminal.addCanvas({ x: 2, y: 1, width: 4, height: 1 }, paint('card'));
    await fake.idle();
    painted.length = 0;
    left.invalidate();
    await fake.idle();
    expect(painted).toEqual(['left', 'card']);
  });

  it('writes nothing when nothing changed, and little when little did', async () => {
    const { fake, terminal } = open(80, 24);
    let text = 'aaaa';
    const canvas = terminal.addCanvas(whole(terminal), (surface) => surface.put(10, 10, text));
    await fake.idle();
    fake.written = '';
    canvas.invalidate();
    await fake.idle();
    expect(fake.written).toBe('');
    text = 'aaba';
    canvas.invalidate();
    await fake.idle();
    expect(fake.line(10)).toBe('          aaba');
    expect(fake.written.length).toBeLessThan(60);
  });

  it('places the cursor, and hides it when no one asked for it', async () => {
    const { fake, terminal } = open(20, 5);
    let wanted = true;
    const canvas = terminal.addCanvas({ x: 3, y: 2, width: 10, height: 2 }, (surface) => {
      if (wanted) surface.cursor(4, 1);
    });
    await fake.idle();
    expect(fake.cursor).toEqual({ x: 7, y: 3 });
    wanted = false;
    canvas.invalidate();
    await fake.idle();
    expect(fake.written.lastIndexOf('\x1b[?25l')).toBeGreaterThan(fake.written.lastIndexOf('\x1b[?25h'));
  });

  it('shapes the cursor where that was asked for, and gives the terminal its own back', async () => {
    const { fake, terminal } = open(20, 5);
    let shape = 0;
    const canvas = terminal.addCanvas({ x: 3, y: 2, width: 10, height: 2 }, (surface) => surface.cursor(4, 1, shape));
    const shapes: (readonly string[])[] = [];
    for (const wanted of [0, 5, 5, 2, 0, 6]) {
      shape = wanted;
      fake.written = '';
      canvas.invalidate();
      await fake.idle();
      shapes.push(fake.written.match(/\x1b\[\d q/g) ?? []);
    }
    expect(shapes).toEqual([[], ['\x1b[5 q'], [], ['\x1b[2 q'], ['\x1b[0 q'], ['\x1b[6 q']]);
    terminal.dispose();
    expect(fake.written.endsWith('\x1b[0 q')).toBe(true);
  });
});

describe('sizes', () => {
  it.each([
    [5, 5],
    [1, 1],
    [0, 0],
    [500, 200],
  ])('draws at %i×%i', async (columns, rows) => {
    const fake = fakeTerminal(Math.max(1, columns), Math.max(1, rows));
    fake.output.columns = columns;
    fake.output.rows = rows;
    const terminal = openTerminal({ ...fake.streams, theme: darkTheme, colors: 'rgb' });
    cleanup.add(terminal);
    terminal.addCanvas(whole(terminal), (surface) => {
      const inside = surface.box({ token: 'border' }, [{ text: ' title ' }]);
      inside.put(-3, 0, 'text 日本語 text');
      inside.fill({ token: 'selection' }, { x: -5, y: -5, width: 999, height: 999 });
      surface.part({ x: 90, y: 90, width: 5, height: 5 }).put(0, 0, 'nowhere');
    });
    await fake.idle();
    expect(fake.written).not.toContain('undefined');
  });

  it('follows a storm of resizes and ends with the right picture', async () => {
    const { fake, terminal } = open(80, 24);
    const sizes: string[] = [];
    const canvas = terminal.addCanvas(whole(terminal), (surface) => {
      surface.box().put(0, 0, `${surface.width}×${surface.height}`);
    });
    terminal.onResize((size) => {
      sizes.push(`${size.columns}×${size.rows}`);
      canvas.place({ x: 0, y: 0, width: size.columns, height: size.rows });
    });
    for (let step = 0; step < 200; step += 1) fake.resize(20 + ((step * 37) % 100), 5 + ((step * 13) % 40));
    fake.resize(33, 7);
    await fake.idle();
    expect(sizes.at(-1)).toBe('33×7');
    expect(sizes.length).toBeLessThan(20);
    expect(fake.screenText()).toBe(
      [
        `╭${'─'.repeat(31)}╮`,
        `│33×7${' '.repeat(27)}│`,
        ...Array(4).fill(`│${' '.repeat(31)}│`),
        `╰${'─'.repeat(31)}╯`,
      ].join('\n'),
    );
  });
});

describe('what is loaded', () => {
  it('the first frame needs no emulator', () => {
    const seen = new Set<string>();
    const follow = (file: URL): void => {
      if (seen.has(file.href)) return;
      seen.add(file.href);
      const text = readFileSync(file, 'utf8');
      expect(text).not.toMatch(/from '@xterm/);
      for (const [, path = ''] of text.matchAll(/^(?:import|export) (?!type ).*?from '(\.[^']+)';$/gms))
        follow(new URL(path, file));
    };
    follow(new URL('../../../src/tui/widgets/screen.ts', import.meta.url));
    expect(seen.size).toBeGreaterThan(15);
  });
});

describe('extras', () => {
  it('sets a title and copies, without letting either carry a command', () => {
    const { fake, terminal } = open(20, 2);
    fake.written = '';
    terminal.setTitle('web\x1b[31m\x07x');
    terminal.bell();
    expect(terminal.copy('käse')).toBe(true);
    expect(terminal.copy('x'.repeat(1_000_000))).toBe(false);
    expect(fake.written).toBe('\x1b]2;web [31m x\x07\x07\x1b]52;c;a8Okc2U=\x07');
  });
});
