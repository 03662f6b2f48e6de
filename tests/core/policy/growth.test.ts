/**
 * Deciding takes time in proportion to the length of a line: counted in looks at its text, which no busy machine changes, and not in
 * milliseconds. `npm run bench -- --only decide` has the times.
 */
import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../../src/core/policy/create-policy.ts';
import { growingPieces } from './growing-pieces.ts';

const policy = createPolicy();
const target = { id: 'web-1', environment: 'staging', roots: [], readonly: false, sensitive: [], groups: [] } as const;
const decide = (line: string) => policy.decide({ kind: 'line', line, cwd: '/srv', hasStdin: false }, target);
/** What a text is looked at with; one of these at every character of what comes behind it is the square of the length. */
const looks = ['charCodeAt', 'charAt', 'codePointAt', 'at', 'slice', 'substring', 'startsWith', 'endsWith'] as const;
const searches = ['indexOf', 'includes', 'lastIndexOf'] as const;
type Method = (this: string, ...args: unknown[]) => unknown;

/** Looks at texts while `task` runs: a look at one character counts as one, a search as the characters that it may pass. */
function countLooks(task: () => void): number {
  const methods = String.prototype as unknown as Record<string, Method>;
  const before = new Map<string, Method>();
  let count = 0;
  const wrap = (name: string, cost: (text: string, args: readonly unknown[], found: unknown) => number): void => {
    const original = methods[name] as Method;
    before.set(name, original);
    methods[name] = function counted(...args) {
      const found = original.apply(this, args);
      count += cost(this, args, found);
      return found;
    };
  };
  for (const name of looks) wrap(name, () => 1);
  for (const name of searches)
    wrap(name, (text, [, from], found) => {
      const start = typeof from === 'number' ? from : 0;
      return Math.max(1, (typeof found === 'number' && found >= 0 ? found : text.length) - start);
    });
  try {
    task();
  } finally {
    for (const [name, original] of before) methods[name] = original;
  }
  return count;
}

describe('the work of a decision', () => {
  const lineOf = (begin: string, piece: string, length: number): string =>
    begin + piece.repeat(Math.floor((length - begin.length) / piece.length));

  it('is counted: a task that looks at the rest of a text at each character is found', () => {
    const careless = (text: string): void => {
      for (let at = 0; at < text.length; at += 1) text.indexOf('never', at);
    };
    const [short, long] = [1_000, 4_000].map((length) => countLooks(() => careless('a'.repeat(length))));
    expect((long ?? 0) / (short ?? 1)).toBeGreaterThan(15);
  });

  it.each(growingPieces)('grows no faster than a line of %j', (piece) => {
    for (const begin of ['', 'cat "']) {
      const counts = [700, 2_800].map((length) => countLooks(() => decide(lineOf(begin, piece, length))));
      const [short = 0, long = 0] = counts;
      expect(long, `${JSON.stringify(begin + piece)}: ${counts}`).toBeLessThanOrEqual(5 * short + 1_000);
      expect(long, `${JSON.stringify(begin + piece)}: ${counts}`).toBeLessThan(400 * 2_800);
    }
  });
});
