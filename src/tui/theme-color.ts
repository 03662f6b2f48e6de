/** Colours as one number each, how many a terminal can show, and the nearest one it has. Knows no tokens and writes no bytes. */

/** 0 is the terminal's own colour; PALETTE + 0…255 an indexed one; RGB + 0xrrggbb a true one. Fits 26 bits. */
export type Color = number;
export const PALETTE = 1 << 24;
export const RGB = 2 << 24;

/** Of the 16. */
export const BLACK: Color = PALETTE;
export const WHITE: Color = PALETTE + 15;

export type ColorDepth = 'none' | '16' | '256' | 'rgb';

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** Reads `default`, `#rrggbb`, an ANSI name (`red`, `bright-red`) or an index `0`…`255`; null when it is none of these. */
export function parseColor(text: string): Color | null {
  if (text === 'default') return 0;
  if (/^#[0-9a-fA-F]{6}$/.test(text)) return RGB + Number.parseInt(text.slice(1), 16);
  const bright = text.startsWith('bright-');
  const index = names.indexOf(bright ? text.slice('bright-'.length) : text);
  if (index >= 0) return PALETTE + index + (bright ? 8 : 0);
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return PALETTE + Number(text);
  return null;
}

/**
 * How many colours the terminal shows, from its environment. `NO_COLOR` (no-color.org: present and not empty) wins over everything;
 * terminfo is not asked, because current terminfo files are not readable for the library that would read them.
 */
export function detectColorDepth(environment: Readonly<Record<string, string | undefined>>): ColorDepth {
  if (environment['NO_COLOR']) return 'none';
  const term = (environment['TERM'] ?? '').toLowerCase();
  if (term === 'dumb' || /^(vt\d|xterm-mono)/.test(term)) return 'none';
  if (/^(truecolor|24bit)$/i.test(environment['COLORTERM'] ?? '')) return 'rgb';
  if (/(direct|kitty|alacritty|ghostty|wezterm|foot|contour|rio)/.test(term)) return 'rgb';
  if (environment['WT_SESSION'] || /^(iTerm\.app|WezTerm|ghostty|vscode)$/.test(environment['TERM_PROGRAM'] ?? ''))
    return 'rgb';
  if (/(256|^tmux|^screen|^xterm|^rxvt|^konsole|^gnome|^vte)/.test(term))
    return /^screen$|^rxvt$/.test(term) ? '16' : '256';
  return '16';
}

const cubeSteps = [0, 95, 135, 175, 215, 255];

/** xterm's usual RGB values of the 16 basic colours; terminals differ, the nearest one is still the best guess. */
const basic = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
  0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];

function paletteRgb(index: number): number {
  if (index < 16) return basic[index] ?? 0;
  if (index >= 232) return 0x010101 * (8 + (index - 232) * 10);
  const cube = index - 16;
  const step = (n: number): number => cubeSteps[n % 6] ?? 0;
  return (step(Math.floor(cube / 36)) << 16) | (step(Math.floor(cube / 6)) << 8) | step(cube);
}

/** Squared distance with the eye's rough weights. */
function distance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return 3 * red * red + 6 * green * green + blue * blue;
}

/** The nearest of the 240 fixed colours; the first 16 are the user's choice and can look like anything. */
function nearest(rgb: number): number {
  let best = 16;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let index = 16; index < 256; index += 1) {
    const d = distance(rgb, paletteRgb(index));
    if (d < bestDistance) {
      best = index;
      bestDistance = d;
    }
  }
  return best;
}

/** The colour itself when the depth has it, otherwise the nearest one. */
export function reduceColor(color: Color, depth: ColorDepth): Color {
  if (color === 0 || depth === 'rgb') return color;
  if (depth === 'none') return 0;
  const isRgb = color >= RGB;
  if (depth === '256') return isRgb ? PALETTE + nearest(color - RGB) : color;
  if (!isRgb && color - PALETTE < 16) return color;
  return PALETTE + basicColor(isRgb ? color - RGB : paletteRgb(color - PALETTE));
}

/** One of the 16 by hue: by distance alone every pale colour would become grey, and hues carry meaning. */
function basicColor(rgb: number): number {
  const channels = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
  const high = Math.max(...channels);
  const low = Math.min(...channels);
  if (high - low < 48) return high < 64 ? 0 : high < 144 ? 8 : high < 208 ? 7 : 15;
  const hue = channels.reduce((bits, channel, index) => bits | (channel > (high + low) / 2 ? 1 << index : 0), 0);
  return hue + (high >= 208 ? 8 : 0);
}

/** Whether dark text is better read on it: by the luminance of WCAG 2, where black and white contrast alike at 0.179. */
export function isLight(color: Color): boolean {
  return luminance(color >= RGB ? color - RGB : paletteRgb(color - PALETTE)) > 0.179;
}

/** Relative luminance of `0xrrggbb`, 0 to 1 (WCAG 2.2). */
export function luminance(rgb: number): number {
  const [red = 0, green = 0, blue = 0] = [rgb >> 16, (rgb >> 8) & 255, rgb & 255].map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
