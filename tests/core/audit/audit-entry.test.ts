/** One row of the log from the records of one operation: what it is about. */
import { expect, it } from 'vitest';
import { beginEntry, toAuditRow } from '../../../src/core/audit/audit-entry.ts';
import type { AuditRecord } from '../../../src/core/audit/record.ts';

it.each([
  ['the command line', { tool: 'remote_exec', line: 'df -h | sort' }, 'df -h | sort'],
  ['the words of a command, quoted', { tool: 'remote_exec', argv: ['ls', 'a b'] }, "ls 'a b'"],
  ['the file', { tool: 'remote_read_file', path: '/etc/hosts' }, '/etc/hosts'],
  ['a shell by its name, as its records name nothing', { tool: 'shell_open' }, 'interactive shell'],
])('says %s', (_what, fields, summary) => {
  const record = { id: 'A1', type: 'intent', seq: 1, ts: '2026-01-02T03:04:05.000Z', ...fields } as AuditRecord;
  expect(toAuditRow(beginEntry(record), true).summary).toBe(summary);
});
