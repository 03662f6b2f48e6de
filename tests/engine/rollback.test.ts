/** Taking changes back through the assembled engine on a real OpenSSH server: what comes back, and where a session stops. */
import { existsSync, linkSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeChanges } from '../../src/core/changes/describe-changes.ts';
import { sshdRuns } from '../fixtures/sshd.ts';
import { type RollbackCase, useRollbackWorld } from './rollback-world.ts';

describe.runIf(sshdRuns())('rollback on a real server', () => {
  const bench = useRollbackWorld();
  const { write, rollBack, preview, previewSession, context } = bench;
  let { world, folder, session }: RollbackCase = { world: undefined as never, folder: '', session: '' };
  beforeEach(() => {
    ({ world, folder, session } = bench.now());
  });
  const text = (path: string): string => readFileSync(path, 'utf8');
  const modeOf = (path: string): number => statSync(path).mode & 0o7777;

  it('brings content and mode back after a card with the difference, and records what it took back', async () => {
    const path = join(folder, 'app.conf');
    writeFileSync(path, 'a\nb\n', { mode: 0o640 });
    const id = await write(path, 'a\nB\n', { mode: '0600' });
    expect(modeOf(path)).toBe(0o600);
    expect(await preview(id)).toMatchObject({
      steps: [{ server: 'web-1', path, ids: [id], effect: 'restore', diff: expect.stringContaining('-B\n+b\n') }],
      stop: null,
    });
    const envelope = await rollBack(path, [id]);
    expect(envelope).toMatchObject({
      status: 'ok',
      data: { deleted: false, rolledBack: [id] },
      audit: { snapshotStatus: 'written' },
    });
    expect([text(path), modeOf(path)]).toEqual(['a\nb\n', 0o640]);
    expect(world.cards.at(-1)?.subject).toMatchObject({
      kind: 'write',
      rollsBack: [id],
      mode: '0640',
      diff: expect.stringContaining('-B\n+b\n'),
      afterText: null,
    });
    const entries = await world.engine.audit.records(envelope.audit.id);
    expect(entries.map(({ type, rollsBack, approver }) => [type, rollsBack, approver])).toEqual([
      ['intent', [id], undefined],
      ['permit', [id], 'operator@cli'],
      ['result', [id], undefined],
    ]);
  });

  it('deletes a file that the change created, and can bring that file back again', async () => {
    const path = join(folder, 'new.conf');
    const id = await write(path, 'made\n', { mode: '0604' });
    expect((await preview(id)).steps).toMatchObject([
      { effect: 'delete', diff: expect.stringContaining('-made'), note: null },
    ]);
    const first = await rollBack(path, [id]);
    expect(first).toMatchObject({ status: 'ok', data: { deleted: true, sha256: null } });
    expect(world.cards.at(-1)?.subject).toMatchObject({ afterSha256: null, rollsBack: [id] });
    expect(existsSync(path)).toBe(false);

    const second = await rollBack(path, [first.audit.id]);
    expect(second).toMatchObject({ status: 'ok', data: { deleted: false } });
    expect([text(path), modeOf(path)]).toEqual(['made\n', 0o604]);
    // The change stands again, so it can be taken back once more.
    expect((await preview(id)).steps).toHaveLength(1);
  });

  it('removes the folders that the change made, when they are empty, and says so before and after', async () => {
    const outer = join(folder, 'new');
    const path = join(outer, 'er', 'a.conf');
    const id = await write(path, 'made\n');
    const beside = await write(join(outer, 'b.conf'), 'made\n');
    expect((await preview(id)).steps).toMatchObject([
      { note: `Folders that were made for the file go with it when they are empty: ${outer}, ${join(outer, 'er')}.` },
    ]);
    expect((await preview(beside)).steps).toMatchObject([{ effect: 'delete', note: null }]);
    const first = await rollBack(path, [id]);
    expect(world.cards.at(-1)?.subject).toMatchObject({ removeFolders: [outer, join(outer, 'er')] });
    // The outer one holds the other file.
    expect(first).toMatchObject({ status: 'ok', data: { deleted: true, removedFolders: [join(outer, 'er')] } });
    expect((await world.engine.audit.records(first.audit.id)).at(-1)?.removedFolders).toEqual([join(outer, 'er')]);
    expect([existsSync(outer), existsSync(join(outer, 'er'))]).toEqual([true, false]);
    // What made no folder removes none, and what was there before stays.
    await rollBack(join(outer, 'b.conf'), [beside]);
    expect(existsSync(outer)).toBe(true);

    // Taken back itself, the file and its folder are there again; and taken back once more, that folder goes.
    const second = await rollBack(path, [first.audit.id]);
    expect(text(path)).toBe('made\n');
    const third = await rollBack(path, [second.audit.id]);
    expect(third).toMatchObject({ status: 'ok', data: { removedFolders: [join(outer, 'er')] } });
    expect(existsSync(folder)).toBe(true);
  });

  it('brings back an empty file, one that is no text, and one that is written in place', async () => {
    const [empty, binary, linked] = ['empty', 'binary', 'linked'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(empty, '');
    writeFileSync(binary, Buffer.from([0, 255, 1]));
    writeFileSync(linked, 'both\n');
    linkSync(linked, join(folder, 'other'));
    for (const path of [empty, binary, linked]) {
      const before = readFileSync(path);
      const id = await write(path, 'agent\n');
      expect(await rollBack(path, [id])).toMatchObject({ status: 'ok' });
      expect(readFileSync(path)).toEqual(before);
    }
    expect(text(join(folder, 'other'))).toBe('both\n');
  });

  it('takes a whole session back, one step a file, and leaves what others did', async () => {
    const [one, two, theirs] = ['one', 'two', 'theirs'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(one, '1\n');
    const a = await write(one, '2\n');
    const b = await write(two, 'created\n');
    const c = await write(one, '3\n');
    await write(theirs, 'x\n', {}, 'another');
    const all = await previewSession();
    expect(all).toMatchObject({
      steps: [
        { path: one, ids: [c, a], effect: 'restore' },
        { path: two, ids: [b], effect: 'delete' },
      ],
      stop: null,
    });
    expect((await previewSession(b)).steps.map(({ ids }) => ids)).toEqual([[c]]);
    expect((await previewSession(a)).steps.map(({ ids }) => ids)).toEqual([[c], [b]]);
    for (const { path, ids } of all.steps) expect(await rollBack(path, ids)).toMatchObject({ status: 'ok' });
    expect([text(one), existsSync(two), text(theirs)]).toEqual(['1\n', false, 'x\n']);
    await expect(previewSession()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const files = await describeChanges(session, 'server', context(), world.engine);
    expect(files.map(({ path, state, effect, ids }) => [path, state, effect, ids])).toEqual([
      [one, 'as it was before the session', 'changed', [c, a]],
      [two, 'as it was before the session', 'created', [b]],
    ]);
    expect(files[0]?.diff).toContain('-1\n+3\n');
  });

  it('stops a session at the first file that is not what it left, and offers what is newer', async () => {
    const [old, middle, young] = ['old', 'middle', 'young'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const first = await write(old, '1\n');
    const second = await write(middle, '2\n');
    const third = await write(young, '3\n');
    writeFileSync(middle, 'a person was here\n');
    expect(await previewSession()).toMatchObject({
      steps: [{ path: young, ids: [third] }],
      stop: { id: second, code: 'CONFLICT', message: expect.stringContaining('content is another one') },
    });
    expect(existsSync(old)).toBe(true);
    expect((await describeChanges(session, 'server', context(), world.engine)).map(({ state }) => state)).toEqual([
      'as the session left it',
      'changed since by somebody else',
      'as the session left it',
    ]);
    expect((await preview(first)).stop).toBeNull();
  });

  it('stops where another session changed the same file in between', async () => {
    const path = join(folder, 'shared');
    writeFileSync(path, '0\n');
    const first = await write(path, '1\n');
    const between = await write(path, '2\n', {}, 'another');
    const last = await write(path, '3\n');
    expect(await previewSession()).toMatchObject({
      steps: [{ ids: [last] }],
      stop: { id: first, code: 'CONFLICT', message: expect.stringContaining('somebody else') },
    });
    expect(await rollBack(path, [last, first])).toMatchObject({ code: 'CONFLICT' });
    expect(await rollBack(path, [first])).toMatchObject({ code: 'CONFLICT' });
    expect(text(path)).toBe('3\n');
    expect(await rollBack(path, [last, between, first])).toMatchObject({ status: 'ok' });
    expect(text(path)).toBe('0\n');
  });
});
