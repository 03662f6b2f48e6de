/** What a word means among the agents of a session. */
import { describe, expect, it } from 'vitest';
import { toCallerAgent } from '../../../src/core/caller-agent.ts';
import type { AgentChoice } from '../../../src/host/sessions/seat.ts';
import { toSeatedAgent } from '../../../src/host/sessions/seated-agent.ts';

const node: AgentChoice = { command: ['/usr/bin/node', 'a.js'] };
const other: AgentChoice = { command: ['node', 'b.js'] };
const mine: AgentChoice = { command: ['/opt/mine', '--acp'] };
const known = ['opencode', 'codex'];

describe('toSeatedAgent', () => {
  it.each<[string, AgentChoice, readonly AgentChoice[], AgentChoice]>([
    ['an id of the catalogue', { id: 'codex' }, [mine], { id: 'codex' }],
    ['one that was in the catalogue', { id: 'gone' }, [{ id: 'gone' }], { id: 'gone' }],
    ['a command', node, [mine], node],
    ['the program of a command', { id: '/opt/mine' }, [node, mine], mine],
    ['its file name', { id: 'mine' }, [node, mine], mine],
    ['a whole path where the file name is of two', { id: '/usr/bin/node' }, [node, other], node],
    ['an id before a file name', { id: 'codex' }, [{ command: ['/opt/codex'] }], { id: 'codex' }],
  ])('takes %s', (_what, choice, here, meant) => expect(toSeatedAgent(choice, here, known)).toEqual(meant));

  it.each<[string, string, readonly AgentChoice[], string]>([
    ['nothing here', 'nope', [], 'There is no agent "nope"; the catalogue has opencode, codex; another'],
    [
      'none of those here',
      'min',
      [node, mine],
      '"min"; this session has node, mine; the catalogue has opencode, codex',
    ],
    ['a part of the command', 'a.js', [node], 'There is no agent "a.js"'],
    ['two of them', 'node', [node, other], '"node" may be "/usr/bin/node a.js", "node b.js"; give one of these'],
    ['no word at all', '', [mine], 'There is no agent ""'],
  ])('refuses a word that names %s', (_what, id, here, words) =>
    expect(() => toSeatedAgent({ id }, here, known)).toThrow(words),
  );
});

describe('toCallerAgent', () => {
  it('tells commands of one program apart, and each from the catalogue', () => {
    const names = [{ id: 'node' }, node, other, { command: ['node', 'b.js', ''] }].map(toCallerAgent);
    expect(new Set(names).size).toBe(4);
    expect(names[0]).toBe('node');
    expect(names[1]).toMatch(/^node \(command [0-9a-f]{8}\)$/);
  });
});
