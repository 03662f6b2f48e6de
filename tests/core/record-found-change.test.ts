/** The later end of a change whose outcome nobody knew, as the log tells it. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry, AuditRecord } from '../../src/core/audit/record.ts';
import { OperationError } from '../../src/core/codes.ts';
import { recordFoundChange } from '../../src/core/record-found-change.ts';
import { type ChangeFound, findUnfinishedWrites, type UnknownChange } from '../../src/core/unfinished-writes.ts';
import { memoryWorld } from '../fixtures/memory-world.ts';

const path = '/srv/app.conf';
type World = ReturnType<typeof memoryWorld>;

describe('a change whose connection was lost', () => {
  let world: World;
  let change: UnknownChange;
  const records = async (id: string) => world.audit.entries.filter((entry) => entry.id === id) as AuditRecord[];
  beforeEach(async () => {
    world = memoryWorld();
    world.servers.files.set(path, 'old');
    world.servers.perform = () =>
      Promise.reject(new OperationError('CONNECTION_LOST', 'Nobody knows.', { outcomeUnknown: true }));
    world.queue.onAdded(({ id }) =>
      world.queue.answer(id, { kind: 'approve', approver: 'operator@screen', grant: 'once' }),
    );
    const envelope = await world.ask('remote_write_file', { server: 'web-1', path, content: 'new' });
    expect(envelope.execution).toMatchObject({ completed: false, outcomeUnknown: true });
    const row = { id: envelope.audit.id, outcome: 'unknown-outcome', server: 'web-1' };
    const [write] = await findUnfinishedWrites({
      openItems: async () => [row] as never,
      records,
    });
    change = write?.change as UnknownChange;
  });

  const fileWith = (sha256: string): ChangeFound['state'] => ({
    ...{ kind: 'file', content: null, sha256, size: 3, mode: 0o644 },
    ...{ owner: 'ops', group: 'ops', uid: 1, gid: 1 },
  });
  const record = async (state: ChangeFound['state']): Promise<void> => {
    const audit = { records, append: (entries: readonly AuditEntry[]) => world.audit.append(entries) };
    await recordFoundChange({ change, state }, { audit, snapshots: world.snapshots });
  };
  const last = (): AuditEntry | undefined => world.audit.entries.at(-1);

  it('was made when the file holds what was asked for, which is kept by its hash', async () => {
    await record(fileWith(change.wantedSha256 ?? ''));
    expect(last()).toMatchObject({ type: 'result', status: 'ok', afterSha256: change.wantedSha256, changedPath: path });
    expect(last()?.commit).toBeDefined();
    expect(last()).not.toHaveProperty('outcomeUnknown');
  });

  it('was not made when the file is as it was', async () => {
    await record(fileWith(change.expectedSha256 ?? ''));
    expect(last()).toMatchObject({ type: 'result', status: 'error', code: 'CONNECTION_LOST' });
    // A killed host leaves such a change behind, too.
    expect(last()?.reason).toMatch(/^Its end was not seen here\. .*nothing was changed\.$/);
    expect(last()).not.toHaveProperty('outcomeUnknown');
  });

  it('stays open where somebody else lost the name of a file over it, and the log says where that is', async () => {
    const audit = { records, append: (entries: readonly AuditEntry[]) => world.audit.append(entries) };
    const found = { change, state: fileWith(change.wantedSha256 ?? ''), problem: 'It is at /srv/room/file now.' };
    await recordFoundChange(found, { audit, snapshots: world.snapshots });
    expect(last()).toMatchObject({ type: 'progress', note: 'It is at /srv/room/file now.', changedPath: path });
  });

  const others: readonly (readonly [string, ChangeFound['state']])[] = [
    ['another file', fileWith('0'.repeat(64))],
    ['no file', { kind: 'absent', missingFolders: [] }],
    ['something that is no file', null],
  ];
  it.each(others)('stays unknown when there is %s, and that is said once', async (_what, state) => {
    await record(state);
    expect(last()).toMatchObject({ type: 'progress', note: expect.stringContaining('neither the old nor the new') });
    const count = world.audit.entries.length;
    await record(state);
    expect(world.audit.entries.length).toBe(count);
  });

  it('is recorded once', async () => {
    await record(fileWith(change.wantedSha256 ?? ''));
    const count = world.audit.entries.length;
    await record(fileWith(change.expectedSha256 ?? ''));
    expect(world.audit.entries.length).toBe(count);
  });
});
