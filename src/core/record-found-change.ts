/**
 * The later end of a change whose outcome nobody knew: what a look at the file found is recorded as its result, so that the log, the open
 * items and whoever asked for it say the same. Decides from hashes alone, and touches no server.
 */
import type { AuditEntry, AuditRecord } from './audit/record.ts';
import type { AuditLog, FileImage, Snapshots } from './ports.ts';
import type { ChangeFound } from './unfinished-writes.ts';

interface Parts {
  readonly audit: Pick<AuditLog, 'records' | 'append'>;
  readonly snapshots: Pick<Snapshots, 'commit'>;
}

/** Nothing is recorded when the outcome is known by now, or was looked up before. Throws AUDIT_UNAVAILABLE or SNAPSHOT_FAILED. */
export async function recordFoundChange(found: ChangeFound, { audit, snapshots }: Parts): Promise<void> {
  const records = await audit.records(found.change.auditId);
  const permit = records.find(({ type }) => type === 'permit');
  const last = records.findLast(({ type }) => type === 'result' || type === 'progress');
  if (permit === undefined || (last !== undefined && last.outcomeUnknown !== true)) return;
  await audit.append([await toEntry(found, permit, snapshots)]);
}

async function toEntry(
  { change, state, problem }: ChangeFound,
  permit: AuditRecord,
  snapshots: Parts['snapshots'],
): Promise<AuditEntry> {
  const { auditId: id, path, expectedSha256, wantedSha256 } = change;
  const { server = '', target = '', tool = 'remote_write_file' } = permit;
  const base = { id, origin: 'program', server, target, tool, changedPath: path } as const;
  const found = state === null ? undefined : state.kind === 'absent' ? null : state.sha256;
  // Whatever is there now, a file of somebody's stands where nobody looks for it.
  if (problem !== undefined) return { ...base, type: 'progress', note: problem };
  if (found === wantedSha256) {
    const image = toImage(state);
    const note = { server, realPath: path, auditId: id, session: permit.session ?? null, agent: permit.agent ?? null };
    const commit = image === null ? undefined : await snapshots.commit(image, { ...note, moment: 'after' });
    return {
      ...{ ...base, type: 'result', status: 'ok', afterSha256: found, note: `${lookedAt} it was done.` },
      ...(commit === undefined ? {} : { commit }),
    };
  }
  if (found === expectedSha256)
    return {
      ...base,
      type: 'result',
      status: 'error',
      code: 'CONNECTION_LOST',
      reason: `${lookedAt} nothing was changed.`,
    };
  return {
    ...base,
    type: 'progress',
    note: `${lookedAt} it is neither the old nor the new one. Look at it before you go on.`,
  };
}

/** By its hash: whether its content may be kept is what policy said when it was asked for, and nobody is asked now. */
function toImage(state: ChangeFound['state']): FileImage | null {
  if (state === null || state.kind === 'absent') return state;
  const { sha256, size, mode, owner } = state;
  return { kind: 'hash-only', sha256, size, mode, owner };
}

const lookedAt = 'Its end was not seen here. The file was looked at over the next connection:';
