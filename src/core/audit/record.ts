/** The records of the audit log: what is written before, at and after every action. Redacted before they are hashed. */
import type { AskedOperation } from '../operations/table.ts';
import type { AuditFilter } from './audit-filter.ts';

export const auditTypes = [
  'open',
  'intent',
  'permit',
  'refused',
  'progress',
  'result',
  'acknowledged',
  'close',
] as const;
export type AuditType = (typeof auditTypes)[number];

/** What the gate hands to the log; the log adds v, seq, ts, prev and hash. Undefined fields are left out of the record. */
export interface AuditEntry {
  readonly type: AuditType;
  /** One id for all records of an operation. */
  readonly id: string;
  readonly session?: string | null;
  readonly agent?: string | null;
  readonly origin?: string;
  readonly tool?: AskedOperation;
  readonly server?: string;
  /** user@host:port */
  readonly target?: string;
  readonly argv?: readonly string[];
  /** A shell line that is not simple. */
  readonly line?: string;
  readonly path?: string;
  readonly cwd?: string;
  readonly decision?: string;
  readonly rule?: string;
  readonly policyHash?: string;
  /** Who answered: `operator@screen`, `operator@cli`, `policy`. */
  readonly approver?: string;
  /** What is known of whoever answered, and how: in a permit or refused record after a person's answer. */
  readonly approverProof?: string;
  readonly reason?: string;
  /** The envelope's status, in a result record. */
  readonly status?: 'ok' | 'partial_failure' | 'error';
  readonly code?: string;
  /** In a result record: something may have happened on the server all the same, and nobody could tell. */
  readonly outcomeUnknown?: true;
  /** In a result record: its command is durable and goes on on the server; a later result tells how it ended. */
  readonly goesOn?: true;
  /** In a later result of a durable command: the operation that followed it, whose recording has what it printed since. */
  readonly followedBy?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly bytes?: number;
  readonly truncated?: boolean;
  readonly durationMs?: number;
  readonly changedPath?: string;
  readonly beforeSha256?: string | null;
  /** In a permit record: what the file is to hold; null: it is to be deleted. */
  readonly wantedSha256?: string | null;
  /** Null: the file was deleted. */
  readonly afterSha256?: string | null;
  /** Folders that a write made, outermost first, and that a rollback of it removed. */
  readonly createdFolders?: readonly string[];
  readonly removedFolders?: readonly string[];
  readonly hostKey?: string;
  /** In a permit record: sudo is given the password of the server's record, for this command. */
  readonly sudo?: 'password';
  /** In a permit record: it goes on on the server without us, and is found again by this record's id. */
  readonly durable?: true;
  /** Commits of the before- and after-image. */
  readonly commitBefore?: string;
  readonly commit?: string;
  readonly edited?: boolean;
  /** Ids of the operations that a rollback took back, newest first. */
  readonly rollsBack?: readonly string[];
  /** File below `recordings/` that holds the output, its bytes so far and their sha256. */
  readonly recording?: string;
  readonly recordingBytes?: number;
  readonly recordingSha256?: string;
  /** In an open record: the newest record of the log that was signed by then. That checkpoint has to be there as long as the log is. */
  readonly signedSeq?: number;
  /** In an open record: the log had a key, and none of its checkpoints was left. */
  readonly checkpointsLost?: true;
  /** Free, short: what happened to the log or the host itself. */
  readonly note?: string;
}

export interface AuditRecord extends AuditEntry {
  readonly v: 1;
  readonly seq: number;
  /** ISO 8601 with milliseconds. */
  readonly ts: string;
  /** How many values were redacted in this record. */
  readonly redacted?: number;
  readonly prev: string;
  readonly hash: string;
}

export const auditOutcomes = [
  'ok',
  'failed',
  'partial_failure',
  'refused',
  'denied',
  'withdrawn',
  'waiting',
  'running',
  'goes-on',
  'unknown-outcome',
  'never-ran',
] as const;
/** How an operation ended as far as its records tell; `withdrawn` before anybody answered; `waiting` (for a person) and `running` only while the host that began it lives; `goes-on` on its server, where nobody follows it. */
export type AuditOutcome = (typeof auditOutcomes)[number];

/** One operation, joined from its records: a row of the audit browser. */
export interface AuditRow {
  readonly id: string;
  readonly seq: number;
  readonly ts: string;
  readonly session: string | null;
  readonly agent: string | null;
  readonly origin: string;
  readonly tool: string;
  readonly server: string | null;
  readonly summary: string;
  readonly decision: string;
  readonly rule: string;
  readonly approver: string | null;
  readonly outcome: AuditOutcome;
  readonly code: string | null;
  readonly exitCode: number | null;
  readonly durationMs: number | null;
  readonly commit: string | null;
  readonly acknowledged: boolean;
}

export interface AuditQuery {
  /** Newest first; offset counts rows that match. */
  readonly offset: number;
  readonly limit: number;
  readonly server?: string;
  readonly session?: string;
  readonly tool?: string;
  readonly outcome?: AuditOutcome;
  /** Case-insensitive substring over id, server, agent, tool, summary, code, rule. */
  readonly text?: string;
  /** More conditions, which must hold too. */
  readonly filter?: AuditFilter;
}

export interface AuditPage {
  readonly rows: readonly AuditRow[];
  /** How many rows match in all. */
  readonly total: number;
}

/** What signs a log, as far as its checkpoints tell. */
export interface AuditSignature {
  /** Fingerprints of the keys. */
  readonly keys: readonly string[];
  readonly checkpoints: number;
  /** The last record that is signed; 0 for none. */
  readonly signedSeq: number;
  /** The second place that was compared; null without one. */
  readonly second: string | null;
}

export type AuditVerdict =
  | {
      readonly ok: true;
      readonly records: number;
      readonly head: string;
      readonly notes: readonly string[];
      /** Undefined for a log that is not signed. */
      readonly signature?: AuditSignature;
    }
  | {
      readonly ok: false;
      readonly records: number;
      readonly problem: string;
      readonly file: string;
      readonly line: number;
      readonly seq: number | null;
    };
