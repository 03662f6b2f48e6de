/** Which agent a word means in a session: one of the catalogue, or one that was given there as a command. Pure. */
import { basename } from 'node:path';
import { OperationError } from '../../core/codes.ts';
import { type AgentChoice, toAgentName } from './seat.ts';

type Command = Extract<AgentChoice, { command: readonly string[] }>;

/**
 * The choice as it was made, or the command of this session that its word names: by the program as it was given, or by its file name.
 * Throws INVALID_ARGUMENT that lists what is valid for a word that names nothing, or several.
 * @param here the agents of the session. @param known ids of the catalogue, which come first.
 */
export function toSeatedAgent(
  choice: AgentChoice,
  here: readonly AgentChoice[],
  known: readonly string[],
): AgentChoice {
  if (!('id' in choice)) return choice;
  const { id } = choice;
  // One that was taken out of the catalogue meanwhile says so itself when it is started.
  if (known.includes(id) || here.some((one) => 'id' in one && one.id === id)) return choice;
  const commands = here.filter((one): one is Command => 'command' in one);
  const meant = commands.filter((one) => toNames(one).includes(id));
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only;
  const words = (some: readonly Command[]): string => some.map(({ command }) => `"${command.join(' ')}"`).join(', ');
  if (only !== undefined)
    throw new OperationError('INVALID_ARGUMENT', `"${id}" may be ${words(meant)}; give one of these with --command.`);
  const names = commands.length === 0 ? '' : `this session has ${commands.map(toShortName).join(', ')}; `;
  throw new OperationError(
    'INVALID_ARGUMENT',
    `There is no agent "${id}"; ${names}the catalogue has ${known.join(', ')}; another program is given with --command.`,
  );
}

function toNames(agent: Command): readonly string[] {
  return [toAgentName(agent), toShortName(agent)];
}

function toShortName(agent: Command): string {
  return basename(toAgentName(agent));
}
