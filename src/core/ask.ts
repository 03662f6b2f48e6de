/**
 * Step 4 of the gate: a person answers. While a card waits the policy may change: what waits is judged again then, and so is what was
 * just approved. Called by the orchestrator alone; it does nothing on a server but the reads of judging.
 */
import { present } from '../base/assert.ts';
import { type Disposable, Disposables } from '../base/lifecycle.ts';
import type { Approval, ApprovalEnd } from './approval/approval.ts';
import { toWords } from './approval/queue.ts';
import { sizeOfTexts } from './asked.ts';
import { OperationError } from './codes.ts';
import { judgeAgain } from './judge-again.ts';
import { judgeLift } from './judge-lift.ts';
import type { Cleared, GateParts } from './orchestrator.ts';
import type { Look, Prepared } from './plans/plan.ts';
import type { Decision } from './policy/decision.ts';
import type { Policy } from './policy/policy.ts';
import type { Run } from './run.ts';
import { isGrantPossible, type SessionGrants } from './session-grants.ts';
import type { SessionPlaces } from './session-places.ts';

export interface Asker {
  readonly parts: GateParts;
  readonly places: SessionPlaces;
  readonly grants: SessionGrants;
}

/** Why it is asked: for what the request says, or for what its output turned out to be, which no text can be judged for again. */
export type Occasion = 'request' | 'output';

/** Resolves with what may run, which an edit may have changed. Throws when the answer is no. */
export async function ask(run: Run, cleared: Cleared, asker: Asker, occasion: Occasion): Promise<Cleared> {
  const end = await waitForAnswer(run, cleared, asker, occasion);
  run.answeredBy(end);
  const { prepared, decision } = cleared;
  switch (end.kind) {
    case 'edit':
      return await askEdited(run, prepared.edit(end.text), asker);
    case 'approve':
    case 'recalled': {
      const judged = occasion === 'request' ? await judgeNow(run, cleared, asker.parts) : null;
      if (judged) run.judgeBy(judged.policy);
      if (judged?.news) {
        run.judgedAgain = true;
        return await settle(run, { prepared, decision: judged.news }, asker);
      }
      // A recall that comes to nothing: the policy changed, and changed back.
      if (end.kind === 'recalled') return await ask(run, cleared, asker, occasion);
      if (end.grant === 'session') asker.grants.add(run, prepared, decision);
      return cleared;
    }
    default:
      throw notApproved(end);
  }
}

/** The operator's own text is judged anew, and what is not a mere read is shown again as it would run: an edit is no approval. */
async function askEdited(run: Run, edited: Prepared, asker: Asker): Promise<Cleared> {
  const look = toLook(run, asker.parts);
  const decision = await judgeLift(run.policy.decide(edited.question, look.target), look);
  run.edited = true;
  run.ran = edited.summary;
  return await settle(run, { prepared: edited, decision }, asker);
}

/** Follows a decision that came after the first one. */
async function settle(run: Run, cleared: Cleared, asker: Asker): Promise<Cleared> {
  run.describe(cleared.prepared, cleared.decision);
  switch (cleared.decision.outcome) {
    case 'reject':
      throw rejected(cleared.decision);
    case 'auto-allow':
      return cleared;
    case 'approval-required':
      return await ask(run, cleared, asker, 'request');
  }
}

async function waitForAnswer(run: Run, cleared: Cleared, asker: Asker, occasion: Occasion): Promise<ApprovalEnd> {
  const { queue } = asker.parts;
  const { caller, signal } = run.request;
  const { prepared, decision } = cleared;
  const subject = prepared.subject(decision);
  const held = new Disposables();
  held.add(asker.places.hold(caller.session, sizeOfTexts(subject) + sizeOfImages(prepared)));
  const question = {
    auditId: run.id,
    tool: run.tool,
    caller,
    target: present(run.target, 'A run that asks has its server.'),
    hostKey: prepared.hostKey,
    subject,
    rule: decision.rule,
    reason: toReason(run, decision),
    floor: decision.floor,
    sessionGrantPossible: isGrantPossible(run, prepared, decision),
  };
  const handleWaiting = (approval: Approval): void => {
    run.publish({ kind: 'waiting', id: run.id, approvalId: approval.id, subject: approval.subject });
    held.add(run.keepInformed('waiting', approval.id, `Waiting for the operator: ${decision.reason}`));
    if (occasion === 'request') held.add(recallWhenJudgedOtherwise(run, cleared, approval, asker.parts));
  };
  try {
    return await queue.ask(question, signal, handleWaiting);
  } finally {
    held.dispose();
  }
}

