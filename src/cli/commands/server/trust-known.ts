/** `signalbox server trust-known`: the host keys that the user's own ssh knows count here too, after they were shown. Connects to nothing. */
import { escapeExact } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import type { KnownKey } from '../../../runtime/ssh/create-servers.ts';
import { askYes, canAsk } from '../../ask.ts';
import { type CliIo, printJson, printLine, printTable } from '../../output.ts';
import { openDesk } from './desk.ts';
import { openServers } from './open-servers.ts';

export interface TrustKnownOptions {
  readonly all?: true;
  readonly yes?: true;
  readonly json?: true;
}

export async function trustKnown(io: CliIo, ids: readonly string[], options: TrustKnownOptions): Promise<void> {
  if (ids.length === 0 && !options.all)
    throw new OperationError('INVALID_ARGUMENT', 'Name the servers, or say --all for every registered one.');
  const desk = openDesk(io);
  const targets = options.all
    ? (await desk.registry.list(desk.workspace)).servers
    : await Promise.all(ids.map((id) => desk.registry.resolve(id, desk.workspace, 'asked')));
  const servers = openServers(desk, io);
  try {
    const keys = new Map<string, KnownKey>();
    for (const target of targets)
      for (const key of await servers.keysKnownToSsh(target)) keys.set(`${key.name.name} ${key.fingerprint}`, key);
    const isAgreed =
      options.yes === true || (!options.json && keys.size > 0 && (await isWanted(io, [...keys.values()])));
    if (isAgreed) for (const key of keys.values()) await servers.trustKnownKey(key);
    if (options.json) {
      const found = [...keys.values()].map(({ host, port, type, fingerprint, place }) => ({
        ...{ host, port, type, fingerprint, place },
      }));
      printJson(io, { keys: found, trusted: isAgreed });
    } else if (keys.size === 0) printLine(io, 'Your ssh knows no key of them that is not trusted here already.');
    else printLine(io, `${keys.size === 1 ? '1 key is' : `${keys.size} keys are`} trusted from now on.`);
  } finally {
    await servers.dispose();
  }
}

/** Throws CANCELLED for a no, INVALID_ARGUMENT where nobody can be asked. */
async function isWanted(io: CliIo, keys: readonly KnownKey[]): Promise<true> {
  const rows = keys.map(({ host, port, type, fingerprint, place }) =>
    [`${host}:${port}`, type, fingerprint, place].map(escapeExact),
  );
  printTable(io, ['HOST', 'TYPE', 'FINGERPRINT', 'KNOWN FROM'], rows);
  if (!canAsk(io))
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Without a terminal nothing is asked; read the above, then say --yes.',
    );
  if (await askYes(io, `Trust ${keys.length === 1 ? 'this key' : `these ${keys.length} keys`} as your ssh does?`))
    return true;
  throw new OperationError('CANCELLED', 'Nothing was trusted.');
}
