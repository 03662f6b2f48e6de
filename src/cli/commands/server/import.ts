/** `signalbox server import`: hosts of ~/.ssh/config become records that name the alias, so they never go stale. */
import { existsSync } from 'node:fs';
import { escapeExact } from '../../../base/display/escape.ts';
import { nearest } from '../../../base/nearest.ts';
import { OperationError } from '../../../core/codes.ts';
import { environments } from '../../../core/server.ts';
import { describeHosts } from '../../../runtime/registry/describe-hosts.ts';
import { addServerRecords, readServerNames } from '../../../runtime/registry/edit-servers.ts';
import {
  type ImportableHost,
  type RegisteredName,
  toImportableHosts,
} from '../../../runtime/registry/importable-hosts.ts';
import { hostNamesOf, readSshConfigText, userSshConfigFile } from '../../../runtime/registry/ssh-config-text.ts';
import { askChoice, askYes, canAsk } from '../../ask.ts';
import { type CliIo, printJson, printLine, printNote } from '../../output.ts';
import { reloadServers } from '../../reload-servers.ts';
import { type Desk, defaultScope, openDesk, placeOf } from './desk.ts';
import { guardWorkspaceFile } from './guard-workspace-file.ts';

export interface ImportOptions {
  readonly all?: true;
  /** Also where several names lead to one machine. */
  readonly everyName?: true;
  readonly list?: true;
  readonly json?: true;
  readonly environment?: string;
  readonly scope?: string;
}

export async function importServers(io: CliIo, names: readonly string[], options: ImportOptions): Promise<void> {
  const file = io.env.SIGNALBOX_SSH_CONFIG || userSshConfigFile();
  if (options.list) return await listHosts(io, file, options);
  if (!existsSync(file))
    throw new OperationError('CONFIG_INVALID', `${file} does not exist; add servers with \`signalbox server add\`.`);
  const text = (await readSshConfigText(file)).text;
  const found = hostNamesOf(text);
  if (found.length === 0)
    throw new OperationError('CONFIG_INVALID', `${file} has no Host without wildcards to import.`);
  const desk = openDesk(io);
  const place = placeOf(desk, io, defaultScope(desk, options.scope));
  const isNamed = names.length > 0 || options.all === true;
  checkNames(io, { file, found, names, isNamed });
  // What is asked anyway is asked before they are looked up, of which there may be hundreds.
  const given = options.environment ?? (isNamed || !canAsk(io) ? await askEnvironment(io) : null);
  const hosts = await choose(io, { text, found, registered: await readServerNames(place.file) }, names, options);
  const open = hosts.filter(isOpen);
  const environment = given ?? (open.length > 0 ? await askEnvironment(io) : '');
  for (const { alias, id, isRegistered, problem } of hosts) {
    if (isRegistered) printNote(io, `skipped: ${escapeExact(alias)} is registered already, as ${id}.`);
    else if (problem !== undefined) printNote(io, `skipped: "${escapeExact(alias)}" ${problem}.`);
  }
  if (open.length > 0)
    await addServerRecords(
      place,
      open.map(({ alias, id }) => ({ id, ssh: alias, environment })),
    );
  for (const { alias, id } of open)
    printLine(io, `Added ${id} (${environment})${id === alias ? '' : `, the alias ${escapeExact(alias)}`}.`);
  if (open.length > 0 && place.workspace !== null) await guardWorkspaceFile(io, place.workspace, place.file);
  if (open.length > 0) await reloadServers(io);
  const count = hosts.length === 1 ? '1 host was' : `${hosts.length} hosts were`;
  printLine(io, `${open.length} of ${count} added to ${place.file}.`);
  const added = open.map(({ id }) => id);
  if (added.length > 0 && canAsk(io))
    printNote(io, 'Next: `signalbox server trust-known --all` trusts the host keys that your ssh knows already.');
  // Each alias is a question to ssh: it is asked where such a command can be.
  if (added.length > 0 && /proxycommand|exec/i.test(text)) await tellOfCommands(io, desk, added);
}

