/** How the actions of the log lie in time: counted by outcome, in minutes, hours or days. Reads pages of the log; never writes. */
import type { AuditFilter } from '../core/audit/audit-filter.ts';
import type { AuditOutcome, AuditRow } from '../core/audit/record.ts';
import type { AuditLog } from '../core/ports.ts';
import type { TimeBucketView } from '../protocol/audit-methods.ts';
import { bounds } from '../protocol/bounds.ts';
import type { Result } from '../protocol/methods.ts';

const pageRows = 1_000;
/** A minute, ten minutes, an hour, a quarter of a day, a day, a week. */
export const bucketSizesMs = [60_000, 600_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000] as const;

type Counted = Pick<AuditRow, 'ts' | 'outcome'>;

export async function readTimeline(
  audit: Pick<AuditLog, 'page'>,
  { filter, buckets }: { readonly filter?: AuditFilter | undefined; readonly buckets: number },
): Promise<Result<'audit.timeline'>> {
  const rows: Counted[] = [];
  let total = Number.POSITIVE_INFINITY;
  while (rows.length < Math.min(total, bounds.timelineRowsMax)) {
    const page = await audit.page({ offset: rows.length, limit: pageRows, ...(filter ? { filter } : {}) });
    total = page.total;
    if (page.rows.length === 0) break;
    for (const { ts, outcome } of page.rows) rows.push({ ts, outcome });
  }
  const shown = rows.slice(0, bounds.timelineRowsMax);
  const { bucketMs, list, isWhole } = toBuckets(shown, buckets);
  return { bucketMs, buckets: list, isCut: !isWhole || shown.length < total };
}

/** The finest buckets that hold all of them; when even the coarsest are too many, the newest. */
export function toBuckets(
  rows: readonly Counted[],
  most: number,
): { readonly bucketMs: number; readonly list: readonly TimeBucketView[]; readonly isWhole: boolean } {
  const times = rows
    .map(({ ts, outcome }) => ({ atMs: Date.parse(ts), outcome }))
    .filter(({ atMs }) => Number.isFinite(atMs));
  if (times.length === 0) return { bucketMs: bucketSizesMs[0], list: [], isWhole: true };
  let [oldestMs, newestMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { atMs } of times) {
    oldestMs = Math.min(oldestMs, atMs);
    newestMs = Math.max(newestMs, atMs);
  }
  const countOf = (sizeMs: number): number => Math.floor(newestMs / sizeMs) - Math.floor(oldestMs / sizeMs) + 1;
  const bucketMs = bucketSizesMs.find((sizeMs) => countOf(sizeMs) <= most) ?? 604_800_000;
  const first = Math.max(Math.floor(oldestMs / bucketMs), Math.floor(newestMs / bucketMs) - most + 1);
  const list = Array.from({ length: Math.min(most, countOf(bucketMs)) }, (_, index) => ({
    ...{ atMs: (first + index) * bucketMs, ok: 0, stopped: 0, failed: 0, running: 0 },
  }));
  for (const { atMs, outcome } of times) {
    const bucket = list[Math.floor(atMs / bucketMs) - first];
    if (bucket) bucket[kinds[outcome]] += 1;
  }
  return { bucketMs, list, isWhole: countOf(bucketMs) <= most };
}

const kinds: Readonly<Record<AuditOutcome, 'ok' | 'stopped' | 'failed' | 'running'>> = {
  ok: 'ok',
  failed: 'failed',
  partial_failure: 'failed',
  refused: 'stopped',
  withdrawn: 'stopped',
  denied: 'stopped',
  waiting: 'running',
  running: 'running',
  'goes-on': 'running',
  'unknown-outcome': 'failed',
  'never-ran': 'failed',
};
