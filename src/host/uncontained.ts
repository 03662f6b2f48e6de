/** Which agent could type commands of signalbox itself: one that runs as this user and is not contained. */
import { OperationError } from '../core/codes.ts';
import type { SessionView, View } from '../protocol/view.ts';

/** Throws POLICY_REJECTED while such an agent runs or may run; `what` only a screen may do, then. */
export function refuseWhileUncontained(view: View, what: string, instead: string): void {
  const uncontained = Object.values(view.sessions).find(isUncontained);
  if (!uncontained) return;
  throw new OperationError(
    'POLICY_REJECTED',
    `While an agent that is NOT CONTAINED runs or starts (${uncontained.agent}, session ${uncontained.id}), only a screen may ${what}: ${instead}`,
  );
}

/**
 * An agent that may run and could reach the control socket: also one that waits for nothing now, one that rests in a session whose other
 * agent has failed, one that is being ended, or one of which nobody knows yet. Where no agent runs, the isolation says so.
 */
function isUncontained({ state, isolation }: SessionView): boolean {
  return state === 'starting' || isolation.state === 'NOT CONTAINED';
}
