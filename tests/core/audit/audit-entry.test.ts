/** One row of the log from the records of one operation: what it is about, and how it ended. */
import { describe, expect, it } from 'vitest';
import { beginEntry, isUnsettled, joinRecord, toAuditRow } from '../../../src/core/audit/audit-entry.ts';
import type { AuditRecord } from '../../../src/core/audit/record.ts';

describe('the outcome of a durable command', () => {
  const record = (fields: object): AuditRecord =>
    ({ id: 'A1', seq: 1, ts: '2026-01-02T03:04:05.000Z', tool: 'remote_exec', ...fields }) as AuditRecord;
  const left = record({ type: 'result', status: 'error', code: 'CANCELLED', goesOn: true });
  const lost = record({ type: 'result', status: 'error', code: 'CONNECTION_LOST', outcomeUnknown: true });

  it.each([
    ['nobody follows it any more', [left], 'goes-on', null],
    ['it was followed, and left again', [left, record({ ...left, followedBy: 'A2' })], 'goes-on', null],
    ['it was followed to its end', [left, record({ type: 'result', status: 'ok', exitCode: 0 })], 'ok', 0],
    ['it ended badly', [left, record({ type: 'result', status: 'error', exitCode: 3 })], 'failed', 3],
    ['it vanished', [left, lost], 'unknown-outcome', null],
  ] as const)('is told when %s', (_when, results, outcome, exitCode) => {
    const state = results.reduce(joinRecord, beginEntry(record({ type: 'permit', durable: true })));
    expect(toAuditRow(state, false)).toMatchObject({ outcome, exitCode });
    // A later segment may say more.
    expect(isUnsettled(state)).toBe(outcome === 'goes-on' || outcome === 'unknown-outcome');
  });
});

describe('the outcome of a change', () => {
  const record = (fields: object): AuditRecord =>
    ({ id: 'A1', seq: 1, ts: '2026-01-02T03:04:05.000Z', tool: 'remote_write_file', ...fields }) as AuditRecord;
  const permit = record({ type: 'permit' });
  const lost = record({ type: 'result', status: 'error', code: 'CONNECTION_LOST' });
  const unknown = { ...lost, outcomeUnknown: true } as const;
  const found = record({ type: 'result', status: 'ok' });
  const notFound = record({ type: 'result', status: 'error', code: 'CONNECTION_LOST' });

  it.each([
    ['nobody knows', [unknown], 'unknown-outcome', 'CONNECTION_LOST'],
    ['nothing was changed before the line broke', [lost], 'failed', 'CONNECTION_LOST'],
    ['a stuck file service did not answer', [{ ...unknown, code: 'TIMEOUT' }], 'unknown-outcome', 'TIMEOUT'],
    ['a read was cut off', [{ ...unknown, tool: 'remote_stat' }], 'failed', 'CONNECTION_LOST'],
    ['it was looked at later, and was done', [unknown, found], 'ok', null],
    ['it was looked at later, and was not', [unknown, notFound], 'failed', 'CONNECTION_LOST'],
  ] as const)('is told when %s', (_when, results, outcome, code) => {
    const [first] = results;
    const begun = { ...permit, tool: first.tool } as AuditRecord;
    const state = (results as readonly AuditRecord[]).reduce(joinRecord, beginEntry(begun));
    expect(toAuditRow(state, false)).toMatchObject({ outcome, code });
  });
});

it.each([
  ['the command line', { tool: 'remote_exec', line: 'df -h | sort' }, 'df -h | sort'],
  ['the words of a command, quoted', { tool: 'remote_exec', argv: ['ls', 'a b'] }, "ls 'a b'"],
  ['the file', { tool: 'remote_read_file', path: '/etc/hosts' }, '/etc/hosts'],
  ['a shell by its name, as its records name nothing', { tool: 'shell_open' }, 'interactive shell'],
])('says %s', (_what, fields, summary) => {
  const record = { id: 'A1', type: 'intent', seq: 1, ts: '2026-01-02T03:04:05.000Z', ...fields } as AuditRecord;
  expect(toAuditRow(beginEntry(record), true).summary).toBe(summary);
});
