/** A command line as words: the quoting of a shell, and nothing else of one. */
import { describe, expect, it } from 'vitest';
import { toCommandWords } from '../../src/tui/command-words.ts';

describe('words of a command line', () => {
  it.each<[string, readonly string[] | null]>([
    ['agent --acp', ['agent', '--acp']],
    ['  agent   --acp  ', ['agent', '--acp']],
    ["a 'b c' d", ['a', 'b c', 'd']],
    ['a "b c"d', ['a', 'b cd']],
    ["a ''", ['a', '']],
    ['a b\\ c', ['a', 'b c']],
    ["'a\\b'", ['a\\b']],
    ['a $HOME `id` *; x | y > z', ['a', '$HOME', '`id`', '*;', 'x', '|', 'y', '>', 'z']],
    ['', []],
    ["a 'b", null],
    ['a "b', null],
    ['a "b\\"', null],
  ])('%j is %j', (line, words) => {
    expect(toCommandWords(line)).toEqual(words);
  });
});
