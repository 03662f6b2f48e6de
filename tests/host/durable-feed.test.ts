/** Commands that go on without us in the view: those that an earlier host left, and each that comes, ends or is forgotten. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DurableNote } from '../../src/core/durable.ts';
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
};

it('are those that are known, from the start and with each change of how one stands', async () => {
  await createDurableNotes(folder).keep(note);
  const notes = createDurableNotes(folder);
  const store = new ViewStore(toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false }));
  const published: string[] = [];
  store.onPublished(({ event }) => published.push(event.type));
  const feed = await feedDurables(notes, store);
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
