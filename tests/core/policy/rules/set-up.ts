/** The one place that knows how tests write rules and ask a policy that has them. */
import { createPolicy } from '../../../../src/core/policy/create-policy.ts';
import type { Decision } from '../../../../src/core/policy/decision.ts';
import type { Policy, PolicyTarget } from '../../../../src/core/policy/policy.ts';
import { knowRule } from '../../../../src/core/policy/rules/match-rule.ts';
import type { Rule } from '../../../../src/core/policy/rules/rule-file.ts';
import { ruleSet } from '../../../../src/core/policy/rules/rule-set.ts';
import { target } from '../set-up.ts';

export type RuleFields = Partial<Rule>;

export function rule(fields: RuleFields): Rule {
  return { id: 'tested', decision: 'auto-allow', because: 'the test says so', ...fields };
}

/** A rule is named after its place where it has no id of its own. */
export function policyWith(rules: readonly RuleFields[], sensitivePaths: readonly string[] = []): Policy {
  const known = rules.map((fields, index) => knowRule(rule({ id: `r${index + 1}`, ...fields }), 'global'));
  return createPolicy(ruleSet(known, sensitivePaths));
}

export interface Asked {
  readonly on?: PolicyTarget;
  readonly cwd?: string | null;
  readonly hasStdin?: boolean;
}

export function decide(policy: Policy, line: string, asked: Asked = {}): Decision {
  const { on = target(), cwd = null, hasStdin = false } = asked;
  return policy.decide({ kind: 'line', line, cwd, hasStdin }, on);
}
