/** Tries a rule on what was asked before: what would it have decided? Works on what the log kept; what was redacted there cannot be known. */
import type { Policy, PolicyQuestion, PolicyTarget } from '../policy.ts';
import { toRuleName } from './apply-rules.ts';

export interface PastAction {
  readonly question: Extract<PolicyQuestion, { kind: 'line' | 'argv' }>;
  /** As it is registered now; null when it is not any more. */
  readonly target: PolicyTarget;
  /** A person denied it. */
  readonly isDenied: boolean;
  /** Some of its words were redacted, so they are not what was asked. */
  readonly isRedacted: boolean;
}

export interface Replay {
  /** How many past actions were looked at. */
  readonly actions: number;
  readonly matched: number;
  /** Of the matched: how many a person had denied. */
  readonly denied: number;
  /** Redacted ones that the rule could be about. */
  readonly unknown: number;
}

/** @param policy with the rule in it. */
export function replayRule(policy: Policy, ruleId: string, actions: readonly PastAction[]): Replay {
  const name = toRuleName(ruleId);
  let matched = 0;
  let denied = 0;
  let unknown = 0;
  for (const { question, target, isDenied, isRedacted } of actions) {
    if (isRedacted) {
      unknown += 1;
      continue;
    }
    if (policy.decide(question, target).rule !== name) continue;
    matched += 1;
    if (isDenied) denied += 1;
  }
  return { actions: actions.length, matched, denied, unknown };
}
