/** Joins audit records into one row an operation, and answers queries over the rows. In memory; where the records are stored is the caller's. */
import { isOperationName, operations } from '../operations/table.ts';
import type { AuditOutcome, AuditPage, AuditQuery, AuditRecord, AuditRow } from './record.ts';

export interface AuditIndex<Place> {
  /** Records must come in the order of the chain. */
  add(record: AuditRecord, place: Place): void;
  page(query: AuditQuery): AuditPage;
  /** Newest first. */
  openItems(): AuditRow[];
  row(id: string): AuditRow | null;
  /** Where the records of an operation are, oldest first; empty for an unknown id. */
  places(id: string): readonly Place[];
  /** Ids of operations that begin with this text, as people type them; at most ten. */
  idsLike(prefix: string): string[];
}

/** What is kept of an operation: the row's fields, and what decides its outcome. */
interface Entry<Place> {
  row: Omit<AuditRow, 'outcome'>;
  /** Changes with each start of the host: an operation of an earlier run cannot be running. */
  readonly run: number;
  last: 'intent' | 'permit' | 'refused' | 'result';
  status: AuditRecord['status'];
  readonly places: Place[];
}

/** @param isLive whether the newest run still goes on. */
export function createAuditIndex<Place>(isLive: () => boolean): AuditIndex<Place> {
  const entries: Entry<Place>[] = [];
  const byId = new Map<string, Entry<Place>>();
  let run = 0;
  let runId: string | null = null;

  const toRow = (entry: Entry<Place>): AuditRow => ({
    ...entry.row,
    outcome: toOutcome(entry, entry.run === run && runId !== null && isLive()),
  });

  return {
    add(record, place) {
      if (record.type === 'open') {
        // A rotation opens a segment in the same run.
        if (record.id !== runId) run += 1;
        runId = record.id;
        return;
      }
      if (record.type === 'close') {
        runId = null;
        return;
      }
      const known = byId.get(record.id);
      if (known === undefined && record.type === 'acknowledged') return;
      const entry = known ?? { row: toFirstRow(record), run, last: 'intent', status: undefined, places: [] };
      if (known === undefined) {
        byId.set(record.id, entry);
        entries.push(entry);
      }
      entry.places.push(place);
      update(entry, record);
    },
    page(query) {
      const matches = toMatcher(query);
      const rows: AuditRow[] = [];
      let total = 0;
      for (let index = entries.length - 1; index >= 0; index -= 1) {
        const entry = entries[index];
        if (entry === undefined) continue;
        const row = toRow(entry);
        if (!matches(row)) continue;
        if (total >= query.offset && rows.length < query.limit) rows.push(row);
        total += 1;
      }
      return { rows, total };
    },
    openItems: () => entries.map(toRow).filter(isOpen).reverse(),
    row(id) {
      const entry = byId.get(id);
      return entry === undefined ? null : toRow(entry);
    },
    places: (id) => byId.get(id)?.places ?? [],
    idsLike: (prefix) => [...byId.keys()].filter((id) => id.startsWith(prefix)).slice(0, 10),
  };
}

function isOpen(row: AuditRow): boolean {
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

/** Later records know more than earlier ones: an edit changes what ran, a result how it ended. */
function update<Place>(entry: Entry<Place>, record: AuditRecord): void {
  if (record.type === 'acknowledged') {
    entry.row = { ...entry.row, acknowledged: true };
    return;
  }
  if (record.type === 'intent' || record.type === 'permit' || record.type === 'refused' || record.type === 'result')
    entry.last = record.type;
  entry.status = record.status ?? entry.status;
  const { row } = entry;
  entry.row = {
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
    code: record.code ?? row.code,
    exitCode: record.exitCode ?? row.exitCode,
    durationMs: record.durationMs ?? row.durationMs,
    commit: record.commit ?? row.commit,
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

function toOutcome<Place>(entry: Entry<Place>, isRunning: boolean): AuditOutcome {
  switch (entry.last) {
    case 'intent':
      return isRunning ? 'running' : 'never-ran';
    case 'permit':
      return isRunning ? 'running' : 'unknown-outcome';
    case 'refused':
      return entry.row.code === 'APPROVAL_DENIED' ? 'denied' : 'refused';
    case 'result':
      return toResultOutcome(entry);
  }
}

function toResultOutcome<Place>(entry: Entry<Place>): AuditOutcome {
  if (entry.status === 'partial_failure') return 'partial_failure';
  if (entry.status === 'ok') return 'ok';
  if (entry.row.code === 'APPROVAL_DENIED') return 'denied';
  // The connection broke after something was sent: a read is harmless, anything else may have happened.
  const { tool } = entry.row;
  const isRead = isOperationName(tool) && operations[tool].effect === 'read';
  return entry.row.code === 'CONNECTION_LOST' && !isRead ? 'unknown-outcome' : 'failed';
}

function toMatcher(query: AuditQuery): (row: AuditRow) => boolean {
  const wanted = query.text?.toLowerCase() ?? '';
  return (row) =>
    (query.server === undefined || row.server === query.server) &&
    (query.session === undefined || row.session === query.session) &&
    (query.tool === undefined || row.tool === query.tool) &&
    (query.outcome === undefined || row.outcome === query.outcome) &&
    (wanted === '' ||
      [row.id, row.server, row.agent, row.tool, row.summary, row.code, row.rule].some((text) =>
        text?.toLowerCase().includes(wanted),
      ));
}
