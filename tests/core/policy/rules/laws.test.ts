/** Laws of rules: they restrict, or lift what may be lifted, and nothing else; deciding stays total and deterministic, and asks no rule more often than it must. */

import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../../../src/core/policy/create-policy.ts';
import { lexLine } from '../../../../src/core/policy/lexer.ts';
import type { PolicyQuestion } from '../../../../src/core/policy/policy.ts';
import { type KnownRule, knowRule } from '../../../../src/core/policy/rules/match-rule.ts';
import { noRules, ruleSet } from '../../../../src/core/policy/rules/rule-set.ts';
import fc from '../../../fixtures/properties.ts';
import { anyTarget, outcomes, question } from '../arbitrary.ts';
import { allowedLines, refusedLines } from '../lines.ts';
import { target } from '../set-up.ts';
import { decide, policyWith, type RuleFields, rule } from './set-up.ts';

const builtIn = createPolicy(noRules);
const lines = [...allowedLines, ...refusedLines.map(([line]) => line)];

/** Words of a line as an exact rule: the most that a rule can say about it. */
function exactly(line: string): RuleFields[] {
  const lexed = lexLine(line);
  return lexed.kind === 'simple' ? [{ exact: [...lexed.argv], expires: '2099-01-01' }] : [];
}

const anyRule: fc.Arbitrary<RuleFields> = fc.oneof(
  fc.record({
    decision: fc.constantFrom('approval-required' as const, 'reject' as const),
    command: fc.constantFrom('*', 'cat', 'ls', 'sudo', 'rm', 'find'),
  }),
  fc.record({
    decision: fc.constant('auto-allow' as const),
    command: fc.constantFrom('cat', 'ls', 'sudo', 'rm', 'find', 'sh', 'env', 'mytool'),
    options: fc.constant<string[]>(['-c', '-r', '-n', '--', '-exec']),
    operands: fc.constantFrom<string[][]>(['.*', '...'], ['/srv/.*'], []),
  }),
  fc.constantFrom(...lines.flatMap(exactly)),
);
const anyRules = fc.array(anyRule, { maxLength: 6 });
const anyLine: fc.Arbitrary<PolicyQuestion> = fc.oneof(
  question,
  fc.record({
    kind: fc.constant('line' as const),
    line: fc.constantFrom(...lines),
    cwd: fc.constantFrom(null, '/srv'),
    hasStdin: fc.boolean(),
  }),
);
const severity = (outcome: string): number => outcomes.indexOf(outcome);
/** What no rule lifts: by the name of the built-in rule. */
const never =
  /^(floor\.(write|composition|sensitive-path)|lexer\.|bytes\.|malformed\.|reject\.|path\.|roots|readonly|policy\.error|command\.reachability|file\.)/;

describe('rules', () => {
  it('only ever restrict, or lift what may be lifted', () => {
    fc.assert(
      fc.property(anyLine, anyRules, anyTarget, (asked, rules, on) => {
        const without = builtIn.decide(asked, on);
        const decision = policyWith(rules).decide(asked, on);
        expect(outcomes).toContain(decision.outcome);
        if (severity(decision.outcome) >= severity(without.outcome)) return;
        expect([without.outcome, decision.outcome, decision.lifted]).toEqual(['approval-required', 'auto-allow', true]);
        expect(without.rule).not.toMatch(never);
        expect(decision.rule).toMatch(/^rule\.r\d$/);
        expect(asked).toMatchObject({ hasStdin: false });
        if (without.floor) {
          expect(without.rule).toBe('floor.middleware');
          expect(on?.environment).not.toBe('production');
        }
      }),
      { numRuns: 4_000 },
    );
  });

  it('that restrict never weaken, whatever else there is', () => {
    fc.assert(
      fc.property(anyLine, anyRules, anyRules, (asked, some, more) => {
        const restricting = more.filter(({ decision }) => decision !== 'auto-allow' && decision !== undefined);
        const before = policyWith(some).decide(asked, target());
        const after = policyWith([...some, ...restricting]).decide(asked, target());
        expect(severity(after.outcome)).toBeGreaterThanOrEqual(severity(before.outcome));
      }),
      { numRuns: 2_000 },
    );
  });

  it('say the same whatever their order', () => {
    fc.assert(
      fc.property(anyLine, anyRules, (asked, rules) => {
        const named = rules.map((rule, index) => ({ ...rule, id: `n${index}` }));
        const forward = policyWith(named).decide(asked, target());
        expect(policyWith(named.toReversed()).decide(asked, target()).outcome).toBe(forward.outcome);
        expect(policyWith(named).decide(asked, target())).toEqual(forward);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(refusedLines)('an exact rule for every refused line lifts none of the floor: %s', (line) => {
    const without = decide(builtIn, line, { cwd: '/srv' });
    const decision = decide(policyWith(exactly(line)), line, { cwd: '/srv' });
    if (never.test(without.rule)) expect(decision.outcome).toBe(without.outcome);
  });

  it('never lift a file tool, whatever they say', () => {
    const all = policyWith([
      { command: 'tee', operands: ['.*'] },
      { exact: ['/srv/a'], expires: '2099-01-01' },
    ]);
    const write = { kind: 'write', path: '/srv/a', realPath: '/srv/a' } as const;
    expect(all.decide(write, target())).toMatchObject({ outcome: 'approval-required', floor: true });
  });

  it('are asked as often for a long line as for a short one, and only where they are about the server', () => {
    const asked = { target: 0, words: 0 };
    const operands = ['(a|aa|b)*c|(.*x){3}', '...'];
    const fields: RuleFields[] = Array.from({ length: 200 }, (_, index) => ({
      ...{ id: `r${index}`, command: 'mytool', operands },
      scope: { servers: [`web-${index}`] },
    }));
    const known = [...fields, { command: 'mytool', operands }].map((one) => knowRule(rule(one), 'global'));
    const counted = known.map(
      (one): KnownRule => ({
        ...one,
        matchesTarget(on) {
          asked.target += 1;
          return one.matchesTarget(on);
        },
        matchesWords(argv) {
          asked.words += 1;
          return one.matchesWords(argv);
        },
      }),
    );
    const policy = createPolicy(ruleSet(counted, []));
    const count = (length: number): typeof asked => {
      Object.assign(asked, { target: 0, words: 0 });
      decide(policy, `mytool ${'a'.repeat(length)}`, { on: target({ id: 'web-7' }) });
      return { ...asked };
    };
    const short = count(10);
    // What one asking costs is bounded by the length and the size of the pattern: linear-pattern.test.ts.
    expect(count(4_000)).toEqual(short);
    expect(short.words).toBeGreaterThan(0);
    expect(short.words * 100).toBeLessThanOrEqual(short.target);
  });
});
