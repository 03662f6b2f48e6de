/** Opens a session of the protocol: the one it goes on with, where the agent can, else a new one. It only asks; what is said later is the session's. */
import type { Continuity } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import type { ConnectedAgent } from './connect-agent.ts';
import { textOf } from './fields.ts';
import { inTime, type Starting } from './in-time.ts';
import type { SessionPlace } from './wire.ts';

export interface OpenedSession {
  readonly id: string;
  readonly continuity: Continuity;
  /** The agent's answer, with its modes and options. */
  readonly answer: Readonly<Record<string, unknown>>;
}

export interface OpeningOptions {
  readonly place: SessionPlace;
  /** The agent's id of the session to go on with; null for a new one. */
  readonly continueFrom: string | null;
  /** From here until the answer the agent repeats what was said in the session. */
  onRepeating(id: string): void;
}

/**
 * Rejects with OperationError: as `inTime`, and UNSUPPORTED when a new session got no id. An agent that does not know the old session
 * any more gets a new one; `continuity` tells.
 */
export async function openAgentSession(
  connected: ConnectedAgent,
  starting: Starting,
  { place, continueFrom, onRepeating }: OpeningOptions,
): Promise<OpenedSession> {
  const { wire } = connected;
  const { resume, load } = connected.abilities;
  if (continueFrom !== null && (resume || load)) {
    try {
      if (!resume) onRepeating(continueFrom);
      const answer = await inTime(starting, async (more) =>
        resume
          ? await wire.resumeSession(continueFrom, place, more)
          : await wire.loadSession(continueFrom, place, more),
      );
      return { id: continueFrom, continuity: resume ? 'resumed' : 'loaded', answer };
    } catch (error) {
      // It answered, and the answer was no. Anything else is no reason to try again.
      if (!(error instanceof OperationError) || error.code !== 'INTERNAL') throw error;
    }
  }
  const answer = await inTime(starting, (more) => wire.newSession(place, more));
  const id = textOf(answer.sessionId);
  if (id === null || id === '')
    throw new OperationError('UNSUPPORTED', `${connected.name} answered session/new without a session id; update it.`);
  return { id, continuity: 'new', answer };
}
