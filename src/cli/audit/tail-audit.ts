/** `audit tail`: records one a line, and with --follow those that are added. */
import type { AuditRecord } from '../../core/audit/record.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { type CliIo, printLine } from '../output.ts';
import { toSafeJson, toSafeLine } from '../safe-text.ts';
import { toLocalTime } from './list-audit.ts';

export interface TailOptions {
  readonly lines: number;
  readonly follow?: true;
  readonly json?: true;
}

/** With `follow` it ends with the process, with the pipe it writes to, or when `signal` aborts. */
export async function tailAudit(io: CliIo, options: TailOptions, signal?: AbortSignal): Promise<void> {
  const reader = openAuditReader({ folder: toPaths(io.env).auditFolder });
  const print = (record: AuditRecord): void => printLine(io, options.json ? toSafeJson(record) : toTailLine(record));
  const last = await reader.tail(Math.max(1, options.lines));
  if (options.lines > 0) last.forEach(print);
  if (!options.follow) return;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  io.stdout.once('error', end);
  signal?.addEventListener('abort', end, { once: true });
  try {
    for await (const record of reader.follow(last.at(-1)?.seq ?? 0, ending.signal)) print(record);
  } finally {
    io.stdout.off('error', end);
    signal?.removeEventListener('abort', end);
  }
}

function toTailLine(record: AuditRecord): string {
  const what = record.line ?? record.argv?.join(' ') ?? record.path ?? record.note ?? '';
  const how = [record.status, record.code, record.decision, record.approver]
    .filter((part) => part !== undefined)
    .join(' ');
  const cells = [
    toLocalTime(record.ts),
    record.type.padEnd(12),
    toSafeLine(record.id),
    toSafeLine(record.server ?? '-'),
    toSafeLine(how),
    toSafeLine(what),
  ];
  return cells.filter((cell) => cell !== '').join('  ');
}
