/** Laws of the policy: total, deterministic, never fooled about words, and only ever stricter when more is known. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexLine } from '../../../src/core/policy/lexer.ts';
import type { PolicyQuestion } from '../../../src/core/policy/policy.ts';
import { anyTarget, outcomes, policy, question, shellLine } from './arbitrary.ts';
import { allowedLines, lookAlikeLines, refusedLines } from './lines.ts';
import { decideLine, target } from './set-up.ts';

describe('deciding', () => {
  it('answers everything, and the same thing twice', () => {
    fc.assert(
      fc.property(question, anyTarget, (asked, on) => {
        const decision = policy.decide(asked, on);
        expect(outcomes).toContain(decision.outcome);
        expect(decision.reason).toMatch(/\S/);
        expect(policy.decide(asked, on)).toEqual(decision);
      }),
      { numRuns: 3000 },
    );
  });

  it('never allows a write, nor anything but a read on a read-only server', () => {
    fc.assert(
      fc.property(question, (asked) => {
        if (asked.kind === 'write') expect(policy.decide(asked, target()).outcome).not.toBe('auto-allow');
        const plain = policy.decide(asked, target());
        const limited = policy.decide(asked, target({ readonly: true }));
        expect(outcomes.indexOf(limited.outcome)).toBeGreaterThanOrEqual(outcomes.indexOf(plain.outcome));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers nonsense with a question', () => {
    const odd = { kind: 'line', line: null } as unknown as PolicyQuestion;
    expect(policy.decide(odd, null)).toMatchObject({ outcome: 'approval-required', rule: 'policy.error', floor: true });
    expect(policy.decide(odd, target({ readonly: true })).outcome).toBe('reject');
  });

  it('looks inside of deep nesting without giving up', () => {
    expect(decideLine('('.repeat(2000)).outcome).toBe('approval-required');
    expect(decideLine('$('.repeat(2000)).outcome).toBe('approval-required');
    expect(decideLine(`${'sudo '.repeat(500)}ls`).outcome).toBe('approval-required');
    expect(decideLine(`echo ${'`'.repeat(4000)}`).outcome).toBe('approval-required');
  });

  it.each(lookAlikeLines)('does not allow what only looks harmless: %j', (line) => {
    expect(decideLine(line).outcome).not.toBe('auto-allow');
  });

  it('does not allow any refused line with a command before or after it', () => {
    for (const [line] of refusedLines) {
      for (const joint of [' ; ', ' && ', ' | ', '\n', ' & ']) {
        expect([line, decideLine(`uptime${joint}${line}`).outcome]).not.toContain('auto-allow');
        expect([line, decideLine(`${line}${joint}uptime`).outcome]).not.toContain('auto-allow');
      }
    }
  });
});

describe('words of an allowed line', () => {
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'abXY019_@%+:,./^=-'), minLength: 1, maxLength: 8 }),
    fc.string({ maxLength: 12 }).map((text) => `'${text}'`),
    fc.string({ maxLength: 12 }).map((text) => `"${text}"`),
    shellLine,
  );
  const candidate = fc
    .tuple(
      fc.constantFrom('cat', 'grep x', 'ls', 'find /srv -name', 'head -n 1', 'date'),
      fc.array(word, { maxLength: 4 }),
    )
    .map(([command, words]) => [command, ...words].join(' '));

  it.each(['bash', 'dash', 'busybox'].filter((shell) => existsSync(`/bin/${shell}`)))(
    'are the words %s reads',
    (shell) => {
      const lines = [...allowedLines, ...fc.sample(candidate, { numRuns: 6000, seed: 20_26 })];
      const allowed = lines.filter((line) => decideLine(line, { cwd: '/srv' }).outcome === 'auto-allow');
      expect(allowed.length).toBeGreaterThan(200);
      const read = readWithShell(shell, allowed);
      allowed.forEach((line, index) => {
        // What policy adds is not in the line: the words as lexed are the argv of the same line judged without additions.
        expect([line, read[index]]).toEqual([line, lexed(line)]);
      });
    },
  );
});

/** One shell for all lines; each line's words come back NUL-ended, the lines apart by an empty record. */
function readWithShell(shell: string, lines: readonly string[]): readonly (readonly string[])[] {
  const script = lines.map((line) => `printf '%s\\0' ${line}; printf '\\001\\0'`).join('\n');
  const argv = shell === 'busybox' ? ['sh', '-s'] : ['-s'];
  const run = spawnSync(`/bin/${shell}`, argv, {
    input: script,
    encoding: 'latin1',
    cwd: '/',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(run.stderr).toBe('');
  const records: string[][] = [[]];
  for (const field of run.stdout.split('\0').slice(0, -1)) {
    if (field === '\x01') records.push([]);
    else records.at(-1)?.push(field);
  }
  return records.slice(0, -1);
}

function lexed(line: string): readonly string[] {
  const result = lexLine(line);
  return result.kind === 'simple' ? result.argv : [];
}
