/** The policy itself: takes a question apart, has it judged, and applies the server's own limits. Pure and total; it performs no I/O. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { present } from '../../base/assert.ts';
import { limits } from '../limits.ts';
import { checkAllBytes, checkBytes } from './bytes.ts';
import { commandTable } from './commands/table.ts';
import type { Decision } from './decision.ts';
import { families } from './families.ts';
import { judgeArgv, programFolders, type Surroundings, wrapperDepthMax } from './judge-argv.ts';
import { judgeRead, judgeWrite } from './judge-file.ts';
import { judgeLine } from './judge-line.ts';
import {
  broadFolders,
  endlessPaths,
  endlessShapes,
  judgePath,
  kernelFolders,
  type PathUseKind,
  plainFiles,
  remoteFolders,
  touchyDevices,
} from './path-rules.ts';
import type { Policy, PolicyQuestion, PolicyTarget } from './policy.ts';
import { isWithin, normalisePath } from './remote-path.ts';
import { noRules, type RuleSet } from './rules/rule-set.ts';
import { sensitiveFileNames, sensitiveFolderNames, sensitiveFolders } from './sensitive-paths.ts';
import { allowed, ask, isStricter, rejected, toDecision, type Verdict } from './verdict.ts';
import { wrappers } from './wrappers.ts';

/** Raised whenever the way of judging changes without a table: it is part of the hash. */
const revision = 9;

/** @param rules the operator's own, over what is built in. */
export function createPolicy(rules: RuleSet = noRules): Policy {
  let hash: string | null = null;
  return {
    // Writing everything down takes longer than deciding, and what is only tried is never quoted.
    get hash() {
      hash ??= policyHash(rules);
      return hash;
    },
    decide: (question, target) => toDecision(judgeSafely(question, withSensitivePaths(target, rules), rules)),
    decideRealPaths: (decision, realPaths, target) => {
      try {
        return judgeRealPaths(decision, realPaths, withSensitivePaths(target, rules));
      } catch {
        return stricter(decision, { ...ask(errorRule, errorReason), floor: true });
      }
    },
  };
}

const errorRule = 'policy.error';
const errorReason = 'The policy could not judge this request, so a person must.';

/** Whatever goes wrong inside is a question, never a permission. */
function judgeSafely(question: PolicyQuestion, target: PolicyTarget, rules: RuleSet): Verdict {
  try {
    return withServerLimits(judge(question, target, rules), question, target);
  } catch {
    const isReadonly = target?.readonly === true;
    return isReadonly ? rejected(errorRule, errorReason) : ask(errorRule, errorReason, { floor: true });
  }
}

function judge(question: PolicyQuestion, target: PolicyTarget, rules: RuleSet): Verdict {
  const cwdProblem = 'cwd' in question ? judgeCwd(question.cwd) : null;
  if (cwdProblem !== null) return cwdProblem;
  switch (question.kind) {
    case 'read':
      return judgeRead(question, target);
    case 'write':
      return judgeWrite(question, target);
    case 'shell':
      return allowed('shell', 'The operator types there; what it prints is recorded.');
    case 'durable':
      return allowed('durable', 'The operator looks after a command that was approved when it was started.');
    case 'line':
      return asDurable(judgeLine(question.line, surroundings(question, target, rules)), question);
    case 'argv':
      return asDurable(judgeWords(question.argv, surroundings(question, target, rules)), question);
  }
}

/** What goes on where nobody watches it is more than a read, whatever it is. */
function asDurable(verdict: Verdict, { isDurable }: CommandQuestion): Verdict {
  if (isDurable !== true || verdict.outcome !== 'auto-allow') return verdict;
  const reason =
    'A durable command goes on without signalbox and keeps its output on the server, so a person is asked.';
  return { ...verdict, outcome: 'approval-required', rule: 'command.durable', reason, floor: true, isRead: false };
}

/** The folder is text of the request, too: it may not hide anything. */
function judgeCwd(cwd: string | null): Verdict | null {
  if (cwd === null) return null;
  if (!cwd.startsWith('/'))
    return rejected('malformed.cwd', 'The working folder is not an absolute path; begin it with a slash.');
  // A shell goes back over the text, the kernel over what a link leads to: the two may end in different folders.
  if (cwd.split('/').includes('..'))
    return rejected('malformed.cwd', 'The working folder holds "..", which is unclear behind a link; name it without.');
  const bytes = checkBytes(cwd);
  return bytes.kind === 'malformed' ? rejected('malformed.cwd', `Look at the working folder: ${bytes.reason}`) : null;
}

type CommandQuestion = Extract<PolicyQuestion, { kind: 'line' | 'argv' }>;

function surroundings({ cwd, hasStdin }: CommandQuestion, target: PolicyTarget, rules: RuleSet): Surroundings {
  return { cwd, target, hasStdin, rules, depth: 0, judgeLine };
}

