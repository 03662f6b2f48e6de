/**
 * Which writes an earlier host began and never ended, so that what they left beside their files can be taken away. Knows the log, and
 * how such a file is called; not how it is removed.
 */
import type { AuditLog } from './ports.ts';

export interface UnfinishedWrite {
  readonly server: string;
  /** user@host:port */
  readonly address: string;
  /** Absolute path of the temporary file, which may be there or not. */
  readonly temporaryPath: string;
}

/** Newest first and at most this many: each costs a look into the log at the start. */
const writesMax = 100;

/** Of the writes that are open items: their permits name the file. */
export async function findUnfinishedWrites(
  audit: Pick<AuditLog, 'openItems' | 'records'>,
): Promise<readonly UnfinishedWrite[]> {
  const unknown = (await audit.openItems()).filter((row) => row.outcome === 'unknown-outcome' && row.server !== null);
  const writes: UnfinishedWrite[] = [];
  for (const { id } of unknown) {
    if (writes.length >= writesMax) break;
    const permit = (await audit.records(id)).find((record) => record.type === 'permit');
    if (permit?.changedPath === undefined || permit.server === undefined || permit.target === undefined) continue;
    const { server, target: address, changedPath } = permit;
    writes.push({ server, address, temporaryPath: toTemporaryPath(changedPath, id) });
  }
  return writes;
}

/**
 * Where the new content of a file is made before it takes the file's name: beside it, named after the operation, so that whoever finds
 * one can look it up in the log, and a host that comes later knows which are its own.
 */
export function toTemporaryPath(path: string, auditId: string): string {
  return `${path.slice(0, path.lastIndexOf('/') + 1)}.signalbox-${auditId.replaceAll(/[^A-Za-z0-9-]/g, '_')}.tmp`;
}
