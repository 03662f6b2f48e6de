/**
 * Why a key about a registered server does nothing now. Pure; the link to the host is another question.
 */
import type { Situation } from './situation.ts';

export type ServerAction = 'trustKey' | 'testServer' | 'serverFacts' | 'editServer' | 'removeServer';

export function whyNotServer(action: ServerAction, { server, registeredServers }: Situation): string | null {
  if (!server) return registeredServers === 0 ? 'register a server first' : 'no server is selected';
  if (action === 'trustKey') return server.hasUnknownKey ? null : 'its host key is not in question';
  return action === 'testServer' && server.isTesting ? 'a test runs' : null;
}
