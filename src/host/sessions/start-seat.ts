/** Starts one agent of a session behind a door of its own, on the servers of the session as they are now. */

import { toCallerAgent } from '../../core/caller-agent.ts';
import { OperationError } from '../../core/codes.ts';
import type { KeptSession } from '../../core/kept-session.ts';
import type { HostParts } from '../parts.ts';
import { openAgentDoor } from './agent-door.ts';
import type { AgentChoice, RunningAgent } from './seat.ts';
import type { AgentPlace } from './seats.ts';
import type { Session } from './session.ts';
import type { SessionScope } from './session-scope.ts';
import type { TokenBook } from './token-book.ts';
import { prepareWorkFolder } from './work-folder.ts';

export interface SeatStart {
  readonly session: Session;
  readonly kept: KeptSession;
  readonly seat: AgentPlace & { readonly agent: AgentChoice };
  readonly scope: SessionScope;
  readonly tokens: TokenBook;
  /** The host is stopping. */
  isClosed(): boolean;
}

/** Rejects with OperationError when a server is not there any more or none is as it was meant, or the agent cannot start; nothing is left behind. */
export async function startSeat(parts: HostParts, start: SeatStart): Promise<RunningAgent> {
  const { session, scope, seat, tokens, isClosed } = start;
  const { id, workspace, readonly } = start.kept;
  if (isClosed()) throw new OperationError('CANCELLED', 'The host is stopping.');
  const servers = await scope.check();
  const workFolder = prepareWorkFolder(parts.paths.workFolder, id, servers);
  const agent = toCallerAgent(seat.agent);
  const door = await openAgentDoor(parts, {
    caller: { ...{ origin: 'agent', door: 'mcp', session: id, agent, servers, workspace, readonly } },
    ...{ tokens, place: seat.place, isClosed },
    onToolsListed: () => session.handleToolsListed(seat.place),
    takeNews: () => session.news.take(seat.place),
  });
  try {
    const link = await parts.agents.start({
      ...{ session: id, agent: seat.agent, servers, workspace, workFolder, readonly },
      ...{ toolSocket: door.socket, toolToken: door.token, requireIsolation: parts.settings.requireIsolation },
      openToolEndpoint: () => door.openHttp(),
      signal: seat.signal,
      ...(seat.continueFrom === null ? {} : { continueFrom: seat.continueFrom }),
    });
    return { link, close: () => door.dispose() };
  } catch (error) {
    door.dispose();
    throw error;
  }
}
