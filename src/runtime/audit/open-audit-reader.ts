/** Reads the audit log without writing, while a host runs or when none does: pages, records, verification, and following what is added. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseRecord } from '../../core/audit/chain-verifier.ts';
import type { AuditPage, AuditQuery, AuditRecord, AuditRow, AuditVerdict } from '../../core/audit/record.ts';
import { OperationError } from '../../core/codes.ts';
import { AuditStore } from './audit-store.ts';
import { listSegments, readSegmentLines } from './segment-files.ts';
import { toReason } from './to-reason.ts';
import { verifyFolder } from './verify-folder.ts';
import { isWriterAlive } from './writer-lock.ts';

/** Looking at the size of one file costs microseconds; a quarter of a second is at once for a reader. */
const lookEveryMs = 250;

export interface AuditReader {
  page(query: AuditQuery): Promise<AuditPage>;
  /** All records of one operation, oldest first; empty for an unknown id. */
  records(id: string): Promise<readonly AuditRecord[]>;
  row(id: string): Promise<AuditRow | null>;
  /** Ids that begin with a text, at most ten. */
  idsLike(prefix: string): Promise<readonly string[]>;
  openItems(): Promise<readonly AuditRow[]>;
  verify(): Promise<AuditVerdict>;
  /** The last records of the log, oldest first. */
  tail(count: number): Promise<readonly AuditRecord[]>;
  /** Records after a number, those that are there and those that are added, until the signal aborts. */
  follow(afterSeq: number, signal: AbortSignal): AsyncIterable<AuditRecord>;
}

/** A folder that does not exist reads as an empty log. Every method throws AUDIT_UNAVAILABLE when the files cannot be read. */
export function openAuditReader(options: { readonly folder: string }): AuditReader {
  const { folder } = options;
  const store = new AuditStore(folder, () => isWriterAlive(folder));

  async function read<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      await store.refresh();
      return await work();
    } catch (error) {
      throw unreadable(folder, error);
    }
  }

  async function tail(count: number): Promise<AuditRecord[]> {
    const records: AuditRecord[] = [];
    for (const segment of (await listSegments(folder)).reverse()) {
      const lines = await readSegmentLines(segment.path);
      for (let index = lines.length - 1; index >= 0 && records.length < count; index -= 1) {
        const record = parseRecord(lines[index]?.text ?? '');
        if (record !== null) records.push(record);
      }
      if (records.length >= count) break;
    }
    return records.reverse();
  }

  /** Has an index of its own: what a page reads meanwhile is not lost to the follower. */
  async function* follow(afterSeq: number, signal: AbortSignal): AsyncGenerator<AuditRecord> {
    const own = new AuditStore(folder, () => true);
    while (!signal.aborted) {
      const added = await own.refresh().catch((error: unknown) => {
        throw unreadable(folder, error);
      });
      for (const record of added) if (record.seq > afterSeq) yield record;
      if (added.length === 0) await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    page: (query) => read(() => store.index.page(query)),
    records: (id) => read(() => store.records(id)),
    row: (id) => read(() => store.index.row(id)),
    idsLike: (prefix) => read(() => store.index.idsLike(prefix)),
    openItems: () => read(() => store.index.openItems()),
    verify: () => read(() => verifyFolder(folder)),
    tail: (count) => read(() => tail(count)),
    follow,
  };
}

function unreadable(folder: string, cause: unknown): OperationError {
  const message = `The audit log in ${folder} cannot be read (${toReason(cause)}); mend that and try again.`;
  return new OperationError('AUDIT_UNAVAILABLE', message, { cause });
}