/** Without a server its paths are judged as on any; no rule with a scope is about it. */
function withSensitivePaths(target: PolicyTarget, { sensitivePaths }: RuleSet): PolicyTarget {
  if (sensitivePaths.length === 0) return target;
  if (target === null) return { ...anyServer, sensitive: sensitivePaths };
  return { ...target, sensitive: [...target.sensitive, ...sensitivePaths] };
}

const anyServer: NonNullable<PolicyTarget> = {
  id: '',
  environment: 'production',
  roots: [],
  readonly: false,
  sensitive: [],
  groups: [],
};

/** Words need no lexer; their bytes are looked at all the same. */
function judgeWords(argv: readonly string[], around: Surroundings): Verdict {
  const bytesTotal = argv.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
  if (bytesTotal > limits.commandBytesMax) {
    return rejected(
      'malformed.too-long',
      `The command is longer than ${limits.commandBytesMax} bytes; put it into a script, or split it.`,
      { argv },
    );
  }
  const bytes = checkAllBytes([...argv, around.cwd ?? '']);
  if (bytes.kind === 'malformed') return rejected('malformed.bytes', bytes.reason, { argv });
  const verdict = judgeArgv(argv, around);
  if (bytes.kind === 'plain' || verdict.outcome !== 'auto-allow') return verdict;
  return { ...verdict, outcome: 'approval-required', rule: 'bytes.unusual', reason: bytes.reason, argv };
}

/** What the server's record adds: its folders, and "nothing but reads". */
function withServerLimits(verdict: Verdict, question: PolicyQuestion, target: PolicyTarget): Verdict {
  if (target === null || verdict.outcome === 'reject') return verdict;
  if (target.readonly && !verdict.isRead) {
    return {
      ...verdict,
      outcome: 'reject',
      rule: 'readonly',
      reason: `${target.id} is registered as read-only, and this is not known to only read.`,
      floor: true,
    };
  }
  const cwd = 'cwd' in question ? question.cwd : null;
  if (verdict.outcome !== 'auto-allow' || cwd === null || target.roots.length === 0) return verdict;
  if (target.roots.some((root) => isWithin(normalisePath(cwd), root))) return verdict;
  return {
    ...verdict,
    outcome: 'approval-required',
    rule: 'roots',
    reason: `The working folder ${cwd} is outside of the folders this server allows.`,
  };
}

/** Judges the paths on what they really are. A path whose real path is missing counts as unknown, which is a question. */
function judgeRealPaths(decision: Decision, realPaths: ReadonlyMap<string, string>, target: PolicyTarget): Decision {
  let worst = decision;
  for (const path of decision.paths) {
    const real = realPaths.get(path);
    if (real === undefined || !real.startsWith('/')) {
      worst = stricter(worst, ask('path.unresolved', `The real path of ${path} is not known.`));
      continue;
    }
    const finding = judgePath({ path, use: useOf(decision, path) }, real, target);
    if (finding !== null) worst = stricter(worst, ask(finding.rule, finding.reason, { floor: finding.floor }));
  }
  return worst;
}

/** Never weaker than before: a higher outcome replaces, an equal one may only add the floor. */
function stricter(decision: Decision, verdict: Verdict): Decision {
  const { outcome, rule, reason, floor } = verdict;
  if (isStricter(outcome, decision.outcome))
    return { ...decision, outcome, rule, reason, floor: decision.floor || floor };
  if (outcome === decision.outcome && floor && !decision.floor) return { ...decision, rule, reason, floor: true };
  return decision;
}

/** A path used in several ways is judged by the widest one. */
function useOf(decision: Decision, path: string): PathUseKind {
  if (decision.searched?.includes(path) === true) return 'search';
  if (decision.walked?.includes(path) === true) return 'walk';
  return decision.named?.includes(path) === true ? 'name' : 'read';
}

function policyHash(rules: RuleSet): string {
  const description = {
    revision,
    commandBytesMax: limits.commandBytesMax,
    commands: [...commandTable.values()].map(({ name, redactOutput, description: rule }) => ({
      name,
      redactOutput,
      rule,
    })),
    families,
    wrappers,
    wrapperDepthMax,
    programFolders,
    broadFolders,
    kernelFolders,
    endlessPaths,
    endlessShapes,
    remoteFolders,
    touchyDevices,
    plainFiles,
    sensitiveFileNames,
    sensitiveFolderNames,
    sensitiveFolders,
    rules: rules.rules.map(({ rule, origin }) => ({ ...rule, origin })),
    sensitivePaths: rules.sensitivePaths,
  };
  const text = present(canonicalize(description), 'The policy cannot be written down.');
  return createHash('sha256').update(text).digest('hex');
}
