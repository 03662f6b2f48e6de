/** `audit history`: every change of one remote file as the log tells it, oldest first, with what happened to it in between. */
import { emptyAuditFilter } from '../../core/audit/audit-filter.ts';
import { type FileStep, toFileHistory } from '../../core/audit/file-history.ts';
import { OperationError } from '../../core/codes.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { type CliIo, printJson, printNote, printTable } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';
import { toLocalTime } from './list-audit.ts';

export async function historyAudit(
  io: CliIo,
  server: string,
  path: string,
  options: { readonly json?: true },
): Promise<void> {
  if (!path.startsWith('/'))
    throw new OperationError(
      'INVALID_ARGUMENT',
      `A path on a server is absolute; ${toSafeLine(path)} does not begin with "/".`,
    );
  const reader = openAuditReader({ folder: toPaths(io.env).auditFolder });
  // The name alone: a link's target is recorded under another path than the one that was asked for.
  const filter = { ...emptyAuditFilter, conditions: [{ key: 'server', value: server, isExcluded: false } as const] };
  const { rows } = await reader.page({ offset: 0, limit: Number.MAX_SAFE_INTEGER, filter });
  const operations = [];
  for (const row of [...rows].reverse())
    if (row.commit !== null || /write|patch|rollback|purge/.test(row.tool))
      operations.push({ row, records: await reader.records(row.id) });
  const steps = toFileHistory(operations, path);
  if (options.json) return printJson(io, { server, path, steps });
  if (steps.length === 0)
    return printNote(io, `The log knows no change of ${toSafeLine(path)} on ${toSafeLine(server)}.`);
  printTable(io, ['TIME', 'ID', 'BY', 'OUTCOME', 'BEFORE', 'AFTER'], steps.flatMap(toRows));
  if (steps.some((step) => step.drift !== null))
    printNote(io, '"drift": the file was not what the change before had left; somebody changed it past signalbox.');
}

function toRows(step: FileStep): string[][] {
  const row = [
    toLocalTime(step.ts),
    toSafeLine(step.id),
    toSafeLine(step.by),
    step.outcome,
    toShort(step.before),
    toShort(step.after),
  ];
  if (step.drift === null) return [row];
  return [['', '', '', 'drift', toShort(step.drift.expected), toShort(step.drift.found)], row];
}

function toShort(hash: string | null | undefined): string {
  if (hash === undefined) return 'unknown';
  return hash === null ? 'absent' : hash.slice(0, 12);
}
