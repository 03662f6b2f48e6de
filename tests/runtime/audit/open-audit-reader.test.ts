/** Reading the log from another process's point of view, while it is written and when it is not. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownIdentity } from '../../../src/base/process-life.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { intent, type LogBench, openLogBench, permit } from './log-bench.ts';

let bench: LogBench;
beforeEach(() => {
  bench = openLogBench();
});
afterEach(() => bench.dispose());

describe('openAuditReader', () => {
  it('reads an absent bench.folder as an empty log', async () => {
    const reader = openAuditReader({ folder: join(bench.folder, 'absent') });
    expect(await reader.page({ offset: 0, limit: 5 })).toEqual({ rows: [], total: 0 });
    expect(await reader.verify()).toMatchObject({ ok: true, records: 0 });
  });

  it('sees what a living host runs, and follows what it adds across a rotation', async () => {
    const log = await bench.open(2_000);
    await log.append([intent('before')]);
    const reader = openAuditReader({ folder: bench.folder });
    expect((await reader.row('before'))?.outcome).toBe('running');
    const ending = new AbortController();
    const seen: string[] = [];
    const [, before] = await reader.tail(2);
    const follower = reader.follow(before?.seq ?? 0, ending.signal)[Symbol.asyncIterator]();
    const first = follower.next();
    for (let index = 0; index < 10; index += 1) {
      await log.append([intent(`op-${index}`)]);
      await reader.page({ offset: 0, limit: 1 });
    }
    for (let next = await first; !next.done; next = await follower.next()) {
      if (next.value.type === 'intent') seen.push(next.value.id);
      if (seen.includes('op-9')) break;
    }
    ending.abort();
    expect(seen).toEqual(Array.from({ length: 10 }, (_, index) => `op-${index}`));
    expect(await reader.idsLike('op-')).toHaveLength(10);
    await bench.close();
    expect((await reader.row('before'))?.outcome).toBe('never-ran');
  });

  it.each([
    ['another host has the log, and no segment yet', { ...ownIdentity(), runId: 'host-next' }, 'unknown-outcome'],
    ['the host of before is of an earlier version', ownIdentity(), 'running'],
  ])('tells of what a host left running when %s', async (_name, holder, outcome) => {
    const log = await bench.open();
    await log.append([intent('shell'), permit('shell')]);
    const lock = readFileSync(bench.path('writer.lock'), 'utf8');
    writeFileSync(bench.path('writer.lock'), JSON.stringify(holder));
    expect((await openAuditReader({ folder: bench.folder }).row('shell'))?.outcome).toBe(outcome);
    writeFileSync(bench.path('writer.lock'), lock);
    expect((await openAuditReader({ folder: bench.folder }).row('shell'))?.outcome).toBe('running');
  });
});
