/** Every theme can be read: contrast of each kind of text on all it can stand on, with few colours, and without telling red from green. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { type Token, tokens } from '../../src/tui/styled.ts';
import { parseTheme, type Theme } from '../../src/tui/theme.ts';
import { type ColorDepth, luminance, PALETTE, RGB, reduceColor } from '../../src/tui/theme-color.ts';

const folder = new URL('../../themes/', import.meta.url);
const themes = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseTheme(JSON.parse(readFileSync(new URL(name, folder), 'utf8')), name));
const byName = (name: string): Theme =>
  present(
    themes.find((theme) => theme.name === name),
    'The theme comes along.',
  );

/** What a terminal shows through a theme without a ground of its own: black to the grey of usual dark schemes, white to a usual cream. */
const terminals = { dark: [0x000000, 0x101418, 0x1e1e1e], light: [0xffffff, 0xfafafa, 0xfdf6e3] } as const;
const ownThemes = ['dark', 'light', 'high-contrast', 'color-blind'];
const codeTokens = tokens.filter((token) => token.startsWith('code'));
/** A border is a line and selection a ground; all else is text. */
const textTokens = tokens.filter((token) => token !== 'border' && token !== 'selection');

/** WCAG 2 contrast of two `0xrrggbb` colours. */
function contrast(a: number, b: number): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (high + 0.05) / (low + 0.05);
}

function toRgb(color: number | null): number | null {
  return color !== null && color >= RGB ? color - RGB : null;
}

function groundsOf(theme: Theme): readonly number[] {
  const own = toRgb(theme.look('text').bg);
  return own === null ? terminals[theme.name === 'light' ? 'light' : 'dark'] : [own];
}

/** The colour of a token's text; null where it is the terminal's own. */
function textColor(theme: Theme, token: Token): number | null {
  return toRgb(theme.look(token).fg) ?? toRgb(theme.look('text').fg);
}

describe.each(themes.map((theme) => [theme.name, theme] as const))('%s', (name, theme) => {
  const least = name === 'high-contrast' ? 7 : 4.5;

  it.each(textTokens)('%s is read on its ground', (token) => {
    const text = textColor(theme, token);
    const own = toRgb(theme.look(token).bg);
    if (text === null) return expect(own, 'a ground of ours needs a text of ours').toBeNull();
    for (const ground of own === null ? groundsOf(theme) : [own])
      expect(contrast(text, ground)).toBeGreaterThanOrEqual(least);
  });

  it('everything that lists show is read on the chosen row', () => {
    const chosen = toRgb(theme.look('selection').bg) ?? Number.NaN;
    // Palettes of others have no colour for this that all of their texts are read on as well as on their ground.
    const leastHere = ownThemes.includes(name) ? least : 3;
    for (const token of textTokens) {
      const text = textColor(theme, token);
      if (text === null || toRgb(theme.look(token).bg) !== null) continue;
      expect(contrast(text, chosen), token).toBeGreaterThanOrEqual(leastHere);
    }
  });

  it.each(['diffAdd', 'diffRemove'] as const)('code is read in a line of %s', (side) => {
    const ground = toRgb(theme.look(side).bg) ?? Number.NaN;
    for (const token of codeTokens) {
      const text = textColor(theme, token);
      if (text !== null)
        expect(contrast(text, ground), token).toBeGreaterThanOrEqual(ownThemes.includes(name) ? least : 3);
    }
  });

  it('with 256 colours nothing is lost in its ground', () => {
    const ground = toRgb(theme.look('text').bg) ?? null;
    for (const token of textTokens) {
      const text = textColor(theme, token);
      if (text === null) continue;
      const behind = toRgb(theme.look(token).bg) ?? ground;
      for (const one of behind === null ? groundsOf(theme) : [cubeRgb(behind)])
        expect(contrast(cubeRgb(text), one), token).toBeGreaterThanOrEqual(name === 'high-contrast' ? 7 : 4);
    }
  });

  it.each(['rgb', '256', '16'] as const)('environments have three looks with %s colours', (depth) => {
    const looks = (['production', 'staging', 'development'] as const).map((token) => toShown(theme, token, depth));
    expect(new Set(looks).size).toBe(3);
  });

  it.each(['rgb', '256', '16'] as const)('good and bad differ with %s colours', (depth) => {
    expect(toShown(theme, 'ok', depth)).not.toBe(toShown(theme, 'danger', depth));
    expect(toShown(theme, 'diffAdd', depth)).not.toBe(toShown(theme, 'diffRemove', depth));
  });

  it('without colours production and danger still stand out', () => {
    for (const token of ['production', 'danger', 'selection'] as const) {
      const { bold, inverse, underline, fg, bg } = theme.plainLook(token);
      expect([bold || inverse || underline, fg, bg]).toEqual([true, null, null]);
    }
  });
});

describe('the colour-blind safe theme', () => {
  /** Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB. */
  const kinds = {
    protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  } as const;
  const pairs = [
    ['ok', 'danger'],
    ['diffAdd', 'diffRemove'],
    ['production', 'development'],
    ['production', 'staging'],
    ['staging', 'development'],
    ['ok', 'warn'],
  ] as const;
  const cases = Object.keys(kinds).flatMap((kind) => pairs.map(([a, b]) => [kind, a, b] as const));

  it.each(cases)('with %s %s and %s are two colours', (kind, a, b) => {
    const theme = byName('color-blind');
    const [one, other] = [a, b].map((token) => toSeen(textColor(theme, token) ?? 0, kinds[kind as keyof typeof kinds]));
    expect(distance(one ?? [], other ?? [])).toBeGreaterThan(20);
  });

  /** The colour as somebody without these cones sees it, in CIE L*a*b* (D65). */
  function toSeen(rgb: number, matrix: readonly number[]): readonly number[] {
    const linear = [rgb >> 16, (rgb >> 8) & 255, rgb & 255].map((channel) =>
      channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
    );
    const times = (rows: readonly number[], values: readonly number[]): readonly number[] =>
      [0, 3, 6].map((from) => values.reduce((sum, value, index) => sum + value * (rows[from + index] ?? 0), 0));
    const seen = times(matrix, linear).map((value) => Math.min(1, Math.max(0, value)));
    const xyz = times([0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505], seen);
    const [x = 0, y = 0, z = 0] = [0.95047, 1, 1.08883].map((white, index) => {
      const part = (xyz[index] ?? 0) / white;
      return part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116;
    });
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  }

  function distance(a: readonly number[], b: readonly number[]): number {
    return Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)));
  }
});

/** What reaches the terminal for a token, as one text. */
function toShown(theme: Theme, token: Token, depth: ColorDepth): string {
  const { fg, bg, bold, underline } = theme.look(token);
  return JSON.stringify([
    reduceColor(fg ?? 0, depth),
    reduceColor(bg ?? 0, depth),
    depth === '16' ? 0 : bold,
    underline,
  ]);
}

/** The colour that a terminal with 256 shows for it. */
function cubeRgb(rgb: number): number {
  const index = reduceColor(RGB + rgb, '256') - PALETTE;
  if (index >= 232) return 0x010101 * (8 + (index - 232) * 10);
  const steps = [0, 95, 135, 175, 215, 255];
  const cube = index - 16;
  const step = (n: number): number => steps[n % 6] ?? 0;
  return (step(Math.floor(cube / 36)) << 16) | (step(Math.floor(cube / 6)) << 8) | step(cube);
}
