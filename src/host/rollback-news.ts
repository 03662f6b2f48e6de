/** Tells the sessions whose changes were rolled back, so that no agent goes on as if its work still stood. Decides nothing. */
import type { Disposable } from '../base/lifecycle.ts';
import { toFileChange } from '../core/audit/file-change.ts';
import type { AuditRecord } from '../core/audit/record.ts';
import type { AuditLog } from '../core/ports.ts';
import type { Sessions } from './sessions/sessions.ts';

/** Follows the log: a rollback is told once its result is recorded, whoever asked for it. */
export function feedRollbacks(
  audit: Pick<AuditLog, 'records' | 'onAppend'>,
  sessions: Pick<Sessions, 'tell'>,
  log: (line: string) => void,
): Disposable {
  return audit.onAppend((record) => {
    if (record.type !== 'result' || record.tool !== 'rollback_file' || record.afterSha256 === undefined) return;
    tell(record, audit, sessions).catch((error: Error) =>
      log(`a session could not be told of rollback ${record.id}: ${error.message}`),
    );
  });
}

async function tell(
  record: AuditRecord,
  audit: Pick<AuditLog, 'records'>,
  sessions: Pick<Sessions, 'tell'>,
): Promise<void> {
  const idsBySession = new Map<string, string[]>();
  for (const id of record.rollsBack ?? []) {
    const session = toFileChange(await audit.records(id))?.session ?? null;
    if (session !== null) idsBySession.set(session, [...(idsBySession.get(session) ?? []), id]);
  }
  for (const [session, ids] of idsBySession) sessions.tell(session, toSentence(record, ids));
}

function toSentence(record: AuditRecord, ids: readonly string[]): string {
  const what = ids.length === 1 ? `change ${ids[0]}` : `${ids.length} changes (${ids.join(', ')})`;
  const now =
    record.afterSha256 === null
      ? 'the file did not exist before and is deleted again'
      : 'the file is what it was before';
  return `The operator rolled back ${what} of ${record.changedPath ?? record.path ?? 'a file'} on ${record.server ?? 'its server'}: ${now}. Read it again before you change it.`;
}
