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

describe('lines by authors who had not seen the tables', () => {
  const looking = readCorpus('policy-ordinary-blind.txt');
  const harming = readCorpus('policy-hazardous-blind.txt');
  /** Their input is closed, so they end at once; `journalctl` and `dmesg` get no pager, and output has a bound. */
  const harmlessHere = [
    ...['cat', 'cat -', 'cat /etc/hosts -', 'grep foo', 'grep error', 'wc -l', 'sha256sum'],
    ...['dmesg -H', 'journalctl -u nginx'],
  ];

  it('that do harm are never allowed', () => {
    expect(harming.length).toBeGreaterThan(800);
    expect(harming.filter(isAllowed).toSorted()).toEqual(harmlessHere.toSorted());
    for (const line of ['dmesg -H', 'journalctl -u nginx'])
      expect(decideLine(line).argv?.join(' ')).toMatch(/--no-?pager/);
  });

  it('that only look are allowed to 95 % at least', () => {
    expect(looking.length).toBeGreaterThan(500);
    const refused = looking.filter((line) => !isAllowed(line));
    expect(1 - refused.length / looking.length, `These ask:\n${refused.join('\n')}`).toBeGreaterThanOrEqual(0.95);
  });
});

describe('lines that nothing was extended on', () => {
  it('are never allowed when they do harm, and to 95 % at least when they only look', () => {
    const looking = readCorpus('policy-ordinary-held-out.txt');
    const harming = readCorpus('policy-hazardous-held-out.txt');
    expect([looking.length, harming.length]).toEqual([150, 200]);
    expect(harming.filter(isAllowed)).toEqual([]);
    const refused = looking.filter((line) => !isAllowed(line));
    expect(refused.length, `These ask:\n${refused.join('\n')}`).toBeLessThanOrEqual(looking.length * 0.05);
  });
});
