/** `audit list`: rows as a table, or as JSON. */
import type { AuditPage, AuditQuery, AuditRow } from '../../core/audit/record.ts';
import { toRowMatcher } from '../../runtime/audit/audit-search.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { type CliIo, printJson, printNote, printTable } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';
import { toFilter, toOutcome } from './audit-filter.ts';

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

export async function listAudit(io: CliIo, words: readonly string[], options: ListOptions): Promise<void> {
  const page = await readPage(io, words, options);
  if (options.json) return printJson(io, page);
  if (page.total === 0) return printNote(io, 'No operation in the audit log matches.');
  printTable(io, ['TIME', 'ID', 'SERVER', 'BY', 'TOOL', 'OUTCOME', 'WHAT'], page.rows.map(toCells));
  const shown = options.offset + page.rows.length;
  if (shown < page.total)
    printNote(io, `${page.total - shown} older ones; --offset ${shown} shows the next, --limit more at once.`);
}

async function readPage(io: CliIo, words: readonly string[], options: ListOptions): Promise<AuditPage> {
  const { server, session, tool, text, limit, offset } = options;
  const outcome = options.outcome === undefined ? undefined : toOutcome(options.outcome);
  const filters = { server, session, tool, text, outcome };
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
  const query: AuditQuery = { limit, offset, ...given, filter: toFilter(words) };
  const reader = openAuditReader({ folder: toPaths(io.env).auditFolder });
  if (options.open !== true) return await reader.page(query);
  const matcher = toRowMatcher(query);
  const matches = (await reader.openItems()).filter((row) => matcher === null || matcher.matches(row));
  return { rows: matches.slice(offset, offset + limit), total: matches.length };
}

function toCells(row: AuditRow): string[] {
  const by = row.agent ?? row.origin;
  // Why it is not followed any more is no failure of it.
  const outcome = row.code === null || row.outcome === 'goes-on' ? row.outcome : `${row.outcome} ${row.code}`;
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
