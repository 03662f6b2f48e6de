/** Actions counted in stretches of time: the finest that fit, without gaps, every one in its place. */
import { describe, expect, it } from 'vitest';
import type { AuditRow } from '../../src/core/audit/record.ts';
import { bucketSizesMs, readTimeline, toBuckets } from '../../src/host/audit-timeline.ts';
import { bounds } from '../../src/protocol/bounds.ts';
import fc from '../fixtures/properties.ts';

const row = (atMs: number, outcome: AuditRow['outcome'] = 'ok') => ({ ts: new Date(atMs).toISOString(), outcome });
const minute = 60_000;
const hour = 60 * minute;

describe('a time line', () => {
  it('counts by how actions ended', () => {
    const outcomes = [
      'ok',
      'failed',
      'partial_failure',
      'refused',
      'denied',
      'running',
      'unknown-outcome',
      'never-ran',
    ] as const;
    const { list } = toBuckets(
      outcomes.map((outcome) => row(hour, outcome)),
      10,
    );
    expect(list).toEqual([{ atMs: hour, ok: 1, stopped: 2, failed: 4, running: 1 }]);
  });

  it.each<[string, readonly number[], number, number, number]>([
    ['one action', [0], 10, minute, 1],
    ['ten minutes', [0, 9 * minute], 10, minute, 10],
    ['eleven minutes', [0, 10 * minute], 10, 10 * minute, 2],
    ['a day', [0, 23 * hour], 24, hour, 24],
    ['a month', [0, 30 * 24 * hour], 40, 24 * hour, 31],
    ['years', [0, 3 * 365 * 24 * hour], 200, 7 * 24 * hour, 157],
  ])('of %s has the finest stretches that fit', (_name, times, most, bucketMs, count) => {
    const found = toBuckets(
      times.map((atMs) => row(atMs)),
      most,
    );
    expect([found.bucketMs, found.list.length, found.isWhole]).toEqual([bucketMs, count, true]);
  });

  it('of more than fits has the newest, and says so', () => {
    const found = toBuckets([row(0), row(1_000 * 7 * 24 * hour)], 5);
    expect([found.list.length, found.isWhole, found.list.at(-1)?.ok]).toEqual([5, false, 1]);
  });

  it('has no gap, and loses no action that is within it', () => {
    const times = fc.array(fc.integer({ min: 0, max: 400 * 24 * hour }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(times, fc.integer({ min: 60, max: 512 }), (all, most) => {
        const { list, bucketMs } = toBuckets(
          all.map((atMs) => row(atMs)),
          most,
        );
        const gaps = list.slice(1).every(({ atMs }, index) => atMs - (list[index]?.atMs ?? 0) === bucketMs);
        return gaps && list.length <= most && list.reduce((sum, { ok }) => sum + ok, 0) === all.length;
      }),
    );
    expect(bucketSizesMs.every((size, index) => index === 0 || size > (bucketSizesMs[index - 1] ?? 0))).toBe(true);
  });

  it('reads the newest pages up to its bound', async () => {
    const asked: number[] = [];
    const page = async ({ offset, limit }: { offset: number; limit: number }) => {
      asked.push(offset);
      return { rows: Array.from({ length: limit }, () => row(hour) as AuditRow), total: 10_000_000 };
    };
    const found = await readTimeline({ page: page as never }, { buckets: 10 });
    expect(found.isCut).toBe(true);
    expect(found.buckets[0]?.ok).toBe(bounds.timelineRowsMax);
    expect(asked).toHaveLength(bounds.timelineRowsMax / 1_000);
    expect((await readTimeline({ page: async () => ({ rows: [], total: 0 }) }, { buckets: 10 })).buckets).toEqual([]);
  });
});
