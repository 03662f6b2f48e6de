/** Tells screens that the audit log has grown, at most a few times a second, and answers what they ask of it. Never writes. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { AuditRecord } from '../core/audit/record.ts';
import type { AuditLog, FileImage, Snapshots } from '../core/ports.ts';
import type { Result } from '../protocol/methods.ts';
import type { HostParts } from './parts.ts';
import type { ViewStore } from './view-store.ts';

const announceEveryMs = 200;

export function feedAudit(audit: AuditLog, store: ViewStore, clock: Clock): Disposable {
  let timer: Disposable | null = null;
  const announce = async (): Promise<void> => {
    timer = null;
    const { total } = await audit.page({ offset: 0, limit: 0 });
    store.publish({ type: 'audit.grown', rows: total });
  };
  const subscription = audit.onAppend(() => {
    // A log that cannot be read any more is told by the next append, which stops the gate.
    timer ??= clock.after(announceEveryMs, () => void announce().catch(() => undefined));
  });
  timer = clock.after(0, () => void announce().catch(() => undefined));
  return {
    dispose() {
      subscription.dispose();
      timer?.dispose();
    },
  };
}

/** All records of one operation and, when it changed a file, the change. A snapshot that is gone is a note, not an error. */
export async function readDetail(
  parts: Pick<HostParts, 'audit' | 'snapshots' | 'toDiff'>,
  id: string,
): Promise<Result<'audit.detail'>> {
  const records = await parts.audit.records(id);
  const change = findChange(records);
  if (!change) return { records: records.map((record) => ({ ...record })), diff: null, diffNote: null };
  const { diff, note } = await readChange(parts, change);
  return { records: records.map((record) => ({ ...record })), diff, diffNote: note };
}

interface Change {
  readonly server: string;
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
}

function findChange(records: readonly AuditRecord[]): Change | null {
  const joined = records.reduce<Partial<AuditRecord>>((all, record) => ({ ...all, ...record }), {});
  const { server, changedPath, path, commit, commitBefore } = joined;
  const changed = changedPath ?? path;
  if (server === undefined || changed === undefined || commit === undefined) return null;
  return { server, path: changed, before: commitBefore ?? null, after: commit };
}

async function readChange(
  parts: { readonly snapshots: Snapshots; readonly toDiff: HostParts['toDiff'] },
  { server, path, before, after }: Change,
): Promise<{ readonly diff: string | null; readonly note: string | null }> {
  try {
    const absent: FileImage = { kind: 'absent' };
    const was = before === null ? absent : await parts.snapshots.read(before, server, path);
    return parts.toDiff(path, was, await parts.snapshots.read(after, server, path));
  } catch (error) {
    return { diff: null, note: `The snapshots of this change cannot be read: ${(error as Error).message}` };
  }
}
