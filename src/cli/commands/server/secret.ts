/** `signalbox server secret …`: what is in the vault. The host does it; a value comes from the terminal unseen or from standard input, and goes nowhere else. */
import { OperationError } from '../../../core/codes.ts';
import { changeServerRecord, readServerIds, readServerRecord } from '../../../runtime/registry/edit-servers.ts';
import { askHidden, canAsk } from '../../ask.ts';
import { callVault } from '../../call-vault.ts';
import { type CliIo, printJson, printLine } from '../../output.ts';
import { reloadServers } from '../../reload-servers.ts';
import { type Desk, openDesk, type Place, placeOf } from './desk.ts';
import { toVaultName } from './keep-secret.ts';
import { readSecret } from './read-secret.ts';

export async function setSecret(io: CliIo, name: string, { stdin }: { readonly stdin?: true }): Promise<void> {
  const value = stdin ? await readSecret(io, stdin) : await typeSecret(io, name);
  if (value === null || value === '')
    throw new OperationError('INVALID_ARGUMENT', 'Nothing was typed, so nothing is kept.');
  const { done } = await callVault(io, 'vault.set', { name, value }, stdin ? 'taken' : 'free');
  printLine(io, done === 'added' ? `${name} is in the vault now.` : `${name} is another one in the vault now.`);
}

async function typeSecret(io: CliIo, name: string): Promise<string> {
  if (canAsk(io)) return await askHidden(io, `Secret ${name}: `, AbortSignal.timeout(typingMsMax));
  throw new OperationError('INVALID_ARGUMENT', 'There is no terminal to type it at; use --stdin.');
}

/** Nobody types a secret for longer. */
const typingMsMax = 600_000;

export async function listSecrets(io: CliIo, options: { readonly json?: true }): Promise<void> {
  const { names, isOpen } = await callVault(io, 'vault.state', {});
  if (options.json) return printJson(io, { names: names ?? [], exists: names !== null, isOpen });
  if (names === null) return printLine(io, 'There is no vault yet; `signalbox server secret set NAME` makes it.');
  printLine(
    io,
    `The vault is ${isOpen ? 'open' : 'locked'} and holds ${names.length} ${names.length === 1 ? 'secret' : 'secrets'}.`,
  );
  for (const name of names) printLine(io, name);
}

export async function removeSecret(io: CliIo, name: string): Promise<void> {
  await callVault(io, 'vault.remove', { name });
  printLine(io, `${name} is gone from the vault.`);
}

export async function unlockVault(io: CliIo): Promise<void> {
  await callVault(io, 'vault.unlock', {});
  printLine(io, 'The vault is open; `signalbox server secret lock` locks it.');
}

export async function lockVault(io: CliIo): Promise<void> {
  await callVault(io, 'vault.lock', {});
  printLine(io, 'The vault is locked.');
}

/** Everything of both files that stands there as plain text; the record then names it. */
export async function moveSecrets(io: CliIo): Promise<void> {
  const desk = openDesk(io);
  let count = 0;
  for (const place of placesOf(desk, io)) {
    for (const id of await readServerIds(place.file)) count += typeof id === 'string' ? await moveOf(io, place, id) : 0;
  }
  if (count > 0) await reloadServers(io);
  printLine(io, count === 0 ? 'No secret stands in servers.json as plain text.' : `${count} moved into the vault.`);
}

function placesOf(desk: Desk, io: CliIo): readonly Place[] {
  return [placeOf(desk, io, 'global'), ...(desk.workspace === null ? [] : [placeOf(desk, io, 'workspace')])];
}

/** In the vault first, so that it is never in neither; the edit takes only what is still the same then. */
async function moveOf(io: CliIo, place: Place, id: string): Promise<number> {
  const found = findPlain(await readServerRecord(place.file, id));
  for (const { what, value } of found) await callVault(io, 'vault.set', { name: toVaultName(place, id, what), value });
  if (found.length === 0) return 0;
  await changeServerRecord(place, id, (before) => {
    const record = structuredClone(before) as Record<string, Record<string, unknown>>;
    for (const { part, field, what, value } of found) {
      const holder = record[part];
      if (holder?.[field] === value) holder[field] = { vault: toVaultName(place, id, what) };
    }
    return record;
  });
  return found.length;
}

interface PlainSecret {
  readonly part: string;
  readonly field: string;
  readonly what: string;
  readonly value: string;
}

const places = [
  ['auth', 'secret', 'password'],
  ['auth', 'passphrase', 'passphrase'],
  ['sudo', 'secret', 'sudo'],
] as const;

function findPlain(record: Readonly<Record<string, unknown>>): readonly PlainSecret[] {
  return places.flatMap(([part, field, what]) => {
    const value = (record[part] as Readonly<Record<string, unknown>> | undefined)?.[field];
    return typeof value === 'string' ? [{ part, field, what, value }] : [];
  });
}
