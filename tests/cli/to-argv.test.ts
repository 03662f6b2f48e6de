/** Local commands as one option: plain words pass, whatever would need a shell does not. */
import { describe, expect, it } from 'vitest';
import { toArgv } from '../../src/cli/to-argv.ts';

describe('toArgv', () => {
  it.each([
    ['pass show web', ['pass', 'show', 'web']],
    ["  op  read 'op://a b/c'  ", ['op', 'read', 'op://a b/c']],
    ['a "b c" d', ['a', 'b c', 'd']],
    [`a'b'"c"d`, ['abcd']],
    ["a ''", ['a', '']],
    ["echo '$HOME | x'", ['echo', '$HOME | x']],
    ['["sh", "-c", "a | b"]', ['sh', '-c', 'a | b']],
  ])('%s', (text, argv) => {
    expect(toArgv(text, '--x')).toEqual(argv);
  });

  it.each([
    '',
    '  ',
    "''",
    'a | b',
    'a; b',
    'a && b',
    'a $HOME',
    'a `b`',
    'a > b',
    'a < b',
    'a (b)',
    'a *',
    'a ?',
    'a\\ b',
    '~/bin/x',
    'a ~',
    "a 'b",
    'a "b',
    'a "$b"',
    'a "`b`"',
    '[]',
    '["a", 1]',
    '[""]',
    '["a"',
    '[a]',
  ])('refuses %j', (text) => {
    expect(() => toArgv(text, '--x')).toThrowError(/--x/);
  });
});
