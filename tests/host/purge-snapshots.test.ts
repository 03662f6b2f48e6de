/** A purge is recorded before and after, also when it fails, and does not begin when it cannot be recorded. */
import { describe, expect, it } from 'vitest';
import { OperationError } from '../../src/core/codes.ts';
import { purgeSnapshots } from '../../src/host/purge-snapshots.ts';

type Parts = Parameters<typeof purgeSnapshots>[0];

function world(purge: (() => Promise<{ contents: number; commits: number }>) | undefined, append?: () => never) {
  const records: Record<string, unknown>[] = [];
  let purges = 0;
  const parts = {
    clock: { nowMs: () => 0 },
    audit: { append: async (entries: Record<string, unknown>[]) => append?.() ?? records.push(...entries) },
    snapshots: purge && {
      purge: () => {
        purges += 1;
        return purge();
      },
    },
  };
  if (!purge) Object.assign(parts, { snapshots: {} });
  return { parts: parts as unknown as Parts, records, purges: () => purges };
}

const file = { server: 'web-1', path: '/etc/a' };

describe('purge', () => {
  it('has an intent, a permit and a result under one id', async () => {
    const { parts, records } = world(async () => ({ contents: 2, commits: 5 }));
    expect(await purgeSnapshots(parts, file, 'cli')).toMatchObject({ contents: 2 });
    expect(records.map((record) => record.type)).toEqual(['intent', 'permit', 'result']);
    expect(new Set(records.map((record) => record.id)).size).toBe(1);
    expect(records[2]).toMatchObject({ status: 'ok', path: '/etc/a', server: 'web-1', approver: 'operator@cli' });
  });

  it('that fails is recorded as failed', async () => {
    const { parts, records } = world(() => Promise.reject(new OperationError('SNAPSHOT_FAILED', 'No room.')));
    await expect(purgeSnapshots(parts, { before: '2026-01-01T00:00:00Z' }, 'cli')).rejects.toThrow('No room.');
    expect(records.at(-1)).toMatchObject({ type: 'result', status: 'error', code: 'SNAPSHOT_FAILED' });
  });

  it('does not begin when its intent cannot be recorded, or the store cannot do it', async () => {
    const full = world(
      async () => ({ contents: 1, commits: 1 }),
      () => {
        throw new OperationError('AUDIT_UNAVAILABLE', 'Full.');
      },
    );
    await expect(purgeSnapshots(full.parts, file, 'cli')).rejects.toThrow('Full.');
    expect(full.purges()).toBe(0);
    const none = world(undefined);
    await expect(purgeSnapshots(none.parts, file, 'cli')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(none.records).toEqual([]);
  });
});