/** Which of them run a command of this machine on the way (ProxyCommand, Match exec); none runs before it is allowed. */
async function tellOfCommands(io: CliIo, desk: Desk, added: readonly string[]): Promise<void> {
  const { servers, broken } = await desk.registry.list(desk.workspace);
  const needy = [
    ...servers.filter(({ proxyCommand }) => proxyCommand !== undefined),
    ...broken.filter(({ problem }) => problem.includes('trust-command')),
  ].flatMap(({ id }) => (added.includes(id) ? [id] : []));
  if (needy.length === 0) return;
  const names = needy.length > fewNames ? '--all' : needy.join(' ');
  const who = needy.length === 1 ? `${needy[0]} is` : `${needy.length} of them are`;
  printNote(
    io,
    `${who} reached through a command of this machine, which is asked about before it first runs; look at it with \`signalbox server trust-command ${names}\`.`,
  );
}

/** More than that is no line that one types. */
const fewNames = 5;

/** What could be imported, and what is registered already. A file that is not there has no host. */
async function listHosts(io: CliIo, file: string, options: ImportOptions): Promise<void> {
  const desk = openDesk(io);
  const place = placeOf(desk, io, defaultScope(desk, options.scope));
  const text = existsSync(file) ? (await readSshConfigText(file)).text : '';
  const addresses = await describeHosts(text, hostNamesOf(text));
  const files = new Set([desk.paths.serversFile, place.file]);
  const registered = (await Promise.all([...files].map(readServerNames))).flat();
  const hosts = toImportableHosts(text, addresses, registered);
  if (options.json) return printJson(io, { file, hosts });
  if (hosts.length === 0) printLine(io, `${escapeExact(file)} names no host without wildcards.`);
  for (const { alias, id, isRegistered, address, problem, otherNames = [] } of hosts) {
    const also = otherNames.length > 0 ? `, also ${otherNames.map(escapeExact).join(', ')}` : '';
    const where = address === null ? '' : `  ${escapeExact(address)}${also}`;
    const state = isRegistered
      ? `  registered already, as ${id}`
      : problem === undefined
        ? ''
        : `  cannot be used: ${problem}`;
    printLine(io, `${escapeExact(alias)}${where}${state}`);
  }
}

interface Wanted {
  readonly file: string;
  readonly found: readonly string[];
  readonly names: readonly string[];
  readonly isNamed: boolean;
}

/** Throws INVALID_ARGUMENT for a name that is not there, and for none where nobody can be asked. */
function checkNames(io: CliIo, { file, found, names, isNamed }: Wanted): void {
  const unknown = names.find((name) => !found.includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, found);
    const hint = meant === null ? `it has ${toFew(found)}.` : `did you mean "${meant}"?`;
    throw new OperationError('INVALID_ARGUMENT', `${file} has no Host "${unknown}" without wildcards; ${hint}`);
  }
  if (isNamed || canAsk(io)) return;
  throw new OperationError('INVALID_ARGUMENT', `Name the hosts to import, or say --all; ${file} has ${toFew(found)}.`);
}

interface Found {
  readonly text: string;
  readonly found: readonly string[];
  readonly registered: readonly RegisteredName[];
}

async function choose(
  io: CliIo,
  { text, found, registered }: Found,
  names: readonly string[],
  options: ImportOptions,
): Promise<readonly ImportableHost[]> {
  const addresses = await describeHosts(text, found);
  if (names.length > 0) return toImportableHosts(text, addresses, registered, [...new Set(names)]);
  const all = toImportableHosts(text, addresses, registered, options.everyName ? found : 'one a machine');
  if (options.all) return all;
  const aliases = all.filter(isOpen).map(({ alias }) => alias);
  // Of each it is said why not.
  if (aliases.length === 0) return all;
  const these = aliases.length === 1 ? 'this host' : `all of these ${aliases.length} hosts`;
  if (await askYes(io, `Import ${these}: ${toFew(aliases)}?`)) return all;
  throw new OperationError(
    'CANCELLED',
    'Nothing was imported; `signalbox server import NAME...` takes those you name.',
  );
}

function isOpen({ isRegistered, problem }: ImportableHost): boolean {
  return !isRegistered && problem === undefined;
}

/** A line of them: there may be hundreds. */
function toFew(names: readonly string[]): string {
  const more = names.length - namesShownMax;
  const shown = names.slice(0, namesShownMax).map(escapeExact).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const namesShownMax = 12;

async function askEnvironment(io: CliIo): Promise<string> {
  if (canAsk(io)) return await askChoice(io, 'Which environment are they?', environments);
  throw new OperationError(
    'INVALID_ARGUMENT',
    `Say which environment they are: --environment ${environments.join('|')}.`,
  );
}
