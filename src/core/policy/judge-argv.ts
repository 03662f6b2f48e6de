/** Judges one command given as words: families, wrappers, and the table of commands whose every word is known. */
import { type CommandRule, isRefusal } from './command-rule.ts';
import { commandTable } from './commands/table.ts';
import type { PartVerdict } from './decision.ts';
import { familyOf } from './families.ts';
import { isPlainFile, judgePath, type PathUse } from './path-rules.ts';
import type { PolicyTarget } from './policy.ts';
import { toAbsolute } from './remote-path.ts';
import { applyRules } from './rules/apply-rules.ts';
import type { RuleSet } from './rules/rule-set.ts';
import { judgeSpecialForm } from './special-forms.ts';
import { ask, rejected, type Verdict } from './verdict.ts';
import { unwrap } from './wrappers.ts';

/** What a judgement needs to know beside the words. */
export interface Surroundings {
  readonly cwd: string | null;
  readonly target: PolicyTarget;
  readonly hasStdin: boolean;
  /** The operator's own rules, which are put over what is built in, also inside of wrappers and compound lines. */
  readonly rules: RuleSet;
  /** How many wrappers are around it. */
  readonly depth: number;
  /** Judges a line that a wrapper hands to a shell. */
  readonly judgeLine: (line: string, around: Surroundings) => Verdict;
}

/** The folders a command may be named in; anywhere else it could be another program. */
export const programFolders: readonly string[] = ['/bin/', '/usr/bin/', '/sbin/', '/usr/sbin/'];
/** Wrappers in wrappers beyond this are nobody's honest command line. */
export const wrapperDepthMax = 8;

export function judgeArgv(argv: readonly string[], around: Surroundings): Verdict {
  return applyRules(judgeByBuiltIn(argv, around), argv, around);
}

function judgeByBuiltIn(argv: readonly string[], around: Surroundings): Verdict {
  const [program = '', ...args] = argv;
  if (program === '') return rejected('malformed.empty', 'The command is empty; name a command.', { argv });
  const name = commandName(program);
  if (name === null) {
    // A program in a folder of its own is not what the table describes, but its name still explains and rejects.
    const base = program.split('/').at(-1) ?? '';
    const known = judgeKnownDanger(base, argv, around);
    if (known !== null) return known;
    return ask('command.location', `${program} is not one of the system's own programs.`, { argv });
  }
  const danger = judgeKnownDanger(name, argv, around);
  if (danger !== null && !(danger.rule === 'command.changes' && isKnownToRead(name, args))) return danger;
  return judgeByTable(name, [program, ...args], around);
}

/** A program that changes things may have forms that only ask (`dpkg -l`): those that the table understands completely. */
function isKnownToRead(name: string, args: readonly string[]): boolean {
  const rule = commandTable.get(name);
  return rule !== undefined && !isRefusal(rule.read(args));
}

/** The name of a command written as a bare word or in one of the system's folders; null for anything else. */
function commandName(program: string): string | null {
  const folder = programFolders.find((candidate) => program.startsWith(candidate));
  const name = folder === undefined ? program : program.slice(folder.length);
  return /^[A-Za-z0-9_.+-]+$/.test(name) ? name : null;
}

function judgeKnownDanger(name: string, argv: readonly string[], around: Surroundings): Verdict | null {
  const args = argv.slice(1);
  const inner = unwrap(name, args);
  if (inner !== null) return judgeWrapped(name, argv, inner, around);
  const form = judgeSpecialForm(name, args);
  if (form !== null) return { ...form, argv };
  const family = familyOf(name);
  if (family === null) return null;
  const reason = `${name} ${family.because}.`;
  return family.outcome === 'reject'
    ? rejected(family.rule, reason, { argv })
    : ask(family.rule, reason, { argv, floor: family.floor });
}