function toReason({ edited, judgedAgain }: Run, { reason }: Decision): string {
  const news = judgedAgain ? 'The policy changed while this waited. ' : '';
  return `${edited ? 'You changed what was asked. ' : ''}${news}${reason}`;
}

/** Takes the card back when a changed policy says something else of it. */
function recallWhenJudgedOtherwise(run: Run, cleared: Cleared, approval: Approval, parts: GateParts): Disposable {
  const { onChanged } = parts.policies;
  if (!onChanged) return { dispose: () => undefined };
  return onChanged(() => {
    judgeNow(run, cleared, parts).then(
      ({ news }) => {
        // Told only: what follows is decided by whoever waits for the card, from the policy as it is then.
        if (news !== null) parts.queue.recall(approval.id, toRecallWords(news));
      },
      (error: unknown) => {
        // Whatever else cannot be known now (a bad policy, a server out of reach) is said when the card is answered.
        if (error instanceof OperationError && error.code === 'CONFLICT')
          parts.queue.recall(approval.id, error.message);
      },
    );
  });
}

interface Judged {
  readonly policy: Policy;
  /** Null: the policy says the same of this request as the one before. */
  readonly news: Decision | null;
}

/** Throws like `judgeAgain`, and CONFIG_INVALID while the policy is bad. */
async function judgeNow(run: Run, { prepared, decision }: Cleared, parts: GateParts): Promise<Judged> {
  const policy = await parts.policies.current(run.request.caller.workspace);
  if (policy.hash === run.policyHash) return { policy, news: null };
  const news = await judgeAgain({ ...toLook(run, parts), policy }, run.policy, prepared, decision);
  return { policy, news };
}

export function toLook(run: Run, { servers, redactor, audit, snapshots }: GateParts): Look {
  const target = present(run.target, 'A run that looks at a server has one.');
  return { servers, target, policy: run.policy, redactor, audit, snapshots, signal: run.request.signal };
}

export function rejected(decision: Decision): OperationError {
  return new OperationError('POLICY_REJECTED', `Policy rejects this (${decision.rule}): ${decision.reason}`);
}

function toRecallWords({ outcome, rule }: Decision): string {
  switch (outcome) {
    case 'auto-allow':
      return `allowed by the changed policy (${rule})`;
    case 'reject':
      return `rejected by the changed policy (${rule})`;
    case 'approval-required':
      return `asked again: the policy changed (${rule})`;
  }
}

/** Both sides of a change stay in memory until it is answered. */
function sizeOfImages({ change }: Prepared): number {
  const sides = change ? [change.before, change.after] : [];
  return sides.reduce((sum, side) => sum + (side.kind === 'content' ? side.content.byteLength : 0), 0);
}

function notApproved(end: Exclude<ApprovalEnd, { kind: 'approve' | 'edit' | 'recalled' }>): OperationError {
  switch (end.kind) {
    case 'deny':
      return new OperationError(
        'APPROVAL_DENIED',
        end.reason === null
          ? 'The operator denied this request; nothing was run.'
          : `The operator denied this request: ${end.reason}`,
      );
    case 'expired':
      return new OperationError(
        'APPROVAL_EXPIRED',
        'Nobody answered in time; nothing was run. Ask again when the operator is there.',
      );
    case 'withdrawn':
      return new OperationError('CANCELLED', `The request was ${toWords(end)}; nothing was run.`);
  }
}
