/** Recordings together stay below their bound, and go when a person asks: which ones, in what order, and what the log says of it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Emitter } from '../../src/base/event.ts';
import { createRedactor } from '../../src/core/audit/create-redactor.ts';
import type { Activity, Gate } from '../../src/core/gate.ts';
import { RecordingKeeper } from '../../src/host/recording-keeper.ts';
import { createAuditLog, type OpenAuditLog } from '../../src/runtime/audit/create-audit-log.ts';
import { createRecordingShelf } from '../../src/runtime/recordings/recording-shelf.ts';

const activity = new Emitter<Activity>();
let base: string;
let folder: string;
let audit: OpenAuditLog;
let keeper: RecordingKeeper;
let live: Set<string>;
const said: string[] = [];

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'signalbox-recordings-'));
  folder = join(base, 'recordings');
  audit = await createAuditLog({ folder: join(base, 'audit'), redactor: createRedactor({ key: new Uint8Array(32) }) });
  live = new Set();
  said.length = 0;
  keeper = new RecordingKeeper({
    gate: { onActivity: activity.event } as Gate as ConstructorParameters<typeof RecordingKeeper>[0]['gate'],
    ...{ audit, clock: systemClock, shelf: createRecordingShelf(folder), bytesMax: 1_000 },
    ...{ liveSessions: () => live, log: (line: string) => void said.push(line) },
  });
});
afterEach(async () => {
  keeper.dispose();
  await audit.close();
  rmSync(base, { recursive: true, force: true });
});

/** One of 300 bytes; each is a day younger than the one before. */
async function record(id: string, day: number, session = 's1'): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${id}.cast`);
  writeFileSync(path, 'x'.repeat(300));
  utimesSync(path, new Date(Date.UTC(2026, 0, day)), new Date(Date.UTC(2026, 0, day)));
  await audit.append([
    { type: 'intent', id, session },
    { type: 'permit', id, session },
    { type: 'result', id, session, status: 'ok', recording: `${id}.cast`, recordingBytes: 300 },
  ]);
}

const left = (): string[] =>
  readdirSync(folder)
    .map((name) => name.replace('.cast', ''))
    .sort();

/** The records of removals, oldest first. */
async function removals() {
  const { rows } = await audit.page({ offset: 0, limit: 100, text: '-recordings-' });
  return await Promise.all(rows.toReversed().map(async (row) => ({ row, records: await audit.records(row.id) })));
}

describe('all recordings together', () => {
  it('stay below their bound: the oldest go, and the log says which, how many bytes and why', async () => {
    for (const [at, id] of ['d', 'c', 'b', 'a'].entries()) await record(id, at + 1);
    await keeper.keepBound();
    expect(left()).toEqual(['a', 'b', 'c']);
    const [only, ...more] = await removals();
    expect(more).toEqual([]);
    expect(only?.row).toMatchObject({ outcome: 'ok', origin: 'program', approver: 'policy', rule: 'recordings' });
    expect(only?.records.map((one) => one.type)).toEqual(['intent', 'permit', 'result']);
    expect(only?.records[0]?.note).toMatch(/removal of 1 recordings.*1200 bytes, above their bound of 1000.*: d$/);
    expect(only?.records[2]).toMatchObject({ bytes: 300 });
  });

  it('lose those of sessions that live only when the others are not enough', async () => {
    live.add('s2');
    for (const [at, id] of ['live-1', 'live-2', 'old-1', 'live-3'].entries())
      await record(id, at + 1, id.startsWith('live') ? 's2' : 's1');
    await keeper.keepBound();
    expect(left()).toEqual(['live-1', 'live-2', 'live-3']);
    await record('live-4', 9, 's2');
    await keeper.keepBound();
    expect(left()).toEqual(['live-2', 'live-3', 'live-4']);
  });

  it('never lose one that is being made', async () => {
    activity.fire({ kind: 'started', id: 'runs' } as Activity);
    for (const [at, id] of ['runs', 'a', 'b', 'c'].entries()) await record(id, at + 1);
    await keeper.keepBound();
    expect(left()).toEqual(['b', 'c', 'runs']);
    activity.fire({ kind: 'ended', id: 'runs' } as Activity);
    await record('d', 9);
    await keeper.keepBound();
    expect(left()).toEqual(['b', 'c', 'd']);
  });

  it('are left alone below the bound, with other files, and without a folder', async () => {
    await keeper.keepBound();
    for (const [at, id] of ['a', 'b', 'c'].entries()) await record(id, at + 1);
    writeFileSync(join(folder, 'notes.txt'), 'x'.repeat(5_000));
    await keeper.keepBound();
    expect(left()).toEqual(['a', 'b', 'c', 'notes.txt']);
    expect([await removals(), said]).toEqual([[], []]);
  });

  it('stay when it cannot be recorded that they go, and the host says so', async () => {
    for (const [at, id] of ['a', 'b', 'c', 'd'].entries()) await record(id, at + 1);
    await audit.close();
    await keeper.keepBound();
    expect(left()).toEqual(['a', 'b', 'c', 'd']);
    expect(said.join()).toContain('could not be removed');
    await expect(keeper.purge({ before: '2026-02-01T00:00:00Z' }, 'cli')).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
    });
    expect(left()).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('a purge of recordings', () => {
  it('takes those from before a time, and records who asked', async () => {
    for (const [at, id] of ['a', 'b', 'c'].entries()) await record(id, at + 1);
    expect(await keeper.purge({ before: '2026-01-03T00:00:00Z' }, 'cli')).toMatchObject({ recordings: 2, bytes: 600 });
    expect(left()).toEqual(['c']);
    expect((await removals()).map(({ row }) => [row.origin, row.approver, row.outcome])).toEqual([
      ['operator', 'operator@cli', 'ok'],
    ]);
    expect((await keeper.purge({ before: '2026-01-03T00:00:00Z' }, 'cli')).message).toContain('Nothing was recorded');
  });

  it('of many names them all, in several records', async () => {
    for (let index = 0; index < 450; index += 1) {
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `mwp1jbwu-${index}.cast`);
      writeFileSync(path, 'x');
      utimesSync(path, 1, 1);
    }
    expect(await keeper.purge({ before: '2026-01-03T00:00:00Z' }, 'screen')).toMatchObject({ recordings: 450 });
    const notes = (await removals()).map(({ records }) => records[0]?.note ?? '');
    expect(notes).toHaveLength(3);
    const named = notes.flatMap((note) => note.match(/mwp1jbwu-\d+/g) ?? []);
    expect(new Set(named).size).toBe(450);
    expect(await audit.verify()).toMatchObject({ ok: true });
  });
});
