/** `signalbox server import`: hosts of ~/.ssh/config become records that name the alias, so they never go stale. */
import { existsSync } from 'node:fs';
import { escapeExact } from '../../../base/display/escape.ts';
import { nearest } from '../../../base/nearest.ts';
import { OperationError } from '../../../core/codes.ts';
import { environments, serverIdPattern } from '../../../core/server.ts';
import { describeHosts } from '../../../runtime/registry/describe-hosts.ts';
import { addServerRecord, hasServerRecord, readServerIds } from '../../../runtime/registry/edit-servers.ts';
import {
  hostNamesOf,
  namesakesOf,
  readSshConfigText,
  userSshConfigFile,
} from '../../../runtime/registry/ssh-config-text.ts';
import { askChoice, askYes, canAsk } from '../../ask.ts';
import { type CliIo, printJson, printLine, printNote } from '../../output.ts';
import { reloadServers } from '../../reload-servers.ts';
import { type Desk, defaultScope, openDesk, placeOf } from './desk.ts';
import { guardWorkspaceFile } from './guard-workspace-file.ts';

export interface ImportOptions {
  readonly all?: true;
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
  const found = hostNamesOf((await readSshConfigText(file)).text);
  if (found.length === 0)
    throw new OperationError('CONFIG_INVALID', `${file} has no Host without wildcards to import.`);
  const aliases = await choose(io, found, names, options, file);
  const desk = openDesk(io);
  const place = placeOf(desk, io, defaultScope(desk, options.scope));
  const environment = options.environment ?? (await askEnvironment(io));
  const added: string[] = [];
  for (const alias of aliases) {
    const id = toId(alias);
    if (!serverIdPattern.test(id))
      printNote(io, `skipped: "${escapeExact(alias)}" cannot be made an id; use \`signalbox server add\`.`);
    else if (await hasServerRecord(place.file, id)) printNote(io, `skipped: ${id} is registered already.`);
    else {
      await addServerRecord(place, { id, ssh: alias, environment } as { readonly id: string });
      printLine(io, `Added ${id} (${environment}).`);
      added.push(id);
    }
  }
  if (added.length > 0 && place.workspace !== null) await guardWorkspaceFile(io, place.workspace, place.file);
  if (added.length > 0) await reloadServers(io);
  const hosts = aliases.length === 1 ? '1 host was' : `${aliases.length} hosts were`;
  printLine(io, `${added.length} of ${hosts} added to ${place.file}.`);
  await tellOfCommands(io, desk, added);
}

/** Which of them run a command of this machine on the way (ProxyCommand, Match exec); none runs before it is allowed. */
async function tellOfCommands(io: CliIo, desk: Desk, added: readonly string[]): Promise<void> {
  const { servers, broken } = await desk.registry.list(desk.workspace);
  const needy = [
    ...servers.filter(({ proxyCommand }) => proxyCommand !== undefined),
    ...broken.filter(({ problem }) => problem.includes('trust-command')),
  ].flatMap(({ id }) => (added.includes(id) ? [id] : []));
  if (needy.length === 0) return;
  const who = needy.length === 1 ? `${needy[0]} is` : `${needy.length} of them are`;
  printNote(
    io,
    `${who} reached through a command of this machine, which is asked about before it first runs; look at it with \`signalbox server trust-command ${needy.join(' ')}\`.`,
  );
}

interface ListedHost {
  readonly alias: string;
  readonly id: string;
  readonly isRegistered: boolean;
  readonly address: string | null;
  /** Of the same machine, on the same Host line; absent for none. */
  readonly otherNames?: readonly string[];
}

/** What could be imported, and what is registered already. A file that is not there has no host. */
async function listHosts(io: CliIo, file: string, options: ImportOptions): Promise<void> {
  const desk = openDesk(io);
  const place = placeOf(desk, io, defaultScope(desk, options.scope));
  const hosts: ListedHost[] = [];
  const text = existsSync(file) ? (await readSshConfigText(file)).text : '';
  const aliases = hostNamesOf(text);
  const addresses = await describeHosts(text, aliases);
  const own = await readServerIds(desk.paths.serversFile);
  const here = place.file === desk.paths.serversFile ? own : await readServerIds(place.file);
  const namesakes = namesakesOf(text, addresses);
  for (const alias of aliases.filter((name) => !namesakes.has(name))) {
    const otherNames = aliases.filter((name) => namesakes.get(name) === alias);
    const ids = [alias, ...otherNames].map(toId);
    const registered = ids.find((id) => own.has(id) || here.has(id));
    const address = addresses.get(alias) ?? null;
    hosts.push({
      ...{ alias, id: registered ?? toId(alias), isRegistered: registered !== undefined, address },
      ...(otherNames.length > 0 ? { otherNames } : {}),
    });
  }
  if (options.json) return printJson(io, { file, hosts });
  if (hosts.length === 0) printLine(io, `${escapeExact(file)} names no host without wildcards.`);
  for (const { alias, id, isRegistered, address, otherNames = [] } of hosts) {
    const also = otherNames.length > 0 ? `, also ${otherNames.map(escapeExact).join(', ')}` : '';
    const where = address === null ? '' : `  ${escapeExact(address)}${also}`;
    printLine(io, `${escapeExact(alias)}${where}${isRegistered ? `  registered already, as ${id}` : ''}`);
  }
}

async function choose(
  io: CliIo,
  found: readonly string[],
  names: readonly string[],
  options: ImportOptions,
  file: string,
): Promise<readonly string[]> {
  const unknown = names.find((name) => !found.includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, found);
    const hint = meant === null ? `it has ${found.join(', ')}` : `did you mean "${meant}"?`;
    throw new OperationError(
      'INVALID_ARGUMENT',
      `${file} has no Host "${unknown}" without wildcards; ${hint}${meant === null ? '.' : ''}`,
    );
  }
  if (names.length > 0) return names;
  if (options.all) return found;
  const listed = found.map(escapeExact).join(', ');
  if (canAsk(io) && (await askYes(io, `Import all of these ${found.length} hosts: ${listed}?`))) return found;
  throw new OperationError(
    'INVALID_ARGUMENT',
    `Name the hosts to import, or say --all; ${file} has ${found.join(', ')}.`,
  );
}

async function askEnvironment(io: CliIo): Promise<string> {
  if (canAsk(io)) return await askChoice(io, 'Which environment are they?', environments);
  throw new OperationError(
    'INVALID_ARGUMENT',
    `Say which environment they are: --environment ${environments.join('|')}.`,
  );
}

function toId(alias: string): string {
  return alias.toLowerCase().replaceAll(/[^a-z0-9._-]/g, '-');
}
