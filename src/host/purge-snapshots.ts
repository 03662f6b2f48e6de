/** Takes kept contents out of the snapshot store, with records of who asked for it before and after. Which contents, the store finds. */
import { randomBytes } from 'node:crypto';
import { describePurge, type PurgeScope } from '../core/audit/purge.ts';
import type { AuditEntry } from '../core/audit/record.ts';
import { OperationError } from '../core/codes.ts';
import type { Params, Result } from '../protocol/methods.ts';
import type { HostParts } from './parts.ts';

type Parts = Pick<HostParts, 'audit' | 'snapshots' | 'clock'>;

/** Throws SNAPSHOT_FAILED when the store could not be rewritten, AUDIT_UNAVAILABLE when the intent could not be recorded. */
export async function purgeSnapshots(
  { audit, snapshots, clock }: Parts,
  params: Params<'snapshots.purge'>,
  client: 'screen' | 'cli',
): Promise<Result<'snapshots.purge'>> {
  const scope: PurgeScope =
    'before' in params ? { kind: 'before', beforeMs: Date.parse(params.before) } : { kind: 'path', ...params };
  if (snapshots.purge === undefined) throw new OperationError('UNSUPPORTED', 'This snapshot store cannot be purged.');
  const id = `${clock.nowMs().toString(36)}-purge-${randomBytes(3).toString('hex')}`;
  const what = describePurge(scope);
  const common: Pick<AuditEntry, 'id' | 'origin' | 'approver' | 'server' | 'path'> = {
    ...{ id, origin: 'operator', approver: `operator@${client}` },
    ...(scope.kind === 'path' ? { server: scope.server, path: scope.path } : {}),
  };
  await audit.append([
    { type: 'intent', ...common, note: `purge of ${what}` },
    { type: 'permit', ...common, decision: 'approval-required', rule: 'purge' },
  ]);
  try {
    const { contents, commits } = await snapshots.purge(scope);
    const message =
      contents === 0
        ? `Nothing was kept of it: ${what}.`
        : `${contents} contents are gone (${what}); their hashes stay, and ${commits} commits were written anew.`;
    await audit.append([{ type: 'result', ...common, status: 'ok', note: message }]);
    return { contents, message };
  } catch (error) {
    const code = error instanceof OperationError ? error.code : 'INTERNAL';
    await audit.append([{ type: 'result', ...common, status: 'error', code, reason: (error as Error).message }]);
    throw error;
  }
}
