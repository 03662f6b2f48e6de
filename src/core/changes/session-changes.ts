/** Every file that one session changed, as the log tells it: by server and path, with what was taken back since. Reads the log only. */
import { type FileChange, toFileChange } from '../audit/file-change.ts';
import type { AuditRow } from '../audit/record.ts';
import { limits } from '../limits.ts';
import type { AuditLog } from '../ports.ts';

type Log = Pick<AuditLog, 'page' | 'records'>;

export interface ChangedFile {
  readonly server: string;
  readonly path: string;
  /** Newest first; never empty. */
  readonly changes: readonly FileChange[];
}

/** One step of a session's way: a change that happened, or one of which nobody knows whether it did. */
export type SessionStep =
  | { readonly kind: 'change'; readonly id: string; readonly seq: number; readonly change: FileChange }
  | { readonly kind: 'unknown'; readonly id: string; readonly seq: number; readonly row: AuditRow };

/** Newest first, at most `limits.sessionChangesMax` of each tool. Requests that were refused or failed changed nothing and are left out. */
export async function listSessionSteps(log: Log, session: string): Promise<readonly SessionStep[]> {
  const steps: SessionStep[] = [];
  for (const tool of ['remote_write_file', 'remote_patch_file']) {
    const { rows } = await log.page({ session, tool, offset: 0, limit: limits.sessionChangesMax });
    for (const row of rows) {
      const change = toFileChange(await log.records(row.id));
      const { id, seq } = row;
      if (change !== null) steps.push({ kind: 'change', id, seq, change });
      else if (row.outcome === 'unknown-outcome' || row.outcome === 'running')
        steps.push({ kind: 'unknown', id, seq, row });
    }
  }
  return steps.sort((a, b) => b.seq - a.seq);
}

/** What was taken back and not brought again: id of the change to id of its rollback. */
export async function listRolledBack(log: Log): Promise<ReadonlyMap<string, string>> {
  const { rows } = await log.page({ tool: 'rollback_file', offset: 0, limit: limits.sessionChangesMax });
  const rolledBack = new Map<string, string>();
  // Newest first: a rollback that was itself taken back by a later one does not count.
  for (const row of rows) {
    if (rolledBack.has(row.id)) continue;
    const change = toFileChange(await log.records(row.id));
    for (const id of change?.rollsBack ?? []) rolledBack.set(id, row.id);
  }
  return rolledBack;
}

/** The file that changed last comes first. */
export function toChangedFiles(steps: readonly SessionStep[]): readonly ChangedFile[] {
  const files = new Map<string, { server: string; path: string; changes: FileChange[] }>();
  for (const step of steps) {
    if (step.kind !== 'change') continue;
    const { server, path } = step.change;
    const key = JSON.stringify([server, path]);
    const file = files.get(key) ?? { server, path, changes: [] };
    file.changes.push(step.change);
    files.set(key, file);
  }
  return [...files.values()];
}
