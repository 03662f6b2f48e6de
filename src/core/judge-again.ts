/** What a policy that changed says of a request that waits. Where it says the same, the question stands and is bound to the new policy. */
import { OperationError } from './codes.ts';
import { judgeLift } from './judge-lift.ts';
import type { Look, Prepared } from './plans/plan.ts';
import type { Decision } from './policy/decision.ts';
import type { Policy } from './policy/policy.ts';

/**
 * Null: it says the same as before.
 * `look` has the policy that is in force now, `before` the one that `decided`. Throws CONFLICT for a change of a file that would be
 * asked about in other words: what was read to prepare it may be kept in another way now. Throws what the server answers, too.
 */
export async function judgeAgain(
  look: Look,
  before: Policy,
  prepared: Prepared,
  decided: Decision,
): Promise<Decision | null> {
  const { policy } = look;
  const decision = await judgeLift(policy.decide(prepared.question, look.target), look);
  const isSame = toQuestion(decision) === toQuestion(decided) && isAsSecret(look, before, prepared);
  if (isSame) return null;
  if (prepared.change !== null && decision.outcome !== 'reject')
    throw new OperationError(
      'CONFLICT',
      'The policy changed what it says of this file while the request waited; ask again.',
    );
  return decision;
}

/** What a person reads of a decision, and what runs. */
function toQuestion({ outcome, rule, reason, argv, parts, floor }: Decision): string {
  const verdicts = parts.map((part) => [part.text, part.outcome, part.reason]);
  return JSON.stringify([outcome, rule, reason, argv, verdicts, floor]);
}

/** Whether a file that changes counts as a secret decides what is kept of it. */
function isAsSecret({ policy, target }: Look, before: Policy, { question }: Prepared): boolean {
  if (question.kind !== 'write') return true;
  const read = { kind: 'read', path: question.path, realPath: question.realPath, recursive: false } as const;
  return isAllowed(policy.decide(read, target)) === isAllowed(before.decide(read, target));
}

function isAllowed({ outcome }: Decision): boolean {
  return outcome === 'auto-allow';
}
