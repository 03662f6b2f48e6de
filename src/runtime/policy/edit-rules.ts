/** Adds a rule to a `policy.json` in place: what stands there already stays as it is, letter by letter. */
import { isDeepStrictEqual } from 'node:util';
import { assert } from '../../base/assert.ts';
import { readJson } from '../../base/json-text.ts';
import { OperationError } from '../../core/codes.ts';
import { readRuleFile, toProblemSentence } from '../../core/policy/rules/read-rule-file.ts';
import type { Rule, RuleFile } from '../../core/policy/rules/rule-file.ts';
import { readConfigFile, writeConfigFile } from '../config-file.ts';

const attemptsMax = 5;

/**
 * Throws CONFIG_INVALID when the file is bad as it is, when the rule would make it bad (its id is taken, an example fails), and when
 * it cannot be written; the file is then as it was.
 */
export async function addRule(path: string, rule: Rule): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const before = await readConfigFile(path);
    const text = before === null ? toNewFile(rule) : withRule(path, before.text, rule);
    // Another program may have edited the file while we thought: then we begin again with what it wrote.
    const now = await readConfigFile(path);
    if (now?.sha256 !== before?.sha256) continue;
    await writeConfigFile(path, text, before?.mode ?? 0o600);
    return;
  }
  throw new OperationError('CONFIG_INVALID', `${path} keeps changing while it is edited; try again.`);
}

function toNewFile(rule: Rule): string {
  return parsed('policy.json', `{\n  "version": 1,\n  "rules": [\n${indented(rule)}\n  ]\n}\n`).text;
}

function withRule(path: string, text: string, rule: Rule): string {
  const { file } = parsed(path, text);
  const json = readJson(text);
  const last = json.spanOf(['rules', file.rules.length - 1]);
  const list = json.spanOf(['rules']);
  assert(list, 'A policy file that was read has its rules.');
  const [before, after] = last
    ? [`${text.slice(0, last.end)},\n`, text.slice(last.end)]
    : [`${text.slice(0, list.start)}[\n`, `\n  ]${text.slice(list.end)}`];
  const edited = parsed(path, `${before}${indented(rule)}${after}`);
  const expected = { ...file, rules: [...file.rules, rule] };
  assert(
    isDeepStrictEqual(edited.file, JSON.parse(JSON.stringify(expected))),
    'An edit of policy.json changed more than one rule.',
  );
  return edited.text;
}

function parsed(path: string, text: string): { readonly file: RuleFile; readonly text: string } {
  const { file, problems } = readRuleFile(text, 'global');
  if (file !== null) return { file, text };
  const [first] = problems;
  throw new OperationError('CONFIG_INVALID', first ? toProblemSentence(path, first) : `${path} is not usable.`);
}

function indented(rule: Rule): string {
  return JSON.stringify(rule, null, 2).replace(/^/gm, '    ');
}
