/** Laws of the policy: total, deterministic, never fooled about words, and only ever stricter when more is known. */

import { describe, expect, it } from 'vitest';
import type { PolicyQuestion } from '../../../src/core/policy/policy.ts';
import fc from '../../fixtures/properties.ts';
import { anyTarget, outcomes, policy, question } from './arbitrary.ts';
import { lookAlikeLines, refusedLines } from './lines.ts';
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
