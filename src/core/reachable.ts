/** Whom a command may ask without a question: the registered servers in its caller's scope, by name and address. It asks nobody. */
import type { Caller } from './caller.ts';
import type { Registry } from './ports.ts';
import type { Target } from './server.ts';

/** Commands whose judgement needs the names; for all others the registry is not listed. */
const asking = /(^|[\s/"'])(ping|dig|getent)\s|^(?:\/usr)?\/?(?:s?bin\/)?(ping|dig|getent)$/;

/** Whether the words could be one of the commands that send something to a machine they name. */
export function couldAskOthers(input: object): boolean {
  const { command, argv }: { readonly command?: unknown; readonly argv?: unknown } = input;
  if (typeof command === 'string' && asking.test(command)) return true;
  return Array.isArray(argv) && argv.some((word) => typeof word === 'string' && asking.test(word));
}

/** Ids, host names and addresses of the servers that the caller may touch, in lower case. Throws what the registry throws. */
export async function reachableFor(
  registry: Registry,
  caller: Pick<Caller, 'servers' | 'workspace'>,
): Promise<readonly string[]> {
  const { servers } = await registry.list(caller.workspace);
  return namesOf(servers.filter(({ id }) => caller.servers === 'all' || caller.servers.includes(id)));
}

function namesOf(servers: readonly Target[]): readonly string[] {
  return [...new Set(servers.flatMap(({ id, host }) => [id, host]).map((name) => name.toLowerCase()))];
}
