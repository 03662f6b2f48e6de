/** One change of a remote file, as the records of its operation tell it. Pure; it knows neither the server nor the snapshots. */
import type { AuditRecord } from './record.ts';

export interface FileChange {
  readonly id: string;
  readonly seq: number;
  readonly ts: string;
  readonly tool: string;
  readonly session: string | null;
  readonly agent: string | null;
  readonly server: string;
  /** user@host:port of that time; null when the records do not tell. */
  readonly target: string | null;
  /** The real path. */
  readonly path: string;
  /** Null: the file was absent. */
  readonly beforeSha256: string | null;
  readonly afterSha256: string | null;
  /** Commits of the two images; null when one was not kept. */
  readonly commitBefore: string | null;
  readonly commitAfter: string | null;
  /** Folders that it made on the server, outermost first. */
  readonly createdFolders: readonly string[];
  /** What it took back, when it is a rollback itself. */
  readonly rollsBack: readonly string[];
}

/** Null when the operation changed no file, or when nobody knows whether it did. */
export function toFileChange(records: readonly AuditRecord[]): FileChange | null {
  const [first] = records;
  const last = <Field extends keyof AuditRecord>(field: Field): AuditRecord[Field] | undefined =>
    records.findLast((record) => record[field] !== undefined)?.[field];
  const server = last('server');
  const path = last('changedPath');
  const afterSha256 = last('afterSha256');
  const beforeSha256 = last('beforeSha256');
  if (first === undefined || server === undefined || path === undefined) return null;
  if (afterSha256 === undefined || beforeSha256 === undefined) return null;
  return {
    id: first.id,
    seq: first.seq,
    ts: first.ts,
    tool: last('tool') ?? '',
    session: last('session') ?? null,
    agent: last('agent') ?? null,
    server,
    target: last('target') ?? null,
    path,
    beforeSha256,
    afterSha256,
    commitBefore: last('commitBefore') ?? null,
    commitAfter: last('commit') ?? null,
    createdFolders: last('createdFolders') ?? [],
    rollsBack: last('rollsBack') ?? [],
  };
}
