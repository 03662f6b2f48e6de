/** Every change of the file that one operation was about, as the log tells it. Looks at no server and never writes. */
import { emptyAuditFilter } from '../core/audit/audit-filter.ts';
import { toFileHistory } from '../core/audit/file-history.ts';
import type { AuditRecord, AuditRow } from '../core/audit/record.ts';
import { OperationError } from '../core/codes.ts';
import type { AuditLog } from '../core/ports.ts';
import { bounds } from '../protocol/bounds.ts';
import type { Result } from '../protocol/methods.ts';

/** Throws INVALID_ARGUMENT when the operation was about no file of a server. */
export async function readFileHistory(
  audit: Pick<AuditLog, 'page' | 'records'>,
  id: string,
): Promise<Result<'audit.history'>> {
  const { server, path } = findFile(await audit.records(id));
  const filter = { ...emptyAuditFilter, conditions: [{ key: 'server', value: server, isExcluded: false } as const] };
  const { rows, total } = await audit.page({ offset: 0, limit: bounds.historyRowsMax, filter });
  const operations: { readonly row: AuditRow; readonly records: readonly AuditRecord[] }[] = [];
  for (const row of [...rows].reverse())
    if (row.commit !== null || /write|patch|rollback|purge/.test(row.tool))
      operations.push({ row, records: await audit.records(row.id) });
  const steps = toFileHistory(operations, path).map(({ id: step, ts, by, outcome, drift, commit }) => ({
    ...{ id: step, ts, by, outcome, isDrift: drift !== null },
    canRollBack: commit !== null && (outcome === 'ok' || outcome === 'partial_failure'),
  }));
  return { server, path, steps: steps.reverse(), isCut: rows.length < total };
}

function findFile(records: readonly AuditRecord[]): { readonly server: string; readonly path: string } {
  const joined = records.reduce<Partial<AuditRecord>>((all, record) => ({ ...all, ...record }), {});
  const path = joined.changedPath ?? joined.path;
  if (joined.server === undefined || path === undefined)
    throw new OperationError('INVALID_ARGUMENT', 'This operation was about no file, so there is no history of one.');
  return { server: joined.server, path };
}
