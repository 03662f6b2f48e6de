/** Why nothing can be written to the shown session, in one short sentence; null when a prompt can be sent. Pure. */

import type { SessionView } from '../protocol/view.ts';
import type { LinkState } from './host-port.ts';
import { notConnected, otherProgram } from './situation.ts';

/** @param servers how many are registered: without a session, sending opens the dialog of a new one. */
export function toPromptProblem(link: LinkState, session: SessionView | null, servers: number): string | null {
  if (link.kind !== 'connected') return notConnected;
  if (!session) return servers === 0 ? 'register a server first' : null;
  if (session.origin === 'external') return otherProgram;
  return session.state === 'ended' ? 'this session has ended' : null;
}
