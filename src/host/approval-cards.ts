/** Shows the queue of the gate as cards, and hands answers back. The queue decides who was first; only who may answer at all is checked here. */
import type { Disposable } from '../base/lifecycle.ts';
import type { Approval, ApprovalAnswer, Approvals } from '../core/approval/approval.ts';
import { toWords } from '../core/approval/queue.ts';
import { OperationError } from '../core/codes.ts';
import type { Params, Result } from '../protocol/methods.ts';
import type { CardView } from '../protocol/view.ts';
import { toIsolation, toWho } from './callers.ts';
import type { HostSettings } from './parts.ts';
import { refuseWhileUncontained } from './uncontained.ts';
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
 * user and could type the command itself, so while one lives only a screen approves. Denying is always possible. The door proves no
 * more than that the client is a process of this user; `client` and `params` are what it says of itself, and the log says so.
 */
export function answerCard(
  parts: { readonly approvals: Approvals; readonly settings: HostSettings },
  store: ViewStore,
  params: Params<'approval.answer'>,
  client: 'screen' | 'cli',
): Result<'approval.answer'> {
  // A client that says two things of itself is held to the stricter one.
  const via = params.via === 'screen' && client === 'screen' ? 'screen' : 'cli';
  if (via === 'cli' && params.answer.kind !== 'deny') checkCommandLine(parts.settings, store, params);
  const result = parts.approvals.answer(params.id, toAnswer(params, via));
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
      ...(target.shadowsGlobal ? { shadowsGlobal: true } : {}),
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
  refuseWhileUncontained(store.view, 'approve', 'open `signalbox` and answer there.');
  if (params.interactive !== true && !settings.allowNonInteractive) {
    throw new OperationError(
      'POLICY_REJECTED',
      'Without a terminal nothing is approved; answer at a terminal, or set approvals.allowNonInteractive in config.json.',
    );
  }
}

function toAnswer(params: Params<'approval.answer'>, via: 'screen' | 'cli'): ApprovalAnswer {
  return { ...params.answer, approver: `operator@${via}`, proof: toProof(params, via) };
}

/** For the log: what the socket proved, and what was only said. */
function toProof({ interactive }: Params<'approval.answer'>, via: 'screen' | 'cli'): string {
  const client =
    via === 'screen' ? 'a screen' : `the command line ${interactive === true ? 'at' : 'without'} a terminal`;
  return `a process of this user on the control socket, by its own words ${client}`;
}
