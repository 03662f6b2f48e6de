/** `audit diff`: what one operation changed in its file, from the two images that were committed with it. */
import { toUnifiedDiff } from '../../core/audit/file-diff.ts';
import type { AuditRecord } from '../../core/audit/record.ts';
import { OperationError } from '../../core/codes.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { createSnapshots } from '../../runtime/snapshots/create-snapshots.ts';
import { type CliIo, printJson, printNote } from '../output.ts';
import { toByteWriter, toSafeLine, toSafeText } from '../safe-text.ts';
import { findRow } from './audit-filter.ts';

export async function diffAudit(io: CliIo, id: string, options: { readonly json?: true }): Promise<void> {
  const paths = toPaths(io.env);
  const reader = openAuditReader({ folder: paths.auditFolder });
  const row = await findRow(reader, id);
  const { server, path, before, after } = toChange(row.id, await reader.records(row.id));
  const snapshots = createSnapshots({ repository: paths.snapshotsRepository });
  const images = [await snapshots.read(before, server, path), await snapshots.read(after, server, path)] as const;
  const { diff, note } = toUnifiedDiff(images[0], images[1], path);
  if (options.json) return printJson(io, { id: row.id, server, path, diff, note });
  if (diff !== null) {
    const writer = toByteWriter(io.stdout, toSafeText);
    writer.write(Buffer.from(diff, 'utf8'));
    writer.end();
  }
  if (note !== null) printNote(io, toSafeLine(note));
}

/** Throws INVALID_ARGUMENT with the reason when there is nothing to compare. */
function toChange(
  id: string,
  records: readonly AuditRecord[],
): { server: string; path: string; before: string; after: string } {
  const last = <Field extends keyof AuditRecord>(field: Field): AuditRecord[Field] | undefined =>
    records.findLast((record) => record[field] !== undefined)?.[field];
  const server = last('server');
  const path = last('changedPath') ?? last('path');
  const before = last('commitBefore');
  const after = last('commit');
  const name = toSafeLine(id);
  if (server === undefined || path === undefined || (before === undefined && after === undefined))
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Operation ${name} has no snapshots: only writes and patches of files have; "signalbox audit show ${name}" tells what it did.`,
    );
  if (before === undefined || after === undefined) {
    const missing = before === undefined ? 'before' : 'after';
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Operation ${name} has no image of the file ${missing} it; "signalbox audit show ${name}" tells why.`,
    );
  }
  return { server, path, before, after };
}
