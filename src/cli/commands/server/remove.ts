/** `signalbox server remove`: one record of one file; when both files have the id, somebody must say which. */

import { escapeExact } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import type { Scope } from '../../../core/server.ts';
import { hasServerRecord, removeServerRecord } from '../../../runtime/registry/edit-servers.ts';
import { askChoice, canAsk } from '../../ask.ts';
import { type CliIo, printLine } from '../../output.ts';
import { reloadServers } from '../../reload-servers.ts';
import { type Desk, defaultScope, openDesk, placeOf } from './desk.ts';

export async function removeServer(io: CliIo, id: string, options: { readonly scope?: string }): Promise<void> {
  const desk = openDesk(io);
  const scope =
    options.scope === undefined ? await findScope(io, desk, id, 'Remove it from') : defaultScope(desk, options.scope);
  const place = placeOf(desk, io, scope);
  await removeServerRecord(place, id);
  await reloadServers(io);
  printLine(io, `Removed ${id} from ${escapeExact(place.file)}.`);
}

/** The file that has the record; where both have it, somebody says which. `verb` begins the question: "Remove it from". */
export async function findScope(io: CliIo, desk: Desk, id: string, verb: string): Promise<Scope> {
  const scopes: Scope[] = [];
  if (await hasServerRecord(desk.paths.serversFile, id)) scopes.push('global');
  if (desk.workspace !== null && (await hasServerRecord(placeOf(desk, io, 'workspace').file, id)))
    scopes.push('workspace');
  const [only] = scopes;
  if (scopes.length < 2) return only ?? 'global';
  if (canAsk(io)) return await askChoice(io, `Both files have ${id}. ${verb} which one?`, scopes);
  throw new OperationError(
    'INVALID_ARGUMENT',
    `Both the global and the workspace file have "${id}"; say --scope global or --scope workspace.`,
  );
}
