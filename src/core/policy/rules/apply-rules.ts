/**
 * Puts the operator's rules over what is built in: the strictest that matches wins, and a rule that allows lifts only what may be
 * lifted. Pure.
 */

import type { Surroundings } from '../judge-argv.ts';
import { judgePath } from '../path-rules.ts';
import { toAbsolute } from '../remote-path.ts';
import { isStricter, type Verdict } from '../verdict.ts';
import { isKnownWrite } from './known-writes.ts';
import type { KnownRule } from './match-rule.ts';
import { isMiddlewareRead } from './middleware-reads.ts';

/** Each is looked up on the server before the command runs. */
const liftedPathsMax = 64;

/** What it takes to allow without a question what the built-in rules ask about. */
export type Liftability = 'any-rule' | 'exact-rule' | 'never';

export function applyRules(verdict: Verdict, argv: readonly string[], around: Surroundings): Verdict {
  const matching = around.rules.matching(argv, around.target);
  const restricting = matching.filter(({ rule }) => rule.decision !== 'auto-allow');
  const strictest = restricting.find(({ rule }) => rule.decision === 'reject') ?? restricting[0];
  if (strictest !== undefined) return restrict(verdict, strictest);
  for (const known of matching) {
    const lifted = lift(verdict, known, argv, around);
    if (lifted !== null) return lifted;
  }
  return verdict;
}

function restrict(verdict: Verdict, { rule }: KnownRule): Verdict {
  if (!isStricter(rule.decision, verdict.outcome)) return verdict;
  return {
    ...verdict,
    outcome: rule.decision,
    rule: toRuleName(rule.id),
    reason: toReason(rule.because),
    floor: verdict.floor || rule.decision === 'reject',
  };
}

/** How the deciding rule is named in cards, records and envelopes. */
export function toRuleName(id: string): string {
  return `rule.${id}`;
}

function toReason(because: string): string {
  return /[.!?]$/.test(because) ? because : `${because}.`;
}

/** The verdict without its question, or null where this rule is not enough. */
function lift(verdict: Verdict, { rule }: KnownRule, argv: readonly string[], around: Surroundings): Verdict | null {
  // What is fed to a command is not in its words, and no rule has seen it.
  if (verdict.outcome !== 'approval-required' || around.hasStdin) return null;
  const needed = liftabilityOf(verdict, argv);
  if (needed === 'never' || (needed === 'exact-rule' && !isExactLift(rule, around))) return null;
  const paths = pathsIn(argv, around.cwd);
  if (paths.length > liftedPathsMax) return null;
  if (paths.some(({ path }) => judgePath({ path, use: 'read' }, null, around.target) !== null)) return null;
  return {
    ...verdict,
    outcome: 'auto-allow',
    rule: toRuleName(rule.id),
    reason: toReason(rule.because),
    argv,
    uses: paths.filter(({ isPlaced }) => isPlaced).map(({ path }) => ({ path, use: 'read' })),
    floor: false,
    isLifted: true,
  };
}

const exactOnly: readonly string[] = ['command.interpreter', 'command.location', 'command.changes'];

export function liftabilityOf(verdict: Verdict, argv: readonly string[]): Liftability {
  if (verdict.rule === 'floor.middleware') return isMiddlewareRead(argv) ? 'exact-rule' : 'never';
  if (verdict.floor || verdict.rule === 'command.reachability' || isKnownWrite(argv)) return 'never';
  // What these run is not in the words, is another program than its name says, or is known to change the machine.
  if (exactOnly.includes(verdict.rule)) return 'exact-rule';
  if (verdict.rule.startsWith('wrapper.')) return 'exact-rule';
  return verdict.rule.startsWith('command.') ? 'any-rule' : 'never';
}

/** Whole words, with an end in sight, and never on production. */
function isExactLift(rule: KnownRule['rule'], { target }: Surroundings): boolean {
  return (
    rule.exact !== undefined && rule.expires !== undefined && target !== null && target.environment !== 'production'
  );
}

interface NamedPath {
  readonly path: string;
  /** Where it leads can be asked on the server; false for a relative path without a folder. */
  readonly isPlaced: boolean;
}

/** Everything in the words that a program could take for a path, absolute. */
function pathsIn(argv: readonly string[], cwd: string | null): readonly NamedPath[] {
  const paths = new Map<string, NamedPath>();
  for (const word of argv.slice(1)) {
    for (const piece of piecesOf(word)) {
      // Without a folder a name is judged by itself, as if it were at the top.
      const path = toAbsolute(piece, cwd ?? '/');
      if (path === null || (!piece.includes('/') && !isTelling(path))) continue;
      paths.set(path, { path, isPlaced: cwd !== null || piece.startsWith('/') });
    }
  }
  return [...paths.values()];
}

/** `--file=/a`, `-f/a`, `host:/a` and `@/a` name a path after something else. */
function piecesOf(word: string): readonly string[] {
  const slash = word.indexOf('/');
  const pieces = word.split(/[=,:@]/);
  if (!word.startsWith('-')) pieces.push(word);
  if (slash > 0) pieces.push(word.slice(slash));
  return pieces.filter((piece) => piece !== '' && !piece.startsWith('-'));
}

/** A bare word is most often no file at all; only one with the name of a secret counts. */
function isTelling(path: string): boolean {
  return judgePath({ path, use: 'read' }, null, null) !== null;
}
