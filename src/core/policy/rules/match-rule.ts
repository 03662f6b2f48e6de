/**
 * Says whether a rule is about a command and a server. A rule that allows lists all that may be there; a rule that asks or rejects
 * lists what must not be there, and is read generously. It decides nothing.
 */

import { type LinearPattern, linearPattern } from '../../../base/pattern/linear-pattern.ts';
import { programFolders } from '../judge-argv.ts';
import type { PolicyTarget } from '../policy.ts';
import { nameOf } from './program-name.ts';
import type { Rule } from './rule-file.ts';

export type RuleOrigin = 'global' | 'workspace';

/** A rule with its patterns compiled. */
export interface KnownRule {
  readonly rule: Rule;
  readonly origin: RuleOrigin;
  matchesWords(argv: readonly string[]): boolean;
  matchesTarget(target: PolicyTarget): boolean;
}

/** Stands last among the operands of a rule that allows: the pattern before it may fit any number of further operands. */
export const repeatOperand = '...';

/** Throws PatternError for an operand that is no pattern. */
export function knowRule(rule: Rule, origin: RuleOrigin): KnownRule {
  return { rule, origin, matchesWords: toWordMatcher(rule), matchesTarget: toTargetMatcher(rule) };
}

function toWordMatcher(rule: Rule): KnownRule['matchesWords'] {
  const { exact, command = '', options, operands } = rule;
  if (exact) return (argv) => argv.length === exact.length && exact.every((word, index) => word === argv[index]);
  const isRepeated = operands?.at(-1) === repeatOperand;
  const patterns = (isRepeated ? operands?.slice(0, -1) : operands)?.map(linearPattern);
  if (rule.decision === 'auto-allow') {
    const expected: Expected = { options: options ?? [], operands: patterns ?? [], isRepeated };
    return ([program = '', ...args]) => isSystemProgram(program, command) && fits(args, expected);
  }
  return ([program = '', ...args]) =>
    (command === '*' || program === command || nameOf(program) === command) &&
    (options === undefined || hasOption(args, options)) &&
    (patterns === undefined || occurInOrder(args, patterns));
}

interface Expected {
  readonly options: readonly string[];
  readonly operands: readonly LinearPattern[];
  readonly isRepeated: boolean;
}

/** Every word is accounted for. Which option takes the next word as its value is not known here, so such a value is an operand. */
function fits(args: readonly string[], expected: Expected): boolean {
  const operands: string[] = [];
  let areOptionsOver = false;
  for (const word of args) {
    if (!areOptionsOver && word === '--') areOptionsOver = true;
    else if (areOptionsOver || !word.startsWith('-') || word === '-') operands.push(word);
    else if (!expected.options.some((option) => isListedOption(word, option))) return false;
  }
  const { length } = expected.operands;
  if (expected.isRepeated ? operands.length < length : operands.length !== length) return false;
  return operands.every((word, index) => {
    // Going back leads out of every folder that a pattern names.
    if (word.split('/').includes('..')) return false;
    return expected.operands[Math.min(index, length - 1)]?.test(word) === true;
  });
}

function isListedOption(word: string, option: string): boolean {
  return option.endsWith('=*') ? word.startsWith(option.slice(0, -1)) : word === option;
}

/** Also in a cluster, abbreviated, and with its value attached: a rule that restricts must not be talked around. */
function hasOption(args: readonly string[], options: readonly string[]): boolean {
  return args.some((word) =>
    options.some((option) => {
      if (word === option || isListedOption(word, option)) return true;
      const name = option.replace(/=\*$/, '');
      if (name.startsWith('--')) {
        const written = word.split('=')[0] ?? '';
        return written.length > 2 && written.startsWith('--') && name.startsWith(written);
      }
      if (name.length === 2) return /^-[^-]/.test(word) && word.includes(name.slice(1));
      return word.startsWith(name);
    }),
  );
}

/** Values of options may stand between them, so other words are passed over. */
function occurInOrder(args: readonly string[], patterns: readonly LinearPattern[]): boolean {
  let at = 0;
  for (const word of args) if (patterns[at]?.test(word)) at += 1;
  return at >= patterns.length;
}

function isSystemProgram(program: string, command: string): boolean {
  return program === command || programFolders.some((folder) => program === folder + command);
}

function toTargetMatcher({ scope }: Rule): KnownRule['matchesTarget'] {
  if (scope === undefined) return () => true;
  const servers = scope.servers?.map(toGlob);
  const groups = scope.groups?.map(toGlob);
  const environments = scope.environment === undefined ? undefined : [scope.environment].flat();
  return (target) =>
    target !== null &&
    target.id !== '' &&
    (servers === undefined || servers.some((glob) => glob.test(target.id))) &&
    (groups === undefined || target.groups.some((group) => groups.some((glob) => glob.test(group)))) &&
    (environments === undefined || environments.includes(target.environment));
}

function toGlob(glob: string): LinearPattern {
  return linearPattern(glob.replaceAll('.', '\\.').replaceAll('*', '.*'));
}
