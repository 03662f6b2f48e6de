/** Fuzzy matching: what is found, what is not, what comes first, and where the letters are. */
import { describe, expect, it } from 'vitest';
import { matchFuzzy, scoreWord, toSearchedText } from '../../src/tui/fuzzy.ts';
import fc from '../fixtures/properties.ts';

const marked = (query: string, text: string): string | null => {
  const match = matchFuzzy(query, text);
  if (!match) return null;
  return [...text].map((sign, at) => (match.at.includes(at) ? `[${sign}]` : sign)).join('');
};

describe('fuzzy matching', () => {
  it.each([
    ['', 'anything', 'anything'],
    ['swi', 'switch agent', '[s][w][i]tch agent'],
    ['sa', 'switch agent', '[s]witch [a]gent'],
    ['agent swi', 'switch agent', '[s][w][i]tch [a][g][e][n][t]'],
    ['SWITCH', 'switch agent', '[s][w][i][t][c][h] agent'],
    ['ch', 'search changes', 'search [c][h]anges'],
    ['age', 'a page of agents', 'a page of [a][g][e]nts'],
    ['w1', 'web-1', '[w]eb-[1]'],
    ['vA', 'viewAudit', '[v]iew[A]udit'],
    ['aud', 'İ audit', 'İ [a][u][d]it'],
  ])('of %j in %j marks %j', (query, text, expected) => {
    expect(marked(query, text)).toBe(expected);
  });

  it.each([
    ['x', ''],
    ['x', 'switch agent'],
    ['ags', 'switch agent'],
    ['agent x', 'switch agent'],
    ['ses', 'se'],
    ['a b c', 'ab'],
    ['é', 'e'],
  ])('finds no %j in %j', (query, text) => {
    expect(matchFuzzy(query, text)).toBeNull();
    for (const word of query.split(' '))
      if (!matchFuzzy(word, text)) expect(scoreWord(word, toSearchedText(text))).toBeNull();
  });

  it.each([
    ['log', 'log in', 'a long way to go'],
    ['new', 'new session', 'renew'],
    ['pane', 'next pane', 'pick an entry'],
    ['ren', 'rename', 'start renaming'],
    ['web2', 'web-2', 'we back up 2'],
  ])('of %j puts %j before %j', (query, first, second) => {
    expect(matchFuzzy(query, first)?.score).toBeGreaterThan(matchFuzzy(query, second)?.score ?? 0);
  });

  it('marks exactly the letters of the query, in order, wherever they were put', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abAB- /é'), maxLength: 30 });
    fc.assert(
      fc.property(letters, fc.nat(), (text, seed) => {
        const query = [...text].filter((_, at) => ((seed >> (at % 20)) & 1) === 1).join('');
        const word = query.replaceAll(' ', '');
        const match = matchFuzzy(word, text);
        expect(match?.at.map((at) => text.charAt(at).toLowerCase()).join('')).toBe(word.toLowerCase());
        // Without the places it is the same score.
        if (word !== '') expect(scoreWord(word, toSearchedText(text))).toBe(match?.score);
      }),
    );
  });
});
