/** `find`, which is a language: only tests and printing actions are words of it here. What runs, deletes, writes or follows links is not. */
import {
  any,
  type CommandRule,
  format,
  integer,
  moment,
  oneOf,
  type Reading,
  type Refusal,
  refuse,
  shape,
  type ValueRule,
  valueProblem,
  word,
} from '../command-rule.ts';
import { heavyPattern, isHeavyPattern } from '../heavy-pattern.ts';

const number = shape('^[+-]?[0-9]{1,12}$', 'a number');
const path: ValueRule = { kind: 'path', use: 'name' };

/** Primaries without an argument. */
const bare: readonly string[] = [
  ...['!', '(', ')', ',', '-not', '-a', '-and', '-o', '-or'],
  ...['-true', '-false', '-empty', '-nouser', '-nogroup', '-readable', '-writable', '-executable'],
  ...['-daystart', '-depth', '-d', '-mount', '-xdev', '-noleaf', '-ignore_readdir_race', '-noignore_readdir_race'],
  ...['-warn', '-nowarn', '-print', '-print0', '-ls', '-prune', '-quit', '-help', '--help', '-version', '--version'],
];

/** Primaries with one argument, and what it may be. */
const withArgument: Readonly<Record<string, ValueRule>> = {
  '-name': any,
  '-iname': any,
  '-path': any,
  '-ipath': any,
  '-wholename': any,
  '-iwholename': any,
  '-lname': any,
  '-ilname': any,
  '-regex': any,
  '-iregex': any,
  '-regextype': word,
  '-type': shape('^[bcdpflsD](,[bcdpflsD])*$', 'file types'),
  '-xtype': shape('^[bcdpflsD](,[bcdpflsD])*$', 'file types'),
  '-fstype': word,
  '-size': shape('^[+-]?[0-9]{1,12}[bcwkMG]?$', 'a size'),
  '-perm': shape('^[/+-]?[0-7ugoarwxXst,=+-]{1,20}$', 'a mode'),
  '-user': word,
  '-group': word,
  '-uid': number,
  '-gid': number,
  '-links': number,
  '-inum': number,
  '-mtime': number,
  '-atime': number,
  '-ctime': number,
  '-mmin': number,
  '-amin': number,
  '-cmin': number,
  '-used': number,
  '-newer': path,
  '-anewer': path,
  '-cnewer': path,
  '-samefile': path,
  '-newermt': moment,
  '-newerat': moment,
  '-newerct': moment,
  '-maxdepth': integer,
  '-mindepth': integer,
  '-printf': format,
};

const optimisation = oneOf('-O0', '-O1', '-O2', '-O3');

export const find: CommandRule = {
  name: 'find',
  redactOutput: false,
  description: { bare, withArgument, optimisation },
  read(args) {
    let index = 0;
    while (args[index] === '-H' || args[index] === '-P' || valueProblem(args[index] ?? '', optimisation) === null)
      index += 1;
    const starts: string[] = [];
    while (index < args.length && !isExpression(args[index] ?? '')) {
      if (args[index] === '') return refuse('operand', 'A folder name is empty.');
      starts.push(args[index] ?? '');
      index += 1;
    }
    const uses = readExpression(args.slice(index));
    if ('refused' in uses) return uses;
    const walked = (starts.length === 0 ? [''] : starts).map((start) => ({ path: start, use: 'walk' as const }));
    return { args, uses: [...walked, ...uses.uses] };
  },
};

/** GNU find: the expression begins at the first word that starts with `-`, or is `(`, `)`, `!` or `,`. */
function isExpression(text: string): boolean {
  return (text.startsWith('-') && text !== '-') || ['(', ')', '!', ','].includes(text);
}

function readExpression(words: readonly string[]): { readonly uses: Reading['uses'] } | Refusal {
  const uses: Reading['uses'][number][] = [];
  for (let index = 0; index < words.length; index += 1) {
    const primary = words[index] ?? '';
    if (bare.includes(primary)) continue;
    const rule = Object.hasOwn(withArgument, primary) ? withArgument[primary] : undefined;
    if (rule === undefined) {
      return refuse('option', `find: ${primary} is not on the list of tests and actions that only read.`);
    }
    index += 1;
    const argument = words[index];
    if (argument === undefined) return refuse('option', `find: ${primary} needs an argument.`);
    const problem = valueProblem(argument, rule);
    if (problem !== null) return refuse('option', `find: the argument of ${primary} must be ${problem}.`);
    if (/^-i?regex$/.test(primary) && isHeavyPattern(argument)) return refuse('operand', heavyPattern);
    if (rule.kind === 'path') uses.push({ path: argument, use: rule.use });
  }
  return { uses };
}
