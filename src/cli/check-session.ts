/** Refuses before any host is started what a host would refuse: options that contradict each other, a server or an agent that is not there. */

import { findProfile } from '../adapters/acp/agent-list.ts';
import { custom } from '../adapters/acp/catalogue/custom.ts';
import { checkUsable } from '../adapters/acp/check-usable.ts';
import { OperationError } from '../core/codes.ts';
import { isNoHost } from './commands/ls.ts';
import { openDesk } from './commands/server/desk.ts';
import { withHost } from './host-client.ts';
import { openAgents } from './open-agents.ts';
import { toOnlyReady } from './open-session.ts';
import type { CliIo } from './output.ts';
import type { SessionOptions } from './session-options.ts';

/**
 * Returns the options with the agent that is meant, where that can be told without a host. Throws OperationError that names the first
 * obstacle: the options, then the servers, then the agent. Where a host runs, it looks for itself, in the same order.
 * @param words the command of an agent that is not in the catalogue, or none.
 */
export async function checkSession<T extends SessionOptions>(
  io: CliIo,
  words: readonly string[],
  options: T,
): Promise<T> {
  if (options.server.length === 0)
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Name at least one server with --server; `signalbox server list` shows them.',
    );
  if (words.length > 0 && options.agent !== undefined)
    throw new OperationError('INVALID_ARGUMENT', 'Give either --agent or a command after `--`, not both.');
  if (await isHostThere(io)) return options;
  const { registry, workspace } = openDesk(io);
  for (const server of options.server) await registry.resolve(server, workspace, 'asked');
  const { agents, catalogue, paths } = openAgents(io);
  const id = words.length > 0 ? undefined : (options.agent ?? toOnlyReady(await agents.list()));
  const profile = id === undefined ? custom(words) : await findProfile(catalogue, id);
  await checkUsable(profile, { paths, env: io.env });
  return id === undefined ? options : { ...options, agent: id };
}

async function isHostThere(io: CliIo): Promise<boolean> {
  try {
    return await withHost(io, 'never', async () => true);
  } catch (error) {
    if (isNoHost(error)) return false;
    throw error;
  }
}
