/**
 * Every pattern that looks for secrets has a shape that cannot take more than linear time: repeats are bounded, or there is one place to begin
 * and one repeat, or nothing stands behind the repeat. How long it takes is measured by `npm run bench -- --only redact`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../../src/core/audit');

/** Patterns of another shape, and why each is harmless. */
const reviewed: Readonly<Record<string, string>> = {
  '/=+$/': 'looks at base64 of a value the program holds, or of one hash: at most two signs at its end',
  '/[,;)\\]}]+$/': 'looks at one value that was found, which is bounded',
  '/[0-9]+$/': 'looks at one name, at most 64 characters',
  '/^(?:await\\s+|new\\s+)?[A-Za-z_$][\\w$.]{0,128}\\([^\\r\\n]{0,512}\\)[;,]?$/':
    'begins at one place and its two repeats exclude each other',
  '/^["\']?(?:\\$[A-Z_][A-Z0-9_]*|\\$\\{[^}]{1,128}\\}|\\$?\\$\\([^)]{0,256}\\)|\\$?\\{\\{[^}]{1,256}\\}\\}|%[A-Z_][A-Z0-9_]{1,64}%|\\$env:\\w{1,64})["\']?$/':
    'begins at one place and has one repeat',
  '/^[\\s>+|#*-]*(?:(?:export|set|setenv|declare|local|readonly|ENV|ARG)\\s+)?["\']?$/':
    'begins at one place, and a word stands between its repeats',
  '/^(?=.*[0-9A-Z=+/])[A-Za-z0-9+/_=-]{12,}$/': 'begins at one place; the look ahead is not gone back into',
  '/^(?=.*[0-9])[A-Za-z0-9_.~%-]{16,}$/': 'begins at one place; the look ahead is not gone back into',
  '/^(?:files|compat|db|sss|ldap|systemd|winbind|nis|hesiod|[ \\t]|\\[[^\\]]{1,40}\\])+$/':
    'begins at one place, and what is repeated can be read in one way only',
  '/^(?:\\*{3,}|\\.{3}|…|x{3,}|<[^<>]{0,128}>?|%[sdv]|%\\([^)]{0,64}\\)s|\\{[\\w.]{0,64}\\}?|[{[(|>]+)$/i':
    'begins at one place, and each choice has one repeat',
  '/^(?:\\/(?:etc|var|run|usr|home|root|opt|srv|tmp|mnt|data|app|config|secrets|proc|sys|dev|lib|bin|Users|Library)|~|\\.{1,2})\\/[\\w.@/-]+$/':
    'begins at one place and has one repeat',
  '/^[A-Z_]{2,}$|^[<[(|`]/': 'begins at one place',
  '/"[^"]*"|\'[^\']*\'|[^\\s"\']+/g': 'looks at one command, at most 600 characters',
};

interface Pattern {
  readonly file: string;
  readonly text: string;
  readonly source: string;
  readonly flags: string;
}

const literal = /(?<=[=(,:&|!?;{}\s[])\/(?![*/ ])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([a-z]*)/g;
const built = /new RegExp\(\s*`([^`]+)`,\s*'([a-z]*)'/g;

const patterns: readonly Pattern[] = readdirSync(folder)
  .filter((file) =>
    /^(?:secret-|token-shapes|private-keys|harmless-values|held-values|spans|redaction-stream)/.test(file),
  )
  .flatMap((file) => {
    const code = readFileSync(join(folder, file), 'utf8')
      .replace(/\/\*\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');
    return [...code.matchAll(literal), ...code.matchAll(built)].map(([text, source = '', flags = '']) => ({
      ...{ file, text, flags },
      source: text.startsWith('new') ? source.replaceAll('\\\\', '\\') : source,
    }));
  });

/** Sets of characters and escapes become one letter each, so that what is left is repeats, groups and places. */
function hasLinearShape({ source, flags }: Pick<Pattern, 'source' | 'flags'>): boolean {
  const shape = source.replace(/\\./g, 'e').replace(/\[[^\]]*\]/g, 'C');
  const repeats = [...shape.matchAll(/(.)(?:[*+]|\{\d+,\})\??/g)];
  if (repeats.length === 0) return true;
  const [repeat] = repeats;
  if (repeat === undefined || repeats.length > 1 || repeat[1] === ')') return false;
  const isAnchored = shape.startsWith('^') && !flags.includes('m') && !shape.includes('|');
  return isAnchored || /^\)*$/.test(shape.slice(repeat.index + repeat[0].length));
}

describe('patterns that look for secrets', () => {
  it('are found in the code', () => {
    expect(patterns.length).toBeGreaterThan(60);
    expect(new Set(patterns.map(({ file }) => file)).size).toBeGreaterThan(6);
  });

  it('have a linear shape, or are known to look at bounded texts only', () => {
    const others = patterns.filter((one) => !hasLinearShape(one)).map(({ text }) => text);
    expect(others.filter((text) => !(text in reviewed))).toEqual([]);
    expect(Object.keys(reviewed).filter((text) => !others.includes(text))).toEqual([]);
  });

  it.each([
    ['a repeat of a repeat', '(?:a+)+$', 'g'],
    ['something behind a repeat that may begin anywhere', '[a-z]+:', 'g'],
    ['the same at every line', '^a*b', 'gm'],
    ['two repeats of the same', '^a*a*$', ''],
    ['a count without an end, and more', 'token-[0-9a-f]{20,}x', 'g'],
  ])('would be refused with %s', (_what, source, flags) => {
    expect(hasLinearShape({ source, flags })).toBe(false);
  });

  it.each([
    ['counts with an end', 'a{1,9}b{0,64}c?', 'g'],
    ['one repeat at one place', '^[a-z]*:$', ''],
    ['one repeat at the end', 'key=(\\S+)', 'g'],
  ])('may have %s', (_what, source, flags) => {
    expect(hasLinearShape({ source, flags })).toBe(true);
  });
});
