/** Any agent that speaks ACP, given as a command line: it gets the MCP door and nothing else, since nobody vouches for it. */
import { basename } from 'node:path';
import { assert } from '../../../base/assert.ts';
import { type AgentProfile, profile } from './profile.ts';

export function custom(command: readonly string[]): AgentProfile {
  const [program] = command;
  assert(program !== undefined && program !== '', 'A custom agent needs a program.');
  return profile({
    id: basename(program),
    label: basename(program),
    command,
    installHint: 'Check the command line you gave after "--".',
    origin: 'command line',
  });
}
