/** Tells from the log what became of one remote file, change by change, and where it differs from what the change before had left. Pure. */
import type { AuditRecord, AuditRow } from './record.ts';

export interface FileStep {
  readonly id: string;
  readonly ts: string;
  readonly by: string;
  readonly outcome: AuditRow['outcome'];
  /** sha256; null: the file did not exist; undefined: not known. */
  readonly before: string | null | undefined;
  readonly after: string | null | undefined;
  /** Set when the file was changed by somebody else since the last change that is known. */
  readonly drift: { readonly expected: string | null; readonly found: string | null } | null;
  readonly commit: string | null;
}

interface Operation {
  readonly row: AuditRow;
  readonly records: readonly AuditRecord[];
}

/** @param operations oldest first; those of other files are left out. */
export function toFileHistory(operations: readonly Operation[], path: string): readonly FileStep[] {
  const steps: FileStep[] = [];
  let known: string | null | undefined;
  for (const { row, records } of operations) {
    if (!records.some((record) => record.path === path || record.changedPath === path)) continue;
    const find = (field: 'beforeSha256' | 'afterSha256'): string | null | undefined =>
      records.findLast((record) => record[field] !== undefined)?.[field];
    const before = find('beforeSha256');
    const isChange = row.outcome === 'ok' || row.outcome === 'partial_failure' || row.outcome === 'unknown-outcome';
    const after = isChange ? find('afterSha256') : undefined;
    if (before === undefined && after === undefined) continue;
    const isDrift = known !== undefined && before !== undefined && before !== known;
    steps.push({
      ...{
        id: row.id,
        ts: row.ts,
        by: row.agent ?? row.origin,
        outcome: row.outcome,
        before,
        after,
        commit: row.commit,
      },
      drift: isDrift ? { expected: known ?? null, found: before ?? null } : null,
    });
    // A change that was refused still looked at the file; one whose end is unknown leaves nothing to compare with.
    if (row.outcome === 'ok' || row.outcome === 'partial_failure') known = after;
    else known = row.outcome === 'unknown-outcome' ? undefined : (before ?? known);
  }
  return steps;
}
