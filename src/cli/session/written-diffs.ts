/** What the operations of a session changed in files, for its export: from the log and the snapshots, with secrets taken out. */
import { randomBytes } from 'node:crypto';
import { createRedactor } from '../../core/audit/create-redactor.ts';
import { toUnifiedDiff } from '../../core/audit/file-diff.ts';
import type { AuditRecord } from '../../core/audit/record.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { createSnapshots } from '../../runtime/snapshots/create-snapshots.ts';
import type { CliIo } from '../output.ts';
import type { ExportedEntry, WrittenDiff } from './export-session.ts';

/** Of one file; a longer difference is named, and `audit diff` shows it. */
const charactersMax = 64 * 1024;
const writingTools: ReadonlySet<string> = new Set(['remote_write_file', 'remote_patch_file', 'rollback_file']);

/** Where the log or a snapshot cannot be read, an operation is left without its difference: the rest of the export does not need it. */
export async function withDiffs(
  io: Pick<CliIo, 'env'>,
  entries: readonly ExportedEntry[],
): Promise<readonly ExportedEntry[]> {
  const paths = toPaths(io.env);
  const reader = openAuditReader({ folder: paths.auditFolder });
  const snapshots = createSnapshots({ repository: paths.snapshotsRepository });
  const redactor = createRedactor({ key: randomBytes(32) });
  const readDiff = async (id: string): Promise<WrittenDiff> => {
    const { server, path, before, after } = toChange(await reader.records(id));
    if (server === undefined || path === undefined || before === undefined || after === undefined) return {};
    const images = [await snapshots.read(before, server, path), await snapshots.read(after, server, path)] as const;
    const { diff } = toUnifiedDiff(images[0], images[1], path);
    if (diff === null) return {};
    return diff.length > charactersMax ? { isDiffLong: true } : { diff: redactor.redact(diff).text };
  };
  const filled: ExportedEntry[] = [];
  for (const entry of entries) {
    const isWrite = entry.kind === 'operation' && writingTools.has(entry.operation.tool);
    const isDone = isWrite && (entry.operation.status === 'ok' || entry.operation.status === 'partial_failure');
    filled.push(isDone ? { ...entry, ...(await readDiff(entry.operation.id).catch(() => ({}))) } : entry);
  }
  return filled;
}

function toChange(records: readonly AuditRecord[]): Record<'server' | 'path' | 'before' | 'after', string | undefined> {
  const { server, changedPath, path, commit, commitBefore } = Object.assign({}, ...records) as Partial<AuditRecord>;
  return { server, path: changedPath ?? path, before: commitBefore, after: commit };
}
