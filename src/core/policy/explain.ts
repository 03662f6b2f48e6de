/** Takes a line that is not simple apart, so that a card can show each command in it with its own verdict. It explains and rejects; it never allows. */
import { type Command, forEachChild, type ParsedScript, parse, type Redirection, type SyntaxNode } from 'unbash';
import type { PartVerdict } from './decision.ts';
import { judgeArgv, type Surroundings } from './judge-argv.ts';
import { isLiteralWord } from './second-opinion.ts';
import type { Verdict } from './verdict.ts';

export interface Explanation {
  readonly parts: readonly PartVerdict[];
  /** Verdicts behind the parts, in the same order; redirections to files have none. */
  readonly verdicts: readonly Verdict[];
  /** More than one command, a redirection, a substitution, an assignment or a compound command. */
  readonly isComposition: boolean;
  readonly writesFile: boolean;
  /** The parser's complaint, when it had one. */
  readonly problem: string | null;
}

/** Nesting beyond this is nobody's honest command line; deeper parts are not looked into, and the line waits for a person anyway. */
const depthMax = 64;

export function explainLine(line: string, around: Surroundings): Explanation {
  const walk = new Walk(around);
  const script = parse(line);
  walk.visit(script, line, 0);
  return walk.explanation(script);
}

/** One traversal of one tree. */
class Walk {
  readonly #around: Surroundings;
  readonly #parts: PartVerdict[] = [];
  readonly #verdicts: Verdict[] = [];
  #commands = 0;
  #isCompound = false;
  #writesFile = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  visit(node: SyntaxNode, source: string, depth: number): void {
    if (depth > depthMax) return;
    // A script in backquotes has its own text, to which the positions below it belong.
    const own = node.type === 'Script' && node.source !== undefined ? node.source : source;
    if (node.type === 'Command') this.#command(node, own);
    if (node.type === 'Redirect' || node.type === 'HereDoc' || node.type === 'HereString') this.#redirection(node);
    if (compound.has(node.type)) this.#isCompound = true;
    if (node.type === 'Statement' && node.background === true) this.#isCompound = true;
    forEachChild(node, (child) => this.visit(child, own, depth + 1));
  }

  explanation(script: ParsedScript): Explanation {
    return {
      parts: this.#parts,
      verdicts: this.#verdicts,
      isComposition: this.#commands > 1 || this.#isCompound,
      writesFile: this.#writesFile,
      problem: script.errors?.[0]?.message ?? null,
    };
  }

  #command(command: Command, source: string): void {
    this.#commands += 1;
    if (command.prefix.some((item) => item.type === 'Assignment')) this.#isCompound = true;
    const text = source.slice(command.pos, command.end);
    const words = [command.name, ...command.args];
    const argv = words.flatMap((word) => (word?.type === 'Word' && isLiteralWord(word) ? [word.value] : []));
    // Even when some words are unknown, the command's own name may tell what to fear.
    const verdict = argv[0] !== undefined && command.name?.value === argv[0] ? judgeArgv(argv, this.#around) : null;
    if (verdict !== null) this.#verdicts.push(verdict);
    this.#parts.push({ text, ...partVerdict(command, argv.length === words.length ? verdict : null, verdict) });
  }

  #redirection(redirection: Redirection): void {
    this.#isCompound = true;
    if (writtenFile(redirection) !== null) this.#writesFile = true;
  }
}

/** The verdict a part shows: its redirections and unknown words count, too. */
function partVerdict(command: Command, whole: Verdict | null, named: Verdict | null): Omit<PartVerdict, 'text'> {
  const written = command.redirects.map(writtenFile).find((file) => file !== null);
  // That a file is written says more than that a command is not on the list, and less than what no rule may lift.
  const isTelling = named !== null && (named.outcome === 'reject' || named.floor || written === undefined);
  if (isTelling && named.outcome !== 'auto-allow') return { outcome: named.outcome, reason: named.reason };
  if (written !== undefined) return { outcome: 'approval-required', reason: `It writes to ${written}.` };
  if (command.prefix.some((item) => item.type === 'Assignment')) {
    return { outcome: 'approval-required', reason: 'It changes the environment the command runs in.' };
  }
  if (command.redirects.some((redirection) => !isHarmless(redirection))) {
    return {
      outcome: 'approval-required',
      reason: 'It reads from a redirection that only a shell on the server opens.',
    };
  }
  if (whole === null) {
    return { outcome: 'approval-required', reason: 'Some of its words are known only to a shell on the server.' };
  }
  return { outcome: whole.outcome, reason: whole.reason };
}

/** The file a redirection writes, or null when it writes none. */
function writtenFile(redirection: Redirection): string | null {
  if (redirection.type !== 'Redirect' || !writing.has(redirection.operator) || isHarmless(redirection)) return null;
  return redirection.target?.value || 'a file';
}

/** To /dev/null, or from one open stream to another. */
function isHarmless(redirection: Redirection): boolean {
  if (redirection.type !== 'Redirect') return false;
  const target = redirection.target?.value ?? '';
  if (target === '/dev/null') return true;
  return (redirection.operator === '>&' || redirection.operator === '<&') && /^([0-9]+|-)$/.test(target);
}

const writing: ReadonlySet<string> = new Set(['>', '>>', '>|', '<>', '&>', '&>>', '>&']);

const compound: ReadonlySet<string> = new Set([
  ...[
    'Pipeline',
    'AndOr',
    'If',
    'For',
    'ArithmeticFor',
    'Select',
    'While',
    'Subshell',
    'BraceGroup',
    'Case',
    'TestCommand',
  ],
  ...[
    'ArithmeticCommand',
    'Function',
    'Coproc',
    'Redirected',
    'CommandExpansion',
    'ProcessSubstitution',
    'ArithmeticExpansion',
  ],
]);
