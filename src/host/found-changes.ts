/** Closes the open items of operations whose outcome is known after all, and tells the sessions that asked for changes. Decides nothing. */
import type { Disposable } from '../base/lifecycle.ts';
import type { AuditRecord } from '../core/audit/record.ts';
import type { AuditLog } from '../core/ports.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { ViewStore } from './view-store.ts';

interface Parts {
  readonly audit: Pick<AuditLog, 'records' | 'onAppend'>;
  readonly store: ViewStore;
  readonly sessions: Pick<Sessions, 'tell'>;
  readonly addNotice: (text: string) => void;
  readonly log: (line: string) => void;
}

/** Follows the log: a second result of an operation is what was found later. */
export function feedFoundChanges({ audit, store, sessions, addNotice, log }: Parts): Disposable {
  return audit.onAppend((record) => {
    if (record.type === 'progress' && record.origin === 'program' && record.changedPath !== undefined) {
      // It stays an open item.
      addNotice(`What became of ${record.id} on ${record.server} is not known for certain: ${record.note ?? ''}`);
      return;
    }
    if (record.type !== 'result' || record.origin !== 'program' || record.outcomeUnknown) return;
    const item = store.view.openItems.find(({ auditId }) => auditId === record.id);
    if (item) store.publish({ type: 'openItem.removed', auditId: record.id });
    if (record.changedPath === undefined) return;
    const sentence = toSentence(record);
    addNotice(sentence);
    audit
      .records(record.id)
      .then((records) => {
        const session = records.find((each) => typeof each.session === 'string')?.session;
        if (typeof session === 'string') sessions.tell(session, sentence);
      })
      .catch((error: Error) => log(`a session could not be told of ${record.id}: ${error.message}`));
  });
}

function toSentence({ id, server, changedPath, status, afterSha256 }: AuditRecord): string {
  const done = afterSha256 === null ? 'it was deleted' : 'it was written as asked for';
  const now = status === 'ok' ? done : 'it was not changed, so ask again if it is still wanted';
  return `The outcome of ${id}, which was unknown, is known now: ${changedPath} on ${server}: ${now}.`;
}
