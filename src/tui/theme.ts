/** What the semantic tokens look like: a strict reader for `themes/*.json` and the built-in dark theme. Reads no files. */
import { nearest } from '../base/nearest.ts';
import { type Token, tokenFallbacks, tokens } from './styled.ts';
import { type Color, parseColor } from './theme-color.ts';
import { darkThemeSource } from './theme-dark.ts';

/** A look in full; `null` colours leave what is beneath. */
export interface Look {
  readonly fg: Color | null;
  readonly bg: Color | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export interface Theme {
  readonly name: string;
  /** Which palette it is and whose; null when the file does not say. */
  readonly comment: string | null;
  look(token: Token): Look;
  /** The same token where no colour may be used (`NO_COLOR`): only bold, dim, underline and inverse. */
  plainLook(token: Token): Look;
}

/** A theme file that cannot be used; the message names the file, the place and what would be valid. */
export class ThemeError extends Error {
  override readonly name = 'ThemeError';
}

const flags = ['bold', 'dim', 'italic', 'underline', 'inverse'] as const;
const noLook: Look = { fg: null, bg: null, bold: false, dim: false, italic: false, underline: false, inverse: false };

/** How each token differs when colour is not available; words beside it carry the meaning. */
const plainLooks: Partial<Record<Token, Partial<Look>>> = {
  muted: { dim: true },
  border: { dim: true },
  focus: { bold: true },
  accent: { bold: true },
  warn: { bold: true },
  danger: { bold: true, underline: true },
  production: { bold: true, inverse: true },
  staging: { bold: true },
  diffAdd: { bold: true },
  diffRemove: { underline: true },
  diffHunk: { dim: true },
  selection: { inverse: true },
  key: { bold: true },
  title: { bold: true },
  codeKeyword: { bold: true },
  codeComment: { dim: true },
};

export const darkTheme: Theme = parseTheme(darkThemeSource, 'the built-in dark theme');

/**
 * Reads a theme: `{"name", "tokens": {token: {"fg","bg","bold","dim","italic","underline","inverse"}}}`, every token present that has no fallback,
 * nothing else.
 * Throws ThemeError with one sentence; nothing is half-loaded.
 */
export function parseTheme(value: unknown, source: string): Theme {
  const top = object(value, source, 'the theme');
  onlyKeys(top, ['$schema', 'comment', 'name', 'tokens'], source, 'the theme');
  if (typeof top['name'] !== 'string' || top['name'] === '')
    throw new ThemeError(`In ${source}, "name" must be a text.`);
  const comment = top['comment'] ?? null;
  if (comment !== null && typeof comment !== 'string') throw new ThemeError(`In ${source}, "comment" must be a text.`);
  const entries = object(top['tokens'], source, '"tokens"');
  onlyKeys(entries, tokens, source, '"tokens"');
  const looks = new Map<Token, Look>();
  for (const token of tokens) {
    const given = Object.hasOwn(entries, token) ? token : tokenFallbacks[token];
    if (given === undefined) throw new ThemeError(`In ${source}, the token "${token}" is missing from "tokens".`);
    looks.set(token, parseLook(entries[given], source, `"tokens.${given}"`));
  }
  return {
    name: top['name'],
    comment,
    look: (token) => looks.get(token) ?? noLook,
    plainLook: (token) => ({ ...noLook, ...plainLooks[token] }),
  };
}

function parseLook(value: unknown, source: string, place: string): Look {
  const entry = object(value, source, place);
  onlyKeys(entry, ['fg', 'bg', ...flags], source, place);
  const look = { ...noLook };
  for (const side of ['fg', 'bg'] as const) {
    const color = entry[side];
    if (color === undefined) continue;
    const parsed = typeof color === 'string' ? parseColor(color) : null;
    if (parsed === null)
      throw new ThemeError(
        `In ${source}, ${place} has a bad "${side}": use "default", "#rrggbb", a name such as "red" or "bright-red", or "0" to "255".`,
      );
    look[side] = parsed;
  }
  for (const flag of flags) {
    const on = entry[flag];
    if (on === undefined) continue;
    if (typeof on !== 'boolean') throw new ThemeError(`In ${source}, ${place} has a bad "${flag}": use true or false.`);
    look[flag] = on;
  }
  return look;
}

function object(value: unknown, source: string, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ThemeError(`In ${source}, ${place} must be an object.`);
  return value as Readonly<Record<string, unknown>>;
}

function onlyKeys(value: object, allowed: readonly string[], source: string, place: string): void {
  const unknown = Object.keys(value).find((key) => !allowed.includes(key));
  if (unknown === undefined) return;
  const meant = nearest(unknown, allowed);
  const next = meant === null ? `known keys are ${allowed.join(', ')}` : `did you mean "${meant}"?`;
  throw new ThemeError(`In ${source}, ${place} has an unknown key "${unknown}"; ${next}${meant === null ? '.' : ''}`);
}
