/** Why nothing can be written to the shown session, in one short sentence; null when a prompt can be sent. Pure. */

import type { SessionView } from '../protocol/view.ts';
import type { LinkState } from './host-port.ts';
import { keyWord } from './key-words.ts';
import { notConnected, otherProgram } from './situation.ts';

export function toPromptProblem(link: LinkState, session: SessionView | null): string | null {
  if (link.kind !== 'connected') return notConnected;
  // Where prompts are written, a letter alone is text.
  if (!session)
    return `no session is open; ${keyWord('prompt', 'leaveEditor')}, then ${keyWord('conversation', 'newSession')} opens one`;
  if (session.origin === 'external') return otherProgram;
  return session.state === 'ended' ? 'this session has ended' : null;
}
