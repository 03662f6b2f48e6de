/** What became of one file, from the log alone: newest first, with what somebody else did in between. */
import { expect, it } from 'vitest';
import type { AuditRecord, AuditRow } from '../../src/core/audit/record.ts';
import { readFileHistory } from '../../src/host/file-history.ts';

const operations = [
  { id: 'A3', tool: 'remote_write_file', path: '/etc/hosts', beforeSha256: 'x', afterSha256: 'c' },
  { id: 'A2', tool: 'remote_read_file', path: '/etc/hosts', beforeSha256: undefined, afterSha256: undefined },
  { id: 'A1', tool: 'remote_write_file', path: '/etc/hosts', beforeSha256: 'a', afterSha256: 'b' },
  { id: 'A0', tool: 'remote_write_file', path: '/etc/other', beforeSha256: 'a', afterSha256: 'b' },
];
const audit = {
  page: async () => ({
    rows: operations.map(({ id, tool }) => ({
      ...{ id, tool, ts: '2026-01-01T00:00:00.000Z', outcome: 'ok', agent: 'demo', commit: 'c' },
    })) as unknown as AuditRow[],
    total: operations.length,
  }),
  records: async (id: string) => {
    const found = operations.find((one) => one.id === id);
    return (found ? [{ ...found, server: 'web-1' }] : [{ server: 'web-1' }]) as unknown as AuditRecord[];
  },
};

it('has every change of the file, and none of another', async () => {
  const history = await readFileHistory(audit, 'A1');
  expect(history).toMatchObject({ server: 'web-1', path: '/etc/hosts', isCut: false });
  expect(history.steps.map(({ id, isDrift }) => [id, isDrift])).toEqual([
    ['A3', true],
    ['A1', false],
  ]);
});

it('is refused for an operation that was about no file', async () => {
  await expect(readFileHistory(audit, 'A9')).rejects.toThrow('about no file');
});
