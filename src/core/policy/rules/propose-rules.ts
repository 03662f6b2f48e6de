/** Rules that a person could make of one command that was asked: the exact words first, then wider steps, then what forbids. It tries none of them. */
import type { Target } from '../../server.ts';
import { lexLine } from '../lexer.ts';
import { repeatOperand } from './match-rule.ts';
import { nameOf } from './program-name.ts';
import type { Rule } from './rule-file.ts';

/** A rule without its reason, which is the person's to give. */
export type Draft = Omit<Rule, 'because'>;

export interface RuleStep {
  /** What it would do, as a sentence without a full stop. */
  readonly words: string;
  /** The first of these that does what the step says is the one to offer. */
  readonly drafts: readonly Draft[];
}

export interface ProposalFacts {
  readonly argv: readonly string[];
  readonly target: Pick<Target, 'id' | 'environment'>;
  /** Ids of rules that there are. */
  readonly takenIds: ReadonlySet<string>;
  /** The last day of rules that need an end, `2027-01-31`. */
  readonly lastDay: string;
}

/** Narrow steps first. On production there are only steps that forbid. */
export function proposeRules(facts: ProposalFacts): readonly RuleStep[] {
  return facts.target.environment === 'production' ? toRejects(facts) : [...toAllows(facts), ...toRejects(facts)];
}

function toAllows(facts: ProposalFacts): readonly RuleStep[] {
  const { argv, target, lastDay } = facts;
  const id = toId(facts, 'allow');
  const here: Rule['scope'] = { servers: [target.id] };
  const everywhere: Rule['scope'] = { environment: target.environment };
  const shared = { id, decision: 'auto-allow' as const };
  const wide = toWide(argv);
  const exact = (scope: Rule['scope']): readonly Draft[] => [
    { ...shared, scope, exact: [...argv] },
    { ...shared, scope, exact: [...argv], expires: lastDay },
  ];
  const steps: RuleStep[] = [{ words: `Allow exactly this command on ${target.id}`, drafts: exact(here) }];
  if (wide !== null)
    steps.push({ words: `Allow ${wide.words} on ${target.id}`, drafts: [{ ...shared, scope: here, ...wide.match }] });
  steps.push({ words: `Allow exactly this command on every ${target.environment} server`, drafts: exact(everywhere) });
  if (wide !== null)
    steps.push({
      words: `Allow ${wide.words} on every ${target.environment} server`,
      drafts: [{ ...shared, scope: everywhere, ...wide.match }],
    });
  return steps;
}

function toRejects(facts: ProposalFacts): readonly RuleStep[] {
  const { argv, target } = facts;
  const name = nameOf(argv[0] ?? '');
  const shared = { id: toId(facts, 'no'), decision: 'reject' as const, scope: { servers: [target.id] } };
  const steps: RuleStep[] = [
    { words: `Reject exactly this command on ${target.id}`, drafts: [{ ...shared, exact: [...argv] }] },
  ];
  if (/^[A-Za-z0-9_.+-]+$/.test(name))
    steps.push({
      words: `Reject every ${name} on ${target.id}`,
      drafts: [{ ...shared, id: unused(`no-${toSlug(name)}`, facts.takenIds), command: name, match: [name] }],
    });
  return steps;
}

interface Wide {
  readonly words: string;
  readonly match: Pick<Draft, 'command' | 'options' | 'operands' | 'match'>;
}

/** The same command and options, with any path below the same folders, or with another last word; null when neither is possible. */
function toWide(argv: readonly string[]): Wide | null {
  const [program = '', ...args] = argv;
  const line = toLine(argv);
  const name = nameOf(program);
  if (line === null || args.includes('--') || args.includes(repeatOperand)) return null;
  const options = [...new Set(args.filter(isOption))];
  const operands = args.filter((word) => !isOption(word));
  const folders = [...new Set(operands.map(folderOf).filter((folder) => folder !== null))];
  const last = operands.at(-1) ?? '';
  const patterns = operands.map((word) => {
    const folder = folderOf(word);
    return folder === null ? escapePattern(word) : `${escapePattern(folder)}/.+`;
  });
  const shared = { command: name, ...(options.length > 0 ? { options } : {}), match: [line] };
  if (folders.length > 0)
    return {
      words: `${[name, ...options].join(' ')} below ${folders.join(' and ')}`,
      match: { ...shared, operands: patterns },
    };
  if (operands.length < 2 || !/^[A-Za-z0-9_.@:-]+$/.test(last)) return null;
  const kept = operands.slice(0, -1);
  return {
    words: `${[name, ...options, ...kept].join(' ')} and any word`,
    match: { ...shared, operands: [...patterns.slice(0, -1), '[A-Za-z0-9_.@:-]+'] },
  };
}

function isOption(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}

/** The folder an absolute path lies in; null for what is none, and at the top, where "below" would be everything. */
function folderOf(word: string): string | null {
  if (!word.startsWith('/') || word.split('/').includes('..')) return null;
  const folder = word.replace(/\/+$/, '').replace(/\/[^/]*$/, '');
  return folder === '' ? null : folder;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The words as a line that reads as exactly these words; null when quotes cannot do that. */
function toLine(argv: readonly string[]): string | null {
  const line = argv
    .map((word) => {
      if (/^[A-Za-z0-9_:,./+-][A-Za-z0-9_@%+:,./^=-]*$/.test(word)) return word;
      return word.includes("'") ? `"${word}"` : `'${word}'`;
    })
    .join(' ');
  const lexed = lexLine(line);
  const isSame = lexed.kind === 'simple' && JSON.stringify(lexed.argv) === JSON.stringify(argv);
  return isSame ? line : null;
}

function toId({ argv, takenIds }: ProposalFacts, verb: 'allow' | 'no'): string {
  const second = argv[1] ?? '';
  const words = [nameOf(argv[0] ?? ''), ...(/^[A-Za-z0-9]/.test(second) ? [second] : [])];
  return unused(
    [verb, ...words.map(toSlug)]
      .filter((part) => part !== '')
      .join('-')
      .slice(0, 48),
    takenIds,
  );
}

function toSlug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function unused(id: string, taken: ReadonlySet<string>): string {
  for (let count = 2; ; count += 1) {
    const candidate = count === 2 ? id : `${id}-${count - 1}`;
    if (!taken.has(candidate)) return candidate;
  }
}
