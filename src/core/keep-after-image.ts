/** Step 8 of the gate: what a change has left on the server, verified and kept. It acts on no server itself. */
import { assert } from '../base/assert.ts';
import type { AuditEntry } from './audit/record.ts';
import type { Code } from './codes.ts';
import type { GateParts } from './orchestrator.ts';
import type { Change } from './plans/plan.ts';
import type { FileImage, PerformOutcome, SnapshotNote } from './ports.ts';
import type { Run } from './run.ts';

export interface AfterImage {
  readonly record: Partial<AuditEntry>;
  readonly code?: Code;
  readonly message?: string;
}

/** Step 8: the server's file is what was approved, and the store holds it. A failure here cannot undo the write: it is said. */
export async function keepAfterImage(
  run: Run,
  parts: GateParts,
  change: Change,
  outcome: Extract<PerformOutcome, { kind: 'write-file' | 'remove-file' }>,
): Promise<AfterImage> {
  const verifiedSha256 = outcome.kind === 'remove-file' ? null : outcome.verifiedSha256;
  const record: Partial<AuditEntry> = {
    changedPath: change.realPath,
    afterSha256: verifiedSha256,
    ...toFolderFields(outcome),
    ...(outcome.resumed
      ? { note: 'the connection was lost in the middle; it was brought to its end over another' }
      : {}),
  };
  const wanted = toSha256(change.after);
  if (verifiedSha256 !== wanted) {
    run.snapshotStatus = 'partial_failure';
    const message = `${change.realPath} was changed, but reading it back gave other bytes than were approved; look at the file now: something else writes it too.`;
    return { record, code: 'CONFLICT', message };
  }
  try {
    const commit = await parts.snapshots.commit(change.after, toImageNote(run, change, 'after'));
    run.snapshotStatus =
      change.after.kind === 'hash-only' || change.before.kind === 'hash-only' ? 'hash_only' : 'written';
    return { record: { ...record, commit } };
  } catch (error) {
    run.snapshotStatus = 'partial_failure';
    const why = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    const message = `${change.realPath} was changed on the server, and the state before is kept, but its new state is not: ${why}.`;
    return { record, code: 'SNAPSHOT_FAILED', message };
  }
}

/** A rollback of this change may take away what it made, and nothing else. */
function toFolderFields(
  outcome: Extract<PerformOutcome, { kind: 'write-file' | 'remove-file' }>,
): Pick<AuditEntry, 'createdFolders' | 'removedFolders'> {
  if (outcome.kind === 'remove-file')
    return outcome.removedFolders.length > 0 ? { removedFolders: outcome.removedFolders } : {};
  return outcome.createdFolders.length > 0 ? { createdFolders: outcome.createdFolders } : {};
}

/** What whoever asked is told of a change that was seen through a lost connection. */
export function toResumedMessage(outcome: PerformOutcome): string | undefined {
  if (!('resumed' in outcome) || outcome.resumed !== true) return undefined;
  return 'The connection was lost in the middle; the file was looked at over another, and it is as asked for now.';
}

export function toImageNote(run: Run, change: Change, moment: SnapshotNote['moment']): SnapshotNote {
  const { caller } = run.request;
  assert(run.target, 'A run that changes a file has its server.');
  return {
    server: run.target.id,
    realPath: change.realPath,
    auditId: run.id,
    session: caller.session,
    agent: caller.agent,
    moment,
  };
}

export function toSha256(image: FileImage): string | null {
  return image.kind === 'absent' ? null : image.sha256;
}
