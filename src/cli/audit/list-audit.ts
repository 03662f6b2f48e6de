/** `audit list`: rows as a table, or as JSON. */
import type { AuditPage, AuditRow } from '../../core/audit/record.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { type CliIo, printJson, printNote, printTable } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';
import { toOutcome } from './audit-filter.ts';

export interface ListOptions {
  readonly server?: string;
  readonly session?: string;
  readonly tool?: string;
  readonly outcome?: string;
  readonly text?: string;
  readonly open?: true;
  readonly limit: number;
  readonly offset: number;
  readonly json?: true;
}

export async function listAudit(io: CliIo, options: ListOptions): Promise<void> {
  const page = await readPage(io, options);
  if (options.json) return printJson(io, page);
  if (page.total === 0) return printNote(io, 'No operation in the audit log matches.');
  printTable(io, ['TIME', 'ID', 'SERVER', 'BY', 'TOOL', 'OUTCOME', 'WHAT'], page.rows.map(toCells));
  const shown = options.offset + page.rows.length;
  if (shown < page.total)
    printNote(io, `${page.total - shown} older ones; --offset ${shown} shows the next, --limit more at once.`);
}

async function readPage(io: CliIo, options: ListOptions): Promise<AuditPage> {
  const { server, session, tool, text, limit, offset } = options;
  const reader = openAuditReader({ folder: toPaths(io.env).auditFolder });
  const outcome = options.outcome === undefined ? undefined : toOutcome(options.outcome);
  const filters = { server, session, tool, text, outcome };
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
  if (options.open !== true) return reader.page({ limit, offset, ...given });
  const open = new Set((await reader.openItems()).map((row) => row.id));
  const { rows } = await reader.page({ limit: Number.MAX_SAFE_INTEGER, offset: 0, ...given });
  const matches = rows.filter((row) => open.has(row.id));
  return { rows: matches.slice(offset, offset + limit), total: matches.length };
}

function toCells(row: AuditRow): string[] {
  const by = row.agent ?? row.origin;
  const outcome = row.code === null ? row.outcome : `${row.outcome} ${row.code}`;
  return [
    toLocalTime(row.ts),
    ...[row.id, row.server ?? '-', by === '' ? '-' : by, row.tool || '-', outcome, row.summary].map(toSafeLine),
  ];
}

/** In the reader's time zone, to the second. */
export function toLocalTime(ts: string): string {
  const date = new Date(ts);
  if (Number.isNaN(date.getTime())) return toSafeLine(ts);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
