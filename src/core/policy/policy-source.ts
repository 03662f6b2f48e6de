/** Where the gate gets its policy from, request by request: one decision, one policy. Knows no file. */
import type { Event } from '../../base/event.ts';
import type { Policy } from './policy.ts';
import type { RuleOrigin } from './rules/match-rule.ts';
import type { Rule } from './rules/rule-file.ts';

export interface PolicySource {
  /**
   * The policy in force now for a workspace (null: the global rules alone). Throws OperationError CONFIG_INVALID while a rule file is
   * bad: then nothing is decided, because a rule that cannot be read may be the one that forbids.
   */
  current(workspace: string | null): Promise<Policy>;
  /** A rule file is another than before, good or bad: what waits is judged again. A source that never changes has none. */
  readonly onChanged?: Event<void>;
}

/** What happened to a rule file: it was reloaded, is bad, or has rules that count no more. */
export interface PolicyNotice {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
}

/** One rule file, and what of it counts. */
export interface RulesOrigin {
  readonly path: string;
  readonly origin: RuleOrigin;
  readonly state: 'absent' | 'untrusted' | 'good' | 'bad';
  /** One sentence; null unless it is bad. */
  readonly problem: string | null;
  readonly rules: readonly { readonly rule: Rule; readonly line: number; readonly isExpired: boolean }[];
  readonly sensitivePaths: readonly string[];
}

/** The operator's own rules as a whole: to be shown, and to be added to. */
export interface PolicyRules extends PolicySource {
  readonly onNotice: Event<PolicyNotice>;
  /** The rule files that there are or could be, the global one first. Never throws for a bad one. */
  origins(workspace: string | null): Promise<readonly RulesOrigin[]>;
  /** The policy as it would be with one more global rule. Throws CONFIG_INVALID like `current`. */
  currentWith(rule: Rule, workspace: string | null): Promise<Policy>;
  /** Adds a rule to the global file; in force from the next decision on. Throws CONFIG_INVALID; the file is then as it was. */
  add(rule: Rule): Promise<void>;
}

/** A policy that never changes. */
export function fixedPolicy(policy: Policy): PolicySource {
  return { current: async () => policy };
}
