/** What screens show of the agent that answers, besides its words: what it offers and where it stands. Each agent of a session has its own. */
import type { SessionView } from '../../protocol/view.ts';

export type AgentFace = Partial<Pick<SessionView, 'plan' | 'commands' | 'modes' | 'currentMode' | 'options' | 'usage'>>;

/** Of an agent that has said nothing of itself. */
export const emptyFace = {
  ...{ plan: [], commands: [], modes: [], currentMode: null, options: [], usage: null },
} as const satisfies AgentFace;
