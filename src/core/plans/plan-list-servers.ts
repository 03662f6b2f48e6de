/** The plan of `list_servers`: answered from the registry, so no server is reached and no permit is made. */
import type { Caller } from '../caller.ts';
import { toFactsUri } from '../facts/server-facts.ts';
import type { Registry, Servers } from '../ports.ts';

/** The servers in the caller's scope, as it may know them: never an address, a user or a credential. */
export async function listServersData(
  registry: Registry,
  servers: Pick<Servers, 'status'>,
  caller: Caller,
): Promise<Record<string, unknown>> {
  const { servers: targets } = await registry.list(caller.workspace);
  const scope = caller.servers;
  return {
    servers: targets
      .filter((target) => scope === 'all' || scope.includes(target.id))
      .map((target) => ({
        id: target.id,
        environment: target.environment,
        labels: target.labels,
        groups: target.groups,
        readonly: target.readonly || caller.readonly,
        roots: target.roots,
        state: servers.status(target.id).state,
        ...(scope === 'all' ? {} : { facts: toFactsUri(target.id) }),
      })),
  };
}
