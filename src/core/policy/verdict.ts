/** What judging one command line yields inside the policy, before the server's own limits turn it into a decision. */
import type { Decision, PartVerdict, PolicyOutcome } from './decision.ts';
import type { PathUse } from './path-rules.ts';

export interface Verdict {
  readonly outcome: PolicyOutcome;
  readonly rule: string;
  readonly reason: string;
  readonly argv: readonly string[] | null;
  readonly uses: readonly PathUse[];
  readonly parts: readonly PartVerdict[];
  readonly floor: boolean;
  readonly redactOutput: boolean;
  /** Proven to do nothing but read; only such a request may run on a read-only server. */
  readonly isRead: boolean;
  /** A rule of the operator took the question away. */
  readonly isLifted?: true;
}

/** A question for a person; by default about something that is not known to be a read. */
export function ask(rule: string, reason: string, more: Partial<Verdict> = {}): Verdict {
  return { ...blank, outcome: 'approval-required', rule, reason, ...more };
}

/** Allowed though it is not known to only read. */
export function allowed(rule: string, reason: string): Verdict {
  return { ...blank, outcome: 'auto-allow', rule, reason };
}

export function rejected(rule: string, reason: string, more: Partial<Verdict> = {}): Verdict {
  return { ...blank, outcome: 'reject', rule, reason, floor: true, ...more };
}

/** The strictest of several outcomes. */
export function isStricter(outcome: PolicyOutcome, than: PolicyOutcome): boolean {
  return severity[outcome] > severity[than];
}

export function toDecision(verdict: Verdict): Decision {
  const { outcome, rule, reason, argv, parts, floor, redactOutput } = verdict;
  const walked = verdict.uses.filter(({ use }) => use === 'walk').map(({ path }) => path);
  const searched = verdict.uses.filter(({ use }) => use === 'search').map(({ path }) => path);
  const named = verdict.uses.filter(({ use }) => use === 'name').map(({ path }) => path);
  const paths = [...new Set(verdict.uses.map(({ path }) => path))];
  const decision = { outcome, rule, reason, argv, paths, parts, floor, redactOutput, named, walked, searched };
  return verdict.isLifted === true && outcome === 'auto-allow' ? { ...decision, lifted: true } : decision;
}

const severity: Readonly<Record<PolicyOutcome, number>> = { 'auto-allow': 0, 'approval-required': 1, reject: 2 };

const blank: Omit<Verdict, 'outcome' | 'rule' | 'reason'> = {
  argv: null,
  uses: [],
  parts: [],
  floor: false,
  redactOutput: false,
  isRead: false,
};
