/** The list of what a session changed, for people: each file with its whole difference and what became of it. Decides nothing. */
import { toUnifiedDiff } from '../audit/file-diff.ts';
import { OperationError } from '../codes.ts';
import { limits } from '../limits.ts';
import type { FileImage, Snapshots, Survey } from '../ports.ts';
import type { RollbackParts } from './preview-rollback.ts';
import { type ChangedFile, listRolledBack, listSessionSteps, toChangedFiles } from './session-changes.ts';

export interface FileReport {
  readonly server: string;
  readonly path: string;
  readonly agents: readonly string[];
  /** Newest first. */
  readonly ids: readonly string[];
  readonly rolledBackIds: readonly string[];
  readonly effect: 'created' | 'changed';
  readonly changedAt: string;
  /** What became of it, in words; from the log alone, or from a look at the server. */
  readonly state: string;
  /** From the image before the first change to the one after the last. */
  readonly diff: string | null;
  readonly note: string | null;
}

/** How the file is told apart: `log` reads nothing but the log and the snapshots, `server` looks at each file, too. */
export type StateSource = 'log' | 'server';

export async function describeChanges(
  session: string,
  source: StateSource,
  context: { readonly workspace: string | null; readonly signal: AbortSignal },
  parts: RollbackParts,
): Promise<readonly FileReport[]> {
  const files = toChangedFiles(await listSessionSteps(parts.audit, session));
  const rolledBack = await listRolledBack(parts.audit);
  const toReport = async (file: ChangedFile): Promise<FileReport> => {
    const newest = file.changes[0];
    const oldest = file.changes.at(-1);
    const ids = file.changes.map(({ id }) => id);
    const state = toLogState(ids, rolledBack);
    return {
      server: file.server,
      path: file.path,
      agents: [...new Set(file.changes.map(({ agent }) => agent ?? 'unnamed'))],
      ids,
      rolledBackIds: ids.filter((id) => rolledBack.has(id)),
      effect: oldest?.beforeSha256 === null ? 'created' : 'changed',
      changedAt: newest?.ts ?? '',
      state: source === 'log' ? state : await toServerState(file, context, parts),
      ...(await readDifference(file, parts.snapshots)),
    };
  };
  return await Promise.all(files.map(toReport));
}

function toLogState(ids: readonly string[], rolledBack: ReadonlyMap<string, string>): string {
  const count = ids.filter((id) => rolledBack.has(id)).length;
  if (count === 0) return 'changed';
  return count === ids.length ? 'rolled back' : `${count} of ${ids.length} changes rolled back`;
}

async function toServerState(
  { server, path, changes }: ChangedFile,
  { workspace, signal }: { readonly workspace: string | null; readonly signal: AbortSignal },
  { registry, servers }: RollbackParts,
): Promise<string> {
  try {
    const target = await registry.resolve(server, workspace);
    return toWords(changes, await servers.survey({ target, path, contentBytesMax: limits.writeBytesMax, signal }));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return `unknown: ${error.message}`;
  }
}

function toWords(changes: ChangedFile['changes'], { realPath, state }: Survey): string {
  const [newest] = changes;
  const oldest = changes.at(-1);
  if (state.kind === 'directory') return 'a folder now';
  if (state.kind === 'special') return `a ${state.type} now`;
  if (realPath !== newest?.path) return `leads to ${realPath} now`;
  const now = state.kind === 'absent' ? null : state.sha256;
  if (now === newest.afterSha256) return 'as the session left it';
  if (now === oldest?.beforeSha256) return 'as it was before the session';
  if (now === null) return 'gone';
  return changes.some(({ afterSha256 }) => afterSha256 === now)
    ? 'as an earlier change of the session left it'
    : 'changed since by somebody else';
}

/** A snapshot that is missing or damaged is a note, not an error: the list is still worth reading. */
async function readDifference(
  { server, path, changes }: ChangedFile,
  snapshots: Pick<Snapshots, 'read'>,
): Promise<Pick<FileReport, 'diff' | 'note'>> {
  const first = changes.at(-1)?.commitBefore ?? null;
  const last = changes[0]?.commitAfter ?? null;
  if (first === null || last === null)
    return { diff: null, note: 'An image before or after the changes was not kept.' };
  try {
    const [before, after]: readonly FileImage[] = await Promise.all([
      snapshots.read(first, server, path),
      snapshots.read(last, server, path),
    ]);
    return before && after ? toUnifiedDiff(before, after, path) : { diff: null, note: null };
  } catch (error) {
    return { diff: null, note: `The snapshots cannot be read: ${(error as Error).message}` };
  }
}
