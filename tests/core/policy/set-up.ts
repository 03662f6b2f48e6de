/** The one place that knows how tests ask the policy. */
import { createPolicy } from '../../../src/core/policy/create-policy.ts';
import type { Decision } from '../../../src/core/policy/decision.ts';
import type { PolicyTarget } from '../../../src/core/policy/policy.ts';

const policy = createPolicy();

interface Circumstances {
  readonly cwd?: string | null;
  readonly on?: PolicyTarget;
}

export function decideLine(line: string, { cwd = null, on = null }: Circumstances = {}): Decision {
  return policy.decide({ kind: 'line', line, cwd, hasStdin: false }, on);
}

export function decideWords(argv: readonly string[], { cwd = null, on = null }: Circumstances = {}): Decision {
  return policy.decide({ kind: 'argv', argv, cwd, hasStdin: false }, on);
}

export function target(fields: Partial<NonNullable<PolicyTarget>> = {}): NonNullable<PolicyTarget> {
  return { id: 'web-1', environment: 'staging', roots: [], readonly: false, sensitive: [], groups: [], ...fields };
}
