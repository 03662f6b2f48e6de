/** Shows the queue of the gate as cards, and hands answers back. The queue decides who was first; only who may answer at all is checked here. */
import type { Disposable } from '../base/lifecycle.ts';
import type { Approval, ApprovalAnswer, Approvals } from '../core/approval/approval.ts';
import { toWords } from '../core/approval/queue.ts';
import { OperationError } from '../core/codes.ts';
import type { Params, Result } from '../protocol/methods.ts';
import type { CardView } from '../protocol/view.ts';
import { toIsolation, toWho } from './callers.ts';
import type { HostSettings } from './parts.ts';
import type { ViewStore } from './view-store.ts';

/** Publishes a card for each waiting approval, those that wait already included. */
export function feedCards(approvals: Approvals, store: ViewStore): Disposable {
  for (const approval of approvals.list()) store.publish({ type: 'approval.added', card: toCard(approval, store) });
  const added = approvals.onAdded((approval) => {
    store.publish({ type: 'approval.added', card: toCard(approval, store) });
  });
  const removed = approvals.onRemoved(({ approval, end }) => {
    store.publish({ type: 'approval.removed', id: approval.id, end: toWords(end) });
  });
  return {
    dispose() {
      added.dispose();
      removed.dispose();
    },
  };
}

/**
 * Answers a card. Throws POLICY_REJECTED when the command line may not approve now: an agent that is NOT CONTAINED runs as the same
 * user and could type the command itself, so while one waits only a screen approves. Denying is always possible.
 */
export function answerCard(
  parts: { readonly approvals: Approvals; readonly settings: HostSettings },
  store: ViewStore,
  params: Params<'approval.answer'>,
): Result<'approval.answer'> {
  if (params.via === 'cli' && params.answer.kind !== 'deny') checkCommandLine(parts.settings, store, params);
  const result = parts.approvals.answer(params.id, toAnswer(params));
  return result.accepted ? { accepted: true, late: null } : { accepted: false, late: result.late };
}

export function toCard(approval: Approval, store: ViewStore): CardView {
  const { caller, target } = approval;
  return {
    id: approval.id,
    auditId: approval.auditId,
    tool: approval.tool,
    session: caller.session,
    who: toWho(caller, store),
    isolation: toIsolation(caller, store),
    server: {
      id: target.id,
      address: target.address,
      environment: target.environment,
      environmentAssumed: target.environmentAssumed,
    },
    hostKey: approval.hostKey,
    rule: approval.rule,
    reason: approval.reason,
    floor: approval.floor,
    createdAtMs: approval.createdAtMs,
    expiresAtMs: approval.expiresAtMs,
    sessionGrantPossible: approval.sessionGrantPossible,
    subject: approval.subject,
  };
}

function checkCommandLine(settings: HostSettings, store: ViewStore, params: Params<'approval.answer'>): void {
  const uncontained = store.view.approvals.find((card) => card.isolation === 'NOT CONTAINED');
  if (uncontained) {
    throw new OperationError(
      'POLICY_REJECTED',
      `While an agent that is NOT CONTAINED waits (${uncontained.id}), only a screen may approve: open \`signalbox\` and answer there.`,
    );
  }
  if (params.interactive !== true && !settings.allowNonInteractive) {
    throw new OperationError(
      'POLICY_REJECTED',
      'Without a terminal nothing is approved; answer at a terminal, or set approvals.allowNonInteractive in config.json.',
    );
  }
}

function toAnswer({ answer, via }: Params<'approval.answer'>): ApprovalAnswer {
  const approver = `operator@${via}` as const;
  return { ...answer, approver };
}
