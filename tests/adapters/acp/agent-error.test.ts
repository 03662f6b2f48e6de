/** How the end of an agent's process reads: its status, and the line that says why. */
import { describe, expect, it } from 'vitest';
import { toExitWords } from '../../../src/adapters/acp/agent-error.ts';

const stack = Array.from({ length: 12 }, (_, at) => `    at step${at} (file.js:${at})`).join('\n');
const exit = { code: 1, signal: null };

describe('the words of an end', () => {
  it.each([
    [
      `node:internal\n\nError [ERR_MODULE_NOT_FOUND]: Cannot find package 'x'\n${stack}\n\nNode.js v20`,
      'Error [ERR_MODULE_NOT_FOUND]: Cannot find',
    ],
    [`TypeError: a is not a function\n${stack}`, 'TypeError: a is not a function'],
    [`panic: no such thing\n${stack}`, 'panic: no such thing'],
    ['one\ntwo', 'one\ntwo'],
    [`Error: first\n${stack}\nError: second\n${stack}`, 'Error: second'],
    [`${stack}\nError: at the end`, '    at step8 (file.js:8)\n'],
  ])('of %j begin with what matters', (said, start) => {
    const words = toExitWords(exit, said);
    expect(words.startsWith(`status 1: ${start}`)).toBe(true);
    expect(words).toContain(said.split('\n').at(-1));
    expect(words.split('\n').length).toBeLessThanOrEqual(6);
  });

  it('tell when there are none', () => {
    expect(toExitWords(exit, '')).toBe('status 1, without a word on stderr.');
  });
});
