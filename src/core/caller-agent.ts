/** How an agent is named where it asks for something: on cards, in records, and in what is granted to it. Pure. */
import { createHash } from 'node:crypto';
import type { AgentStart } from './agents.ts';

/** Enough to tell the few commands of one session apart. */
const digestCharacters = 8;

/**
 * The id of the catalogue; for a command, its program with a digest of all its words. The same at each door, different for different
 * commands of one program, and never an id of the catalogue, which holds no space.
 */
export function toCallerAgent(agent: AgentStart['agent']): string {
  if ('id' in agent) return agent.id;
  const program = agent.command[0]?.split('/').at(-1) ?? '';
  const digest = createHash('sha256').update(JSON.stringify(agent.command)).digest('hex');
  return `${program} (command ${digest.slice(0, digestCharacters)})`;
}
