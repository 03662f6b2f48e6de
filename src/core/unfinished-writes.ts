/**
 * Which writes an earlier host began and never ended, so that what they left beside their files can be taken away. Knows the log, and
 * how such a file is called; not how it is removed.
 */
import { limits } from './limits.ts';
import type { AuditLog, PathState } from './ports.ts';

export interface UnfinishedWrite {
  readonly server: string;
  /** user@host:port */
  readonly address: string;
  /** Absolute paths of temporary files, or of folders for a file that is deleted, each of which may be there or not. */
  readonly temporaryPaths: readonly string[];
  /** The file that may have been moved into such a folder. */
  readonly removal?: { readonly path: string; readonly expectedSha256: string };
  /** Set when nobody knows whether the file itself was changed. */
  readonly change?: UnknownChange;
}

export interface UnknownChange {
  /** Of the operation. */
  readonly auditId: string;
  readonly path: string;
  /** What the file held before; null: it was absent. */
  readonly expectedSha256: string | null;
  /** What it was to hold; null: it was to be deleted. */
  readonly wantedSha256: string | null;
}

/** What a look at the file found later; null: something that no write of ours leaves. */
export interface ChangeFound {
  readonly change: UnknownChange;
  readonly state: Extract<PathState, { kind: 'absent' | 'file' }> | null;
  /** Another file, which was taken away with it, did not get its name back: where it is. */
  readonly problem?: string;
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
    const { server, target: address, changedPath: path, beforeSha256: expectedSha256, wantedSha256 } = permit;
    writes.push({
      ...{ server, address, temporaryPaths: toTemporaryPaths(path, id) },
      ...(wantedSha256 === null && expectedSha256 ? { removal: { path, expectedSha256 } } : {}),
      ...(expectedSha256 === undefined || wantedSha256 === undefined
        ? {}
        : { change: { auditId: id, path, expectedSha256, wantedSha256 } }),
    });
  }
  return writes;
}

/**
 * Where the new content of a file is made before it takes the file's name, or the folder that a file is moved into before it is deleted: beside it, named after the operation, so that whoever finds
 * one can look it up in the log, and a host that comes later knows which are its own. Each attempt (counted from 1) has another: a rename that a
 * lost connection still holds must never find what the next one has half written.
 */
export function toTemporaryPath(path: string, auditId: string, attempt: number): string {
  const name = `.signalbox-${auditId.replaceAll(/[^A-Za-z0-9-]/g, '_')}${attempt === 1 ? '' : `.${attempt}`}.tmp`;
  return path.slice(0, path.lastIndexOf('/') + 1) + name;
}

/** Of all attempts there can be. */
export function toTemporaryPaths(path: string, auditId: string): readonly string[] {
  return [undefined, ...limits.changeRetriesMs].map((_delay, at) => toTemporaryPath(path, auditId, at + 1));
}
