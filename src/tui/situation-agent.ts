/**
 * Why a key about an agent of the catalogue does nothing now. Pure.
 */

import type { AgentView } from '../protocol/view.ts';
import { keyWord } from './key-words.ts';
import type { Action } from './keymap.ts';
import { isInstallable } from './present/agents.ts';

/** Of the agent that the list has chosen. */
export interface AgentSituation {
  readonly availability: string;
  readonly isInstallable: boolean;
}

export const agentActions = [
  'loginAgent',
  'installAgent',
  'toggleAgent',
  'removeAgent',
] as const satisfies readonly Action[];
export type AgentAction = (typeof agentActions)[number];

export function isAgentAction(action: Action): action is AgentAction {
  return (agentActions as readonly Action[]).includes(action);
}

export function toAgentSituation(agent: AgentView): AgentSituation {
  return { availability: agent.availability, isInstallable: isInstallable(agent) };
}

const elsewhere = 'its details say where it comes from';

export function whyNotAgent(action: AgentAction, agent: AgentSituation | null): string | null {
  if (!agent) return 'no agent is selected';
  switch (action) {
    case 'loginAgent':
      if (agent.availability === 'not installed')
        return agent.isInstallable
          ? `it is not installed; ${keyWord('agents', 'installAgent')} installs it`
          : `it is not installed; ${elsewhere}`;
      return agent.availability === 'disabled'
        ? `it is disabled; ${keyWord('agents', 'toggleAgent')} enables it`
        : null;
    case 'installAgent':
      if (agent.availability !== 'not installed') return 'it is installed';
      return agent.isInstallable ? null : `signalbox knows no package of it; ${elsewhere}`;
    case 'toggleAgent':
    case 'removeAgent':
      return null;
  }
}
