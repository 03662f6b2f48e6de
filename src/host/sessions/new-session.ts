/** A session as it begins, and as screens see one of which nothing has happened yet. Data only. */
import type { KeptSession } from '../../core/kept-session.ts';
import type { Params } from '../../protocol/methods.ts';
import type { ConversationItem, SessionView } from '../../protocol/view.ts';
import { toHeldPrompts } from './held-prompts.ts';
import { toTitle } from './queued-prompt.ts';
import { toAgentName } from './seat.ts';
import type { TranscriptEnd } from './transcript-file.ts';

export function toNewSession(
  id: string,
  params: Params<'session.new'>,
  servers: readonly string[],
  workspace: string | null,
  createdAtMs: number,
): KeptSession {
  const { agent, title, prompt } = params;
  const words = prompt === undefined ? `${toAgentName(agent)} on ${servers.join(', ')}` : toTitle(prompt);
  return {
    ...{ v: 1, id, workspace, createdAtMs, servers: [...servers], readonly: params.readonly ?? false, turns: 0 },
    title: title ?? words,
    namedBy: title === undefined ? 'nobody' : 'operator',
    agents: [
      {
        agent: 'id' in agent ? { id: agent.id } : { command: [...agent.command] },
        agentSession: null,
        knowsUpTo: -1,
      },
    ],
  };
}

/** @param items what was said in it before. */
export function toSessionView(
  kept: KeptSession,
  items: readonly ConversationItem[],
  state: 'starting' | 'resting',
): SessionView {
  const { id, title, servers, workspace, createdAtMs } = kept;
  const agents = kept.agents.map(({ agent }) => ({ id: toAgentName(agent), isRunning: false }));
  const reason =
    state === 'starting' ? 'The agent is starting.' : 'The agent does not run; it starts with your next prompt.';
  return {
    ...{ id, title, servers, workspace, createdAtMs, agents, state, items },
    seenItem: kept.seenItem ?? 0,
    ...(kept.readonly ? { readonly: true } : {}),
    agent: agents[0]?.id ?? '',
    agentVersion: null,
    origin: 'agent',
    problem: null,
    isolation: { state: 'not running', reason },
    plan: [],
    commands: [],
    modes: [],
    currentMode: null,
    options: [],
    usage: null,
    queuedPrompts: [],
    heldPrompts: toHeldPrompts(kept),
    localCards: [],
    forms: [],
  };
}

/**
 * As its host left it. Marks of items that were not written down before the host ended point at the last one that was, since their ids
 * are given anew. A turn that ended nowhere was open, also when the host had no time to keep that.
 */
export function toLeftSession(kept: KeptSession, { items, openPrompt }: TranscriptEnd): KeptSession {
  const last = items.at(-1)?.id ?? 0;
  const agents = kept.agents.map((seat) => ({ ...seat, knowsUpTo: Math.min(seat.knowsUpTo, last) }));
  // One that was put back and waits for its agent has not begun.
  const isOpen = openPrompt !== null && !(kept.waitingPrompts ?? []).some(({ text }) => openPrompt.startsWith(text));
  return {
    ...{ ...kept, agents, seenItem: Math.min(kept.seenItem ?? 0, last) },
    hasOpenTurn: kept.hasOpenTurn === true || isOpen,
  };
}
