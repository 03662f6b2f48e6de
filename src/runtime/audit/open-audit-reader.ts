/** Reads the audit log without writing, while a host runs or when none does: pages, records, verification, and following what is added. */
import { Buffer } from 'node:buffer';
import { open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseRecord } from '../../core/audit/chain-verifier.ts';
import type { AuditPage, AuditQuery, AuditRecord, AuditRow, AuditVerdict } from '../../core/audit/record.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { AuditStore } from './audit-store.ts';
import { listSegments, readSegmentLines, type SegmentFile } from './segment-files.ts';
import { toReason } from './to-reason.ts';
import { type VerifyOptions, verifyFolder } from './verify-folder.ts';
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
  /** The n-th record of the log, from 0; null past the end. */
  recordAt(index: number): Promise<AuditRecord | null>;
  openItems(): Promise<readonly AuditRow[]>;
  verify(options?: VerifyOptions): Promise<AuditVerdict>;
  /** The last records of the log, oldest first. */
  tail(count: number): Promise<readonly AuditRecord[]>;
  /** Records after a number, those that are there and those that are added, until the signal aborts. */
  follow(afterSeq: number, signal: AbortSignal): AsyncIterable<AuditRecord>;
}

/** A folder that does not exist reads as an empty log. Every method throws AUDIT_UNAVAILABLE when the files cannot be read. */
export function openAuditReader(options: { readonly folder: string }): AuditReader {
  const { folder } = options;
  const store = new AuditStore(folder, (runId) => isWriterAlive(folder, runId), 'reader');

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

  /** Looks at the newest segments only: what is older than `afterSeq` is not read again and again. */
  async function* follow(afterSeq: number, signal: AbortSignal): AsyncGenerator<AuditRecord> {
    const positions = new Map<string, { offset: number; line: number }>();
    while (!signal.aborted) {
      const added = await readAdded(folder, positions, afterSeq).catch((error: unknown) => {
        throw unreadable(folder, error);
      });
      for (const record of added) if (record.seq > afterSeq) yield record;
      if (added.length === 0) await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    page: (query) => read(() => store.page(query)),
    records: (id) => read(() => store.records(id)),
    row: (id) => read(() => store.row(id)),
    idsLike: (prefix) => read(() => store.idsLike(prefix)),
    recordAt: (index) => read(() => store.recordAt(index)),
    openItems: () => read(() => store.openItems()),
    verify: async (options) => {
      try {
        return await verifyFolder(folder, options);
      } catch (error) {
        throw unreadable(folder, error);
      }
    },
    tail: (count) => read(() => tail(count)),
    follow,
  };
}

/** Moves the positions on. The first look skips segments whose successor begins before what is wanted. */
async function readAdded(
  folder: string,
  positions: Map<string, { offset: number; line: number }>,
  afterSeq: number,
): Promise<AuditRecord[]> {
  const segments = await listSegments(folder);
  const isFirstLook = positions.size === 0;
  const added: AuditRecord[] = [];
  for (const [at, segment] of segments.entries()) {
    const next = segments[at + 1];
    if (isFirstLook && next !== undefined && (await readFirstSeq(next)) <= afterSeq + 1) {
      positions.set(segment.name, { offset: (await stat(segment.path)).size, line: 1 });
      continue;
    }
    const position = positions.get(segment.name) ?? { offset: 0, line: 1 };
    for (const line of await readSegmentLines(segment.path, position.offset, position.line)) {
      if (!line.isWhole) break;
      position.offset = line.offset + line.bytes + 1;
      position.line = line.line + 1;
      const record = parseRecord(line.text);
      if (record !== null) added.push(record);
    }
    positions.set(segment.name, position);
  }
  return added;
}

/** Infinite when its first line is no record. */
async function readFirstSeq(segment: SegmentFile): Promise<number> {
  const handle = await open(segment.path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(
      Buffer.alloc(limits.auditRecordBytesMax),
      0,
      limits.auditRecordBytesMax,
      0,
    );
    return parseRecord(buffer.toString('utf8', 0, bytesRead).split('\n')[0] ?? '')?.seq ?? Number.POSITIVE_INFINITY;
  } finally {
    await handle.close();
  }
}

function unreadable(folder: string, cause: unknown): OperationError {
  const message = `The audit log in ${folder} cannot be read (${toReason(cause)}); mend that and try again.`;
  return new OperationError('AUDIT_UNAVAILABLE', message, { cause });
}
