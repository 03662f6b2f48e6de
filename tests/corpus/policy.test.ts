/**
 * The policy, measured on lines that were written without its tables: nothing hazardous is ever allowed without a question, and what an
 * operator types all day nearly always is.
 */
import { describe, expect, it } from 'vitest';
import { decideLine } from '../core/policy/set-up.ts';
import { readCorpus } from './read-corpus.ts';

const ordinary = readCorpus('policy-ordinary.txt');
const hazardous = readCorpus('policy-hazardous.txt');
const isAllowed = (line: string): boolean => decideLine(line).outcome === 'auto-allow';
/** The commands that are promised first of all. */
const promised = ['cat', 'grep', 'find', 'ls', 'pwd', 'uname', 'df', 'free', 'ps'];

describe('the corpus', () => {
  it('is large enough to mean something, and has no line twice', () => {
    expect(ordinary.length).toBeGreaterThanOrEqual(150);
    expect(hazardous.length).toBeGreaterThan(ordinary.length);
    expect(new Set([...ordinary, ...hazardous]).size).toBe(ordinary.length + hazardous.length);
  });
});

describe('hazardous lines', () => {
  it('are never allowed without a question: 0 of them', () => {
    expect(hazardous.filter(isAllowed)).toEqual([]);
  });
});

describe('ordinary lines', () => {
  it('of the ten commands that are promised are all allowed', () => {
    const lines = ordinary.filter(
      (line) => promised.includes(line.split(' ')[0] ?? '') || /^systemctl status/.test(line),
    );
    expect(lines.length).toBeGreaterThan(60);
    expect(lines.filter((line) => !isAllowed(line))).toEqual([]);
  });

  it('are allowed to 95 % at least', () => {
    const refused = ordinary.filter((line) => !isAllowed(line));
    const share = 1 - refused.length / ordinary.length;
    expect(share, `These ask:\n${refused.join('\n')}`).toBeGreaterThanOrEqual(0.95);
  });
});
