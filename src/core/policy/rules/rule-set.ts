/** The rules that are in force, found by the command they are about. Immutable: a changed file is another set. */

import type { PolicyTarget } from '../policy.ts';
import type { KnownRule } from './match-rule.ts';
import { nameOf } from './program-name.ts';

export interface RuleSet {
  readonly rules: readonly KnownRule[];
  /** Absolute paths that count as sensitive on every server. */
  readonly sensitivePaths: readonly string[];
  /** Every rule that is about these words on this server. */
  matching(argv: readonly string[], target: PolicyTarget): readonly KnownRule[];
}

export function ruleSet(rules: readonly KnownRule[], sensitivePaths: readonly string[]): RuleSet {
  const byCommand = new Map<string, KnownRule[]>();
  for (const known of rules) {
    const key = nameOf(known.rule.exact?.[0] ?? known.rule.command ?? '');
    byCommand.set(key, [...(byCommand.get(key) ?? []), known]);
  }
  const forAll = byCommand.get('*') ?? [];
  return {
    rules,
    sensitivePaths,
    matching(argv, target) {
      const own = byCommand.get(nameOf(argv[0] ?? '')) ?? [];
      if (own.length === 0 && forAll.length === 0) return [];
      return [...own, ...forAll].filter((known) => known.matchesTarget(target) && known.matchesWords(argv));
    },
  };
}

/** Nothing but what is built in. */
export const noRules: RuleSet = ruleSet([], []);
