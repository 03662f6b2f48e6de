/**
 * Why a key about a session's agent does nothing now: its settings, who answers, what waits to be sent. Pure.
 */

import type { SessionState, SessionView } from '../protocol/view.ts';
import { toAgentModes } from './agent-modes.ts';
import { keyWord } from './key-words.ts';
import type { Action } from './keymap.ts';

/** Of the session that the keys are about. */
export interface SessionSituation {
  readonly state: SessionState;
  readonly isExternal: boolean;
  readonly modes: number;
  readonly options: number;
  readonly queued: number;
  readonly hasPrompt: boolean;
  /** Servers whose records are others than those that were meant. */
  readonly changedServers: number;
}

export const sessionActions = [
  'chooseMode',
  'chooseOption',
  'switchAgent',
  'startAgent',
  'showQueue',
  'editLast',
  'confirmServers',
] as const satisfies readonly Action[];
export type SessionAction = (typeof sessionActions)[number];

export function isSessionAction(action: Action): action is SessionAction {
  return (sessionActions as readonly Action[]).includes(action);
}

export function toSessionSituation(session: SessionView): SessionSituation {
  return {
    state: session.state,
    isExternal: session.origin === 'external',
    modes: toAgentModes(session).modes.length,
    options: session.options.length,
    queued: session.queuedPrompts.length,
    hasPrompt: session.items.some(({ kind }) => kind === 'user'),
    changedServers: session.changedServers?.length ?? 0,
  };
}

/** Null when it can be done. The link to the host is another question. */
export function whyNotSession(action: SessionAction, session: SessionSituation | null): string | null {
  if (!session) return `no session is open; ${keyWord('conversation', 'newSession')} opens one`;
  if (session.isExternal) return 'another program drives this session';
  if (session.state === 'ended') return 'this session has ended';
  switch (action) {
    case 'chooseMode':
      return session.modes === 0 ? (withoutAgent(session) ?? 'the agent offers no modes') : null;
    case 'chooseOption':
      return session.options === 0 ? (withoutAgent(session) ?? 'the agent offers no options') : null;
    case 'switchAgent':
      return isBusy(session)
        ? `a turn runs; ${keyWord('always', 'cancelTurn')} ends it`
        : session.state === 'starting'
          ? 'the agent is starting'
          : null;
    case 'startAgent':
      if (session.state === 'resting' || session.state === 'failed' || session.state === 'restarting') return null;
      return session.state === 'starting' ? 'it is starting' : 'its agent runs';
    case 'showQueue':
      return session.queued === 0 ? 'no prompt waits' : null;
    case 'editLast':
      return session.hasPrompt ? null : 'nothing was asked yet';
    case 'confirmServers':
      if (session.changedServers === 0) return 'no server of this session has changed';
      return isBusy(session) ? `a turn runs; ${keyWord('always', 'cancelTurn')} ends it` : null;
  }
}

/** Its agent works, or waits for a person within its turn. */
export function isTurnRunning(session: Pick<SessionView, 'state'> | null): boolean {
  return session !== null && isBusy(session);
}

function isBusy({ state }: Pick<SessionView, 'state'>): boolean {
  return state === 'working' || state === 'waiting for you';
}

/** An agent that does not run offers nothing. */
function withoutAgent({ state }: SessionSituation): string | null {
  if (state === 'resting' || state === 'failed')
    return `its agent does not run; ${keyWord('conversation', 'startAgent')} starts it`;
  return state === 'starting' || state === 'restarting' ? 'its agent is starting' : null;
}
