/** Reads the text of a `policy.json`: its rules, or everything that is wrong with it, each with its line. Opens no file, asks no clock. */
import { type JsonText, JsonTextError, readJson } from '../../../base/json-text.ts';
import { toConfigProblem } from '../../config-problem.ts';
import { type KnownRule, knowRule, type RuleOrigin } from './match-rule.ts';
import { type Rule, type RuleFile, ruleFileSchema, toExpiryMs } from './rule-file.ts';
import { testRule } from './test-rule.ts';

export interface RuleProblem {
  /** From 1. */
  readonly line: number;
  /** Id of the rule, or its number when it has none; null for what is about the whole file. */
  readonly rule: string | null;
  /** Part of a sentence, without a full stop. */
  readonly message: string;
}

export interface RuleFileReading {
  /** Null when anything is wrong. */
  readonly file: RuleFile | null;
  readonly problems: readonly RuleProblem[];
  /** Of each rule, in order. */
  readonly lines: readonly number[];
}

/** A workspace file may only narrow. */
export function readRuleFile(text: string, origin: RuleOrigin): RuleFileReading {
  let json: JsonText;
  try {
    json = readJson(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    return failed([{ line: error.line, rule: null, message: `not valid JSON, ${error.message}` }]);
  }
  const parsed = ruleFileSchema.safeParse(json.value);
  if (!parsed.success) {
    const { path, message } = toConfigProblem(parsed.error, ruleFileSchema, json.value);
    return failed([{ line: json.lineOf(path), rule: ruleAt(json.value, path), message }]);
  }
  const file = parsed.data;
  const problems = file.rules.flatMap((rule, index): RuleProblem[] => {
    const fault = testRule(rule, origin);
    return fault === null
      ? []
      : [{ line: json.lineOf(['rules', index, ...fault.path]), rule: rule.id, message: fault.message }];
  });
  problems.push(...twins(file.rules, json));
  if (problems.length > 0) return failed(problems.sort((one, other) => one.line - other.line));
  return { file, problems: [], lines: file.rules.map((_, index) => json.lineOf(['rules', index])) };
}

/** `policy.json, line 7, rule no-docker: unknown key "comand" (did you mean "command"?).` */
export function toProblemSentence(path: string, { line, rule, message }: RuleProblem): string {
  return `${path}, line ${line}${rule === null ? '' : `, rule ${rule}`}: ${message}.`;
}

/**
 * Ids of the rules whose time is over: they count no more.
 * @param nowMs milliseconds since the epoch.
 */
export function toExpired(rules: readonly Rule[], nowMs: number): readonly string[] {
  return rules
    .filter(({ expires }) => expires !== undefined && (toExpiryMs(expires) ?? 0) <= nowMs)
    .map(({ id }) => id);
}

/** The rules that count, ready to be asked. */
export function toKnownRules(
  rules: readonly Rule[],
  origin: RuleOrigin,
  expired: readonly string[],
): readonly KnownRule[] {
  return rules.filter(({ id }) => !expired.includes(id)).map((rule) => knowRule(rule, origin));
}

function twins(rules: readonly Rule[], json: JsonText): RuleProblem[] {
  const first = new Map<string, number>();
  return rules.flatMap(({ id }, index) => {
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, index);
      return [];
    }
    const message = `the id is used twice (first on line ${json.lineOf(['rules', before])}); rename or remove one`;
    return [{ line: json.lineOf(['rules', index, 'id']), rule: id, message }];
  });
}

function ruleAt(value: unknown, [first, index]: readonly (string | number)[]): string | null {
  if (first !== 'rules' || typeof index !== 'number') return null;
  const rule = (value as { readonly rules: readonly { readonly id?: unknown }[] }).rules[index];
  return typeof rule?.id === 'string' ? rule.id : `${index + 1}`;
}

function failed(problems: readonly RuleProblem[]): RuleFileReading {
  return { file: null, problems, lines: [] };
}
