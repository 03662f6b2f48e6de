/** Operations that begin in one segment and end in another: one row, with its true outcome, whoever asks and when. */
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry, AuditOutcome } from '../../../src/core/audit/record.ts';
import type { AuditLog } from '../../../src/core/ports.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { intent, type LogBench, openLogBench, permit, result } from './log-bench.ts';

let bench: LogBench;
beforeEach(() => {
  bench = openLogBench();
});
afterEach(() => bench.dispose());

const refused = (id: string, code: string): AuditEntry => ({ type: 'refused', id, code, tool: 'remote_exec' });

describe('an operation that begins in one segment', () => {
  const cases: readonly (readonly [string, readonly AuditEntry[], readonly AuditEntry[], AuditOutcome])[] = [
    ['is denied', [intent('a')], [refused('a', 'APPROVAL_DENIED')], 'denied'],
    ['expires', [intent('a')], [refused('a', 'APPROVAL_EXPIRED')], 'refused'],
    ['is withdrawn', [intent('a')], [refused('a', 'CANCELLED')], 'withdrawn'],
    ['is permitted and ends', [intent('a')], [permit('a'), result('a')], 'ok'],
    ['ends', [intent('a'), permit('a')], [result('a')], 'ok'],
    ['fails', [intent('a'), permit('a')], [result('a', { status: 'error', code: 'NON_ZERO_EXIT' })], 'failed'],
  ];

  it.each(cases)('and %s in a later one is one row and not open', async (_what, first, last, outcome) => {
    const log = await bench.open(2_000);
    // The first segment holds something else, so that the second is not the first.
    for (let index = 0; index < 10; index += 1)
      await log.append([intent(`before-${index}`), permit(`before-${index}`)]);
    await log.append(first);
    const begun = bench.segments().length;
    for (let index = 0; index < 10; index += 1) await log.append([refused(`other-${index}`, 'POLICY_REJECTED')]);
    expect(bench.segments().length).toBeGreaterThan(begun);
    await log.append(last);
    const look = async (asked: Pick<AuditLog, 'page' | 'openItems' | 'records'>) => {
      const { rows } = await asked.page({ offset: 0, limit: 100 });
      const open = (await asked.openItems()).filter((row) => row.id === 'a');
      const types = (await asked.records('a')).map((record) => record.type);
      return [rows.filter((row) => row.id === 'a').map((row) => row.outcome), rows.length, open, types];
    };
    const expected = [[outcome], 21, [], [...first, ...last].map((entry) => entry.type)];
    expect(await look(log)).toEqual(expected);
    expect(await look(openAuditReader({ folder: bench.folder }))).toEqual(expected);
    await bench.close();
    expect(await look(openAuditReader({ folder: bench.folder }))).toEqual(expected);
    for (const name of bench.segments()) rmSync(bench.path(name.replace('.jsonl', '.index')));
    expect(await look(openAuditReader({ folder: bench.folder }))).toEqual(expected);
    expect(await look(await bench.open())).toEqual(expected);
  });

  it('tells the running host the same at once, while the index of its segment is still being stored', async () => {
    const log = await bench.open(2_000);
    const ids = Array.from({ length: 60 }, (_, index) => `op-${index}`);
    for (const [index, id] of ids.entries()) {
      await log.append([intent(id), permit(id)]);
      const before = ids[index - 1];
      if (before !== undefined) await log.append([result(before)]);
      const rows = (await log.page({ offset: 0, limit: 200 })).rows;
      expect(rows.map((row) => row.outcome)).toEqual(['running', ...ids.slice(0, index).map(() => 'ok')]);
    }
  });
});
