/** Commands that go on without us in the view: those that an earlier host left, and each that comes, ends or is forgotten. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DurableNote } from '../../src/core/durable.ts';
import { limits } from '../../src/core/limits.ts';
import { feedDurables } from '../../src/host/durable-feed.ts';
import { ViewStore } from '../../src/host/view-store.ts';
import { toEmptyView } from '../../src/protocol/reduce.ts';
import { createDurableNotes } from '../../src/runtime/durable/create-durable-notes.ts';
import { eventually } from '../fixtures/eventually.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-durable-feed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const note: DurableNote = {
  ...{ id: 'mg1-aaaa', server: 'web-1', address: 'ops@web-1:22', title: 'migrate', folder: '/home/ops/.cache' },
  ...{ startedAt: '2026-11-20T10:00:00.000Z', state: 'running', exitCode: null, stdoutBytes: 0, stderrBytes: 0 },
  doneAt: null,
};
const nowMs = Date.parse('2026-11-21T12:00:00.000Z');

it('are those that are known, from the start and with each change of how one stands', async () => {
  await createDurableNotes(folder).keep(note);
  const notes = createDurableNotes(folder);
  const store = new ViewStore(toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false }));
  const published: string[] = [];
  store.onPublished(({ event }) => published.push(event.type));
  const feed = await feedDurables(notes, store, nowMs);
  const view = { id: 'mg1-aaaa', server: 'web-1', title: 'migrate', startedAtMs: Date.parse(note.startedAt) };
  expect(store.view.durables).toEqual([{ ...view, state: 'running', exitCode: null }]);

  await notes.keep({ ...note, id: 'mg2-bbbb' });
  await eventually(() => expect(store.view.durables).toHaveLength(2));
  await notes.keep({ ...note, state: 'ended', exitCode: 3 });
  await eventually(() => expect(store.view.durables[0]?.exitCode).toBe(3));
  const before = published.length;
  // What was read of it is no news to a screen.
  await notes.keep({ ...note, state: 'ended', exitCode: 3, stdoutBytes: 1_000 });
  await notes.forget(note.id);
  await eventually(() => expect(store.view.durables).toHaveLength(1));
  expect(published).toHaveLength(before + 1);
  feed.dispose();
});

it('stay with their end for a day once they were read to it', async () => {
  const notes = createDurableNotes(folder);
  await notes.keep(note);
  await notes.keep({ ...note, id: 'mg2-old', state: 'ended', exitCode: 0, doneAt: '2026-11-20T11:59:00.000Z' });
  await notes.keep({ ...note, id: 'mg3-young', state: 'ended', exitCode: 3, doneAt: '2026-11-20T12:01:00.000Z' });
  const store = new ViewStore(toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false }));
  const feed = await feedDurables(notes, store, nowMs);
  expect(store.view.durables.map(({ id, isDone }) => [id, isDone])).toEqual([
    [note.id, undefined],
    ['mg3-young', true],
  ]);
  feed.dispose();
});

it('are forgotten, the oldest first, when too many were read to their end', async () => {
  const notes = createDurableNotes(folder);
  const doneAt = (minute: number) => new Date(nowMs - minute * 60_000).toISOString();
  const ids = Array.from({ length: limits.durableDoneMax + 2 }, (_, at) => `mg-${at}`);
  await Promise.all(ids.map((id, at) => notes.keep({ ...note, id, state: 'ended', exitCode: 0, doneAt: doneAt(at) })));
  await notes.keep({ ...note, state: 'lost' });
  await notes.forgetOldDone(nowMs);
  const left = (await notes.list()).map(({ id }) => id);
  expect(left.sort()).toEqual([note.id, ...ids.slice(0, limits.durableDoneMax)].sort());
});
