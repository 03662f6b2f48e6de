/** Joins the records of one operation into one row. Knows no files, and not how many operations there are. */
import { shellSummary } from '../operations/shell-open.ts';
import { allOperations, isOperationName } from '../operations/table.ts';
import type { AuditOutcome, AuditRecord, AuditRow } from './record.ts';

/** The row's fields, and what decides its outcome. Plain JSON. */
export interface AuditEntryState {
  readonly row: Omit<AuditRow, 'outcome'>;
  readonly last: 'intent' | 'permit' | 'refused' | 'result';
  readonly status: NonNullable<AuditRecord['status']> | null;
  /** Its result says that something may have happened on the server all the same. */
  readonly isUnknown: boolean;
  /** Its result says that it goes on on the server; absent in what was stored before anything did. */
  readonly goesOn?: boolean;
}

/** The state after the first record that is known of an operation. */
export function beginEntry(record: AuditRecord): AuditEntryState {
  return joinRecord({ row: toFirstRow(record), last: 'intent', status: null, isUnknown: false }, record);
}

/** Later records know more than earlier ones: an edit changes what ran, a result how it ended. */
export function joinRecord(entry: AuditEntryState, record: AuditRecord): AuditEntryState {
  const { row } = entry;
  if (record.type === 'acknowledged') return { ...entry, row: { ...row, acknowledged: true } };
  const isStep =
    record.type === 'intent' || record.type === 'permit' || record.type === 'refused' || record.type === 'result';
  return {
    last: isStep ? record.type : entry.last,
    status: record.status ?? entry.status,
    // A later result knows better: what was unknown when the line broke was looked at since.
    isUnknown: record.type === 'result' ? record.outcomeUnknown === true : entry.isUnknown,
    goesOn: record.type === 'result' ? record.goesOn === true : entry.goesOn === true,
    row: {
      ...row,
      session: row.session ?? record.session ?? null,
      agent: row.agent ?? record.agent ?? null,
      origin: row.origin || (record.origin ?? ''),
      tool: row.tool || (record.tool ?? ''),
      server: record.server ?? row.server,
      summary: toSummary(record) || row.summary,
      decision: record.decision ?? row.decision,
      rule: record.rule ?? row.rule,
      approver: record.approver ?? row.approver,
      code: record.type === 'result' ? (record.code ?? null) : (record.code ?? row.code),
      exitCode: record.exitCode ?? row.exitCode,
      durationMs: record.durationMs ?? row.durationMs,
      commit: record.commit ?? row.commit,
    },
  };
}

/** @param isRunning whether the host that began it still lives. */
export function toAuditRow(entry: AuditEntryState, isRunning: boolean): AuditRow {
  const { row } = entry;
  // The records of a shell name no file and no command.
  const summary = row.summary === '' && row.tool === 'shell_open' ? shellSummary : row.summary;
  return { ...row, summary, outcome: toOutcome(entry, isRunning) };
}

/** Whether later records may still change the row: it runs, goes on on its server, or somebody has to acknowledge it. */
export function isUnsettled(entry: AuditEntryState): boolean {
  return entry.goesOn === true || isOpenRow(toAuditRow(entry, false));
}

/** An outcome that nobody could know, or a change half recorded, which nobody has acknowledged. */
export function isOpenRow(row: AuditRow): boolean {
  if (row.acknowledged) return false;
  return row.outcome === 'unknown-outcome' || row.outcome === 'never-ran' || row.outcome === 'partial_failure';
}

function toFirstRow(record: AuditRecord): Omit<AuditRow, 'outcome'> {
  return {
    id: record.id,
    seq: record.seq,
    ts: record.ts,
    session: record.session ?? null,
    agent: record.agent ?? null,
    origin: record.origin ?? '',
    tool: record.tool ?? '',
    server: record.server ?? null,
    summary: '',
    decision: '',
    rule: '',
    approver: null,
    code: null,
    exitCode: null,
    durationMs: null,
    commit: null,
    acknowledged: false,
  };
}

/** What was asked for, in one line, as the record tells it: unescaped. */
function toSummary(record: AuditRecord): string {
  if (record.line !== undefined) return record.line;
  if (record.argv !== undefined) return record.argv.map(toWord).join(' ');
  return record.path ?? record.changedPath ?? '';
}

function toWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./«»-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function toOutcome(entry: AuditEntryState, isRunning: boolean): AuditOutcome {
  switch (entry.last) {
    case 'intent':
      if (!isRunning) return 'never-ran';
      return entry.row.decision === 'approval-required' ? 'waiting' : 'running';
    case 'permit':
      return isRunning ? 'running' : 'unknown-outcome';
    case 'refused':
      return toRefusedOutcome(entry.row.code);
    case 'result':
      return toResultOutcome(entry);
  }
}

function toRefusedOutcome(code: string | null): AuditOutcome {
  if (code === 'CANCELLED') return 'withdrawn';
  return code === 'APPROVAL_DENIED' ? 'denied' : 'refused';
}

/** Whatever became of a read, it changed nothing. */
export function isRead(tool: string): boolean {
  return isOperationName(tool) && allOperations[tool].effect === 'read';
}

function toResultOutcome(entry: AuditEntryState): AuditOutcome {
  if (entry.status === 'partial_failure') return 'partial_failure';
  if (entry.status === 'ok') return 'ok';
  if (entry.goesOn === true) return 'goes-on';
  if (entry.row.code === 'APPROVAL_DENIED') return 'denied';
  return entry.isUnknown && !isRead(entry.row.tool) ? 'unknown-outcome' : 'failed';
}
