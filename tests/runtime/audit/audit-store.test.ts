/** What is asked of a log while the index of a closed segment is being stored: nothing of it is out of sight for that moment. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AuditRecord } from '../../../src/core/audit/record.ts';
import { AuditStore } from '../../../src/runtime/audit/audit-store.ts';
import { type LogBench, openLogBench } from './log-bench.ts';

let bench: LogBench;
beforeEach(() => {
  bench = openLogBench();
});
afterEach(() => bench.dispose());

it('knows the records of a segment whose index is being stored', async () => {
  await bench.write(3);
  const store = new AuditStore(bench.folder, () => true, 'writer');
  const [name = ''] = bench.segments();
  const records = bench.lines(name).map((line) => JSON.parse(line) as AuditRecord);
  let offset = 0;
  for (const [at, line] of bench.lines(name).entries()) {
    const bytes = Buffer.byteLength(line);
    store.add(records[at] as AuditRecord, { file: name, offset, bytes });
    offset += bytes + 1;
  }
  // The first record of the next segment closes this one; its index is on its way to the disk from here on.
  const next = { ...(records[0] as AuditRecord), seq: records.length + 1 };
  store.add(next, { file: 'segment-000099.jsonl', offset: 0, bytes: 10 });
  const asked = [store.records('op-1'), store.recordAt(2), store.recordCount, store.head.seq] as const;
  const [ofOperation, third, count, head] = await Promise.all(asked);
  expect(ofOperation.map(({ type }) => type)).toEqual(['intent', 'permit', 'result']);
  expect(third?.seq).toBe(3);
  expect([count, head]).toEqual([records.length + 1, next.seq]);
  await store.close();
});
