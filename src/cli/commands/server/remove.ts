/** `signalbox server remove`: one record of one file; when both files have the id, somebody must say which. */

import { OperationError } from '../../../core/codes.ts';
import type { Scope } from '../../../core/server.ts';
import { hasServerRecord, removeServerRecord } from '../../../runtime/registry/edit-servers.ts';
import { askChoice, canAsk } from '../../ask.ts';
import { type CliIo, printLine } from '../../output.ts';
import { type Desk, defaultScope, openDesk, placeOf } from './desk.ts';

export async function removeServer(io: CliIo, id: string, options: { readonly scope?: string }): Promise<void> {
  const desk = openDesk(io);
  const scope = options.scope === undefined ? await scopeOf(io, desk, id) : defaultScope(desk, options.scope);
  const place = placeOf(desk, io, scope);
  await removeServerRecord(place, id);
  printLine(io, `Removed ${id} from ${place.file}.`);
}

async function scopeOf(io: CliIo, desk: Desk, id: string): Promise<Scope> {
  const scopes: Scope[] = [];
  if (await hasServerRecord(desk.paths.serversFile, id)) scopes.push('global');
  if (desk.workspace !== null && (await hasServerRecord(placeOf(desk, io, 'workspace').file, id)))
    scopes.push('workspace');
  const [only] = scopes;
  if (scopes.length < 2) return only ?? 'global';
  if (canAsk(io)) return await askChoice(io, `Both files have ${id}. Remove it from which one?`, scopes);
  throw new OperationError(
    'INVALID_ARGUMENT',
    `Both the global and the workspace file have "${id}"; say --scope global or --scope workspace.`,
  );
}
