/** `audit show`: every record of one operation, field by field. */

import { escapeExact } from '../../base/display/escape.ts';
import type { AuditRecord } from '../../core/audit/record.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { type CliIo, printJson, printLine } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';
import { findRow } from './audit-filter.ts';
import { toLocalTime } from './list-audit.ts';

/** Fields that stand in the heading, or that every record has. */
const headFields: ReadonlySet<string> = new Set(['v', 'id', 'type', 'ts', 'seq', 'prev', 'hash']);

export async function showAudit(io: CliIo, id: string, options: { readonly json?: true }): Promise<void> {
  const reader = openAuditReader({ folder: toPaths(io.env).auditFolder });
  const row = await findRow(reader, id);
  const records = await reader.records(row.id);
  if (options.json) return printJson(io, { row, records });
  printLine(io, `${toSafeLine(row.id)}  ${toSafeLine(row.outcome)}${row.acknowledged ? ' (acknowledged)' : ''}`);
  for (const record of records) {
    printLine(io, '');
    printLine(io, `${record.type}  ${toLocalTime(record.ts)}  record ${record.seq}`);
    for (const [name, text] of toFields(record)) printLine(io, `  ${escapeExact(name).padEnd(13)} ${text}`);
  }
}

/** An argument list is shown one word a line: where a word ends must not be a guess. */
function toFields(record: AuditRecord): [string, string][] {
  return Object.entries(record)
    .filter(([name, value]) => !headFields.has(name) && value !== null)
    .flatMap(([name, value]): [string, string][] => {
      if (Array.isArray(value)) return value.map((word, index) => [index === 0 ? name : '', escapeExact(String(word))]);
      return [[name, name === 'reason' || name === 'note' ? toSafeLine(String(value)) : escapeExact(String(value))]];
    });
}
