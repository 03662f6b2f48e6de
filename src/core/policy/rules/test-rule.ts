/** Tries a rule on its own examples, whenever its file is read: a rule that does not do what it says must not be in force. Pure. */

import { PatternError } from '../../../base/pattern/pattern-syntax.ts';
import { createPolicy } from '../create-policy.ts';
import { lexLine } from '../lexer.ts';
import type { PolicyTarget } from '../policy.ts';
import { type KnownRule, knowRule, type RuleOrigin, repeatOperand } from './match-rule.ts';
import type { Rule } from './rule-file.ts';
import { ruleSet } from './rule-set.ts';

export interface RuleFault {
  /** Path inside the rule. */
  readonly path: readonly (string | number)[];
  /** Part of a sentence, without a full stop. */
  readonly message: string;
}

/** The first fault of a rule whose shape is right, or null. */
export function testRule(rule: Rule, origin: RuleOrigin): RuleFault | null {
  return checkShape(rule, origin) ?? checkPatterns(rule) ?? checkExamples(rule, knowRule(rule, origin));
}

function checkShape(rule: Rule, origin: RuleOrigin): RuleFault | null {
  const { command, exact, options, operands, match, decision, scope } = rule;
  if (origin === 'workspace' && decision === 'auto-allow')
    return { path: ['decision'], message: 'a workspace file may only narrow, so its rules ask or reject' };
  if ((command === undefined) === (exact === undefined))
    return { path: [], message: 'it must have either "command" or "exact"' };
  if (exact !== undefined && (options ?? operands) !== undefined)
    return {
      path: [options ? 'options' : 'operands'],
      message: '"exact" is the whole argv, so "options" and "operands" go with "command" only',
    };
  if (command === '*' && decision === 'auto-allow')
    return { path: ['command'], message: '"*" may ask or reject, but never allow' };
  if (command !== undefined && (match ?? []).length === 0)
    return { path: [], message: '"match" must hold a command line that the rule is about' };
  const at = operands?.indexOf(repeatOperand) ?? -1;
  if (operands && at !== -1 && (at === 0 || at !== operands.length - 1 || decision !== 'auto-allow'))
    return {
      path: ['operands', at],
      message: '"..." repeats the pattern before it: it stands last, and only in a rule that allows',
    };
  return scope !== undefined && Object.keys(scope).length === 0
    ? { path: ['scope'], message: '"scope" must name servers, groups or an environment, or be left out' }
    : null;
}

function checkPatterns(rule: Rule): RuleFault | null {
  for (const [index, operand] of (rule.operands ?? []).entries()) {
    if (operand === repeatOperand) continue;
    try {
      knowRule({ ...rule, operands: [operand] }, 'global');
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      return {
        path: ['operands', index],
        message: `the pattern ${JSON.stringify(operand)} cannot be used: ${error.message}`,
      };
    }
  }
  return null;
}

function checkExamples(rule: Rule, known: KnownRule): RuleFault | null {
  if (rule.exact && rule.decision === 'auto-allow') {
    const refused = whyNotAllowed(rule.exact, rule, known);
    if (refused !== null) return { path: ['exact'], message: refused };
  }
  for (const [index, line] of (rule.match ?? []).entries()) {
    const argv = toArgv(line);
    const fault = (message: string): RuleFault => ({ path: ['match', index], message });
    if (argv === null) return fault(`the example ${JSON.stringify(line)} is no simple command line`);
    if (!known.matchesWords(argv)) return fault(`the rule does not match its example ${JSON.stringify(line)}`);
    const refused = rule.decision === 'auto-allow' ? whyNotAllowed(argv, rule, known) : null;
    if (refused !== null) return fault(refused);
  }
  for (const [index, line] of (rule.notMatch ?? []).entries()) {
    const argv = toArgv(line);
    if (argv !== null && known.matchesWords(argv))
      return { path: ['notMatch', index], message: `the rule matches ${JSON.stringify(line)}, which it must not` };
  }
  return null;
}

/** A rule that cannot do what it says misleads whoever wrote it: null when its words would really run without a question. */
function whyNotAllowed(argv: readonly string[], rule: Rule, known: KnownRule): string | null {
  const alone: KnownRule = { ...known, matchesTarget: () => true };
  const question = { kind: 'argv', argv, cwd: null, hasStdin: false } as const;
  const decision = createPolicy(ruleSet([alone], [])).decide(question, exampleTarget(rule));
  if (decision.outcome === 'auto-allow') return null;
  const what = JSON.stringify(argv.join(' '));
  if (decision.rule === 'floor.middleware' && rule.exact === undefined)
    return `only an "exact" rule with "expires" can allow ${what}, outside of production and when it is known to only read`;
  const needsEnd = rule.exact !== undefined && rule.expires === undefined && !decision.floor;
  const hint = needsEnd ? '; with "expires" it could, outside of production' : '';
  return `no rule of this kind can allow ${what} (${decision.rule}: ${decision.reason.replace(/\.$/, '')})${hint}`;
}

/** The least careful server the rule is about. */
function exampleTarget({ scope }: Rule): NonNullable<PolicyTarget> {
  const named = [scope?.environment ?? []].flat();
  const environment = named.find((one) => one !== 'production') ?? named[0] ?? 'development';
  return { id: 'example', environment, roots: [], readonly: false, sensitive: [], groups: [] };
}

function toArgv(line: string): readonly string[] | null {
  const lexed = lexLine(line);
  return lexed.kind === 'simple' ? lexed.argv : null;
}
