/** What the log learns later of operations whose outcome nobody knew: their open items close, and people are told. */
import { expect, it } from 'vitest';
import { Emitter } from '../../src/base/event.ts';
import type { AuditRecord } from '../../src/core/audit/record.ts';
import { feedFoundChanges } from '../../src/host/found-changes.ts';
import { ViewStore } from '../../src/host/view-store.ts';
import { toEmptyView } from '../../src/protocol/reduce.ts';

const change = { id: 'A1', server: 'web-1', changedPath: '/srv/it', origin: 'program' } as const;

it.each([
  ['a change that was made', { ...change, type: 'result', status: 'ok' }, 0, ['it was written as asked for']],
  ['a durable command that ended', { id: 'A1', type: 'result', origin: 'program', status: 'ok' }, 0, []],
  ['one that vanished', { id: 'A1', type: 'result', origin: 'program', outcomeUnknown: true }, 1, []],
  ['a file that is elsewhere now', { ...change, type: 'progress', note: 'It is at X now.' }, 1, ['It is at X now.']],
  ['what an agent did', { ...change, type: 'result', origin: 'agent', status: 'ok' }, 1, []],
] as const)('%s', (_what, record, open, told) => {
  const store = new ViewStore(toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false }));
  const item = { auditId: 'A1', kind: 'unknown-outcome', server: 'web-1', summary: '', message: '', atMs: 0 } as const;
  store.publish({ type: 'openItem.added', item });
  const appended = new Emitter<AuditRecord>();
  const notices: string[] = [];
  const feed = feedFoundChanges({
    audit: { records: async () => [], onAppend: appended.event },
    ...{ store, sessions: { tell: () => undefined }, log: () => undefined },
    addNotice: (text) => void notices.push(text),
  });
  appended.fire(record as unknown as AuditRecord);
  expect(store.view.openItems).toHaveLength(open);
  expect(notices).toEqual(told.map((words) => expect.stringContaining(words)));
  feed.dispose();
});
