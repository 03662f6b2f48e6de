/** Opens a session as the command line asks for it, choosing the agent where only one can be meant. */
import { OperationError } from '../core/codes.ts';
import type { HostClient } from './host-client.ts';
import type { SessionOptions } from './session-options.ts';

/** Returns its id once the agent runs; `checkSession` has looked at the options. @param words the command of an agent that is not in the catalogue, or none. */
export async function openSession(
  client: HostClient,
  words: readonly string[],
  options: SessionOptions,
  prompt: string | undefined,
): Promise<string> {
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
  // A host that was started just now has not looked for them yet.
  if (agents.length > 0) return toOnlyReady(agents);
  await client.call('agents.reload', {});
  return toOnlyReady((await client.view()).agents);
}

/** Throws INVALID_ARGUMENT when none is ready, or several are. */
export function toOnlyReady(agents: readonly { readonly id: string; readonly availability: string }[]): string {
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
