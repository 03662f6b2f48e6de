/** Opens a session as the command line asks for it, choosing the agent where only one can be meant. */
import { OperationError } from '../core/codes.ts';
import type { HostClient } from './host-client.ts';
import type { SessionOptions } from './session-options.ts';

/** Returns its id once the agent runs. @param words the command of an agent that is not in the catalogue, or none. */
export async function openSession(
  client: HostClient,
  words: readonly string[],
  options: SessionOptions,
  prompt: string | undefined,
): Promise<string> {
  if (options.server.length === 0)
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Name at least one server with --server; `signalbox server list` shows them.',
    );
  if (words.length > 0 && options.agent !== undefined)
    throw new OperationError('INVALID_ARGUMENT', 'Give either --agent or a command after `--`, not both.');
  const agent = words.length > 0 ? { command: words } : { id: options.agent ?? (await onlyReadyAgent(client)) };
  const { id } = await client.call('session.new', {
    ...{ agent, servers: options.server },
    ...(prompt === undefined ? {} : { prompt }),
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(options.readonly ? { readonly: true } : {}),
  });
  return id;
}

async function onlyReadyAgent(client: HostClient): Promise<string> {
  const { agents } = await client.view();
  const ready = agents.filter(({ availability }) => availability === 'ready');
  const [only] = ready;
  if (only && ready.length === 1) return only.id;
  const names = ready.map(({ id }) => id).join(', ');
  throw new OperationError(
    'INVALID_ARGUMENT',
    ready.length === 0
      ? 'No agent is ready; `signalbox agent list` says why, or give a command after `--`.'
      : `Choose an agent with --agent: ${names}.`,
  );
}
