/** Themes: the files that come along are complete and readable, everything else is refused with its place. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { darkTheme, parseTheme, ThemeError } from '../../src/tui/theme.ts';
import { type ColorDepth, detectColorDepth, PALETTE, parseColor, RGB, reduceColor } from '../../src/tui/theme-color.ts';
import { darkThemeSource } from '../../src/tui/theme-dark.ts';

const folder = new URL('../../themes/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

describe('the themes that come along', () => {
  it('are all there', () => {
    const own = ['color-blind', 'dark', 'high-contrast', 'light'];
    const known = ['catppuccin-mocha', 'dracula', 'gruvbox-dark', 'tokyo-night'];
    expect(files.sort()).toEqual([...own, ...known].map((name) => `${name}.json`).sort());
  });

  it.each(files)('%s is complete and named like its file', (name) => {
    expect(`${parseTheme(read(name), name).name}.json`).toBe(name);
  });

  it('the built-in dark theme is the same as its file', () => {
    expect(read('dark.json')).toEqual(JSON.parse(JSON.stringify(darkThemeSource)));
  });

  it.each(files)('%s says whose palette it is and under which licence', (name) => {
    expect(parseTheme(read(name), name).comment).toMatch(/signalbox's own|github\.com\/.+ licence/);
  });

  it('without colours, what matters most still differs from plain text', () => {
    for (const token of ['production', 'danger', 'selection', 'diffAdd', 'diffRemove', 'focus', 'key'] as const) {
      const { bold, underline, inverse, fg, bg } = darkTheme.plainLook(token);
      expect(bold || underline || inverse, token).toBe(true);
      expect([fg, bg]).toEqual([null, null]);
    }
  });
});

describe('refused', () => {
  const good = (): Record<string, unknown> => ({ ...JSON.parse(JSON.stringify(darkThemeSource)) });
  const withToken = (look: unknown): unknown => {
    const theme = good();
    return { ...theme, tokens: { ...(theme['tokens'] as object), text: look } };
  };
  const cases: readonly [string, unknown, RegExp][] = [
    ['not an object', 'dark', /x\.json, the theme must be an object/],
    ['null', null, /must be an object/],
    ['a list', [], /must be an object/],
    ['no name', { ...good(), name: undefined }, /"name" must be a text/],
    ['an empty name', { ...good(), name: '' }, /"name" must be a text/],
    ['no tokens', { name: 'x' }, /"tokens" must be an object/],
    ['a token missing', { name: 'x', tokens: {} }, /the token "text" is missing/],
    [
      'an unknown token',
      { ...good(), tokens: { ...(good()['tokens'] as object), warning: {} } },
      /unknown key "warning"; known keys are text, muted,/,
    ],
    [
      'a slip',
      { ...good(), tokens: { ...(good()['tokens'] as object), dangr: {} } },
      /unknown key "dangr"; did you mean "danger"\?$/,
    ],
    ['an unknown key', { ...good(), colors: {} }, /unknown key "colors"/],
    ['a number for a comment', { ...good(), comment: 7 }, /"comment" must be a text/],
    ['an unknown property', withToken({ color: '#ffffff' }), /"tokens.text" has an unknown key "color"/],
    ['a short colour', withToken({ fg: '#fff' }), /"tokens.text" has a bad "fg"/],
    ['a colour nobody knows', withToken({ bg: 'blurple' }), /bad "bg"/],
    ['an index too high', withToken({ fg: '256' }), /bad "fg"/],
    ['a number for a colour', withToken({ fg: 12 }), /bad "fg"/],
    ['a text for a flag', withToken({ bold: 'yes' }), /bad "bold": use true or false/],
    ['blinking', withToken({ blink: true }), /unknown key "blink"/],
    ['a prototype', withToken(JSON.parse('{"__proto__": {"fg": "red"}}')), /unknown key "__proto__"/],
  ];
  it.each(cases)('%s', (_title, value, message) => {
    expect(() => parseTheme(value, 'x.json')).toThrow(ThemeError);
    expect(() => parseTheme(value, 'x.json')).toThrow(message);
  });
});

describe('colours', () => {
  const terminals: readonly [Record<string, string>, ColorDepth][] = [
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'rgb'],
    [{ TERM: 'xterm-256color', COLORTERM: '24bit' }, 'rgb'],
    [{ TERM: 'xterm-256color' }, '256'],
    [{ TERM: 'tmux-256color' }, '256'],
    [{ TERM: 'tmux-256color', COLORTERM: 'truecolor' }, 'rgb'],
    [{ TERM: 'screen' }, '16'],
    [{ TERM: 'screen-256color' }, '256'],
    [{ TERM: 'alacritty' }, 'rgb'],
    [{ TERM: 'foot' }, 'rgb'],
    [{ TERM: 'xterm-kitty' }, 'rgb'],
    [{ TERM: 'xterm-direct' }, 'rgb'],
    [{ TERM: 'linux' }, '16'],
    [{ TERM: 'vt100' }, 'none'],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 'none'],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1' }, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, '256'],
    [{}, '16'],
  ];
  it.each(terminals)('%j has %s', (environment, depth) => {
    expect(detectColorDepth(environment)).toBe(depth);
  });

  const reductions: readonly [string, ColorDepth, number][] = [
    ['#ff0000', 'rgb', RGB + 0xff0000],
    ['#ff0000', '256', PALETTE + 196],
    ['#ff0000', '16', PALETTE + 9],
    ['#ff0000', 'none', 0],
    ['#808080', '256', PALETTE + 244],
    ['#808080', '16', PALETTE + 8],
    ['#000000', '16', PALETTE + 0],
    ['#ffffff', '16', PALETTE + 15],
    ['#ffa198', '16', PALETTE + 9],
    ['#57ab5a', '16', PALETTE + 2],
    ['196', '16', PALETTE + 9],
    ['red', '256', PALETTE + 1],
    ['default', '16', 0],
  ];
  it.each(reductions)('%s with %s', (text, depth, expected) => {
    expect(reduceColor(parseColor(text) ?? -1, depth)).toBe(expected);
  });
});