function judgeWrapped(
  name: string,
  argv: readonly string[],
  inner: NonNullable<ReturnType<typeof unwrap>>,
  around: Surroundings,
): Verdict {
  const rule = `wrapper.${name}`;
  if (around.depth >= wrapperDepthMax)
    return ask(rule, `${name} is wrapped too deep to look inside.`, { argv, floor: true });
  const deeper = { ...around, depth: around.depth + 1 };
  if (inner.kind === 'unknown')
    return ask(rule, `${name} runs another command that cannot be told from here.`, { argv, floor: true });
  const verdict = inner.kind === 'argv' ? judgeArgv(inner.argv, deeper) : around.judgeLine(inner.line, deeper);
  const text = inner.kind === 'argv' ? inner.argv.join(' ') : inner.line;
  const own: PartVerdict = { text, outcome: verdict.outcome, reason: verdict.reason };
  const parts = verdict.parts.length > 0 ? verdict.parts : [own];
  if (verdict.outcome === 'reject') return rejected(verdict.rule, `Inside ${name}: ${verdict.reason}`, { argv, parts });
  const floor = verdict.floor || inner.kind === 'line';
  if (verdict.outcome === 'approval-required') {
    const isTelling = verdict.floor || verdict.rule === 'command.reachability';
    return ask(isTelling ? verdict.rule : rule, `Inside ${name}: ${verdict.reason}`, { argv, parts, floor });
  }
  return ask(rule, `${name} runs another command, and wrapped commands always need approval.`, { argv, parts, floor });
}

function judgeByTable(name: string, argv: readonly string[], around: Surroundings): Verdict {
  const rule = commandTable.get(name);
  if (rule === undefined)
    return ask('command.unknown', `${name} is not on the list of commands that only inspect.`, { argv });
  const [program = '', ...args] = argv;
  const reading = rule.read(args);
  if (isRefusal(reading)) {
    return ask(`command.${name}.${reading.about}`, reading.refused, { argv, redactOutput: rule.redactOutput });
  }
  const uses: PathUse[] = [];
  for (const { path, use } of reading.uses) {
    const absolute = toAbsolute(path, around.cwd);
    if (absolute === null) {
      const relative = judgeUnplaced(path, use, argv, rule, around.target);
      if (relative !== null) return relative;
    } else uses.push({ path: absolute, use });
  }
  const shared = { argv: [program, ...reading.args], uses, redactOutput: rule.redactOutput, isRead: true };
  for (const use of uses) {
    const finding = judgePath(use, null, around.target);
    if (finding !== null) return ask(finding.rule, finding.reason, { ...shared, floor: finding.floor });
  }
  const stranger = (reading.hosts ?? []).find((host) => !isReachable(host, around.target));
  if (stranger !== undefined) {
    const reason = `${name} would ask or send to ${stranger}, which is not the name or address of a registered server in scope.`;
    return ask(`command.${name}.host`, reason, { argv, isRead: true });
  }
  if (
    reading.isCutting === true &&
    around.target?.redactOutput === true &&
    uses.some(({ path }) => !isPlainFile(path))
  ) {
    return ask(`command.${name}.cut`, cutReason(name), shared);
  }
  return {
    outcome: 'auto-allow',
    rule: `command.${name}`,
    reason: `Every word of this ${name} is known to only read.`,
    parts: [],
    floor: false,
    ...shared,
  };
}

/** Names are compared as name servers do: in any case, with or without the dot at the end. */
function isReachable(host: string, target: PolicyTarget): boolean {
  return target?.reachable?.includes(host.toLowerCase().replace(/\.$/, '')) ?? false;
}

function cutReason(name: string): string {
  return `This ${name} shows parts of lines or changes their form, so a secret could lose its name and pass the redaction of this server; print whole lines instead.`;
}

/** A relative path without a named cwd: only a listing of names in the login folder itself is harmless. */
function judgeUnplaced(
  path: string,
  use: PathUse['use'],
  argv: readonly string[],
  rule: CommandRule,
  target: PolicyTarget,
): Verdict | null {
  const isLoginFolder = path === '' || path === '.';
  if (isLoginFolder && use === 'name' && (target?.roots ?? []).length === 0) return null;
  // Below "/" the name alone decides, which is as much as can be known here.
  const finding = isLoginFolder ? null : judgePath({ path: `/${path}`, use }, null, null);
  if (finding?.rule === 'floor.sensitive-path') {
    return ask(finding.rule, finding.reason, { argv, floor: true, redactOutput: rule.redactOutput, isRead: true });
  }
  const shown = path === '' ? 'The working folder' : path;
  return ask('path.relative', `${shown} depends on the login folder; name a cwd or use an absolute path.`, {
    argv,
    redactOutput: rule.redactOutput,
    isRead: true,
  });
}
