/** The clock of the machine goes backwards: while the host runs, and between two of its runs. Numbers keep the order, times say what the clock said. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { ApprovalQueue, type Question } from '../../../src/core/approval/queue.ts';
import { parseAuditFilter } from '../../../src/core/audit/audit-filter.ts';
import { parseCheckpoint } from '../../../src/core/audit/checkpoint.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { createRecordings } from '../../../src/runtime/recordings/create-recordings.ts';
import { linesOf, openSignedLog } from './signed-log.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-20T12:00:00Z');

/** Each look at the clock is a second later than the last one, but where it jumps. */
function toClock(from: number, jumps: Readonly<Record<number, number>> = {}): Clock {
  let nowMs = from;
  let looks = 0;
  return {
    ...systemClock,
    nowMs() {
      looks += 1;
      nowMs += 1_000 + (jumps[looks] ?? 0);
      return nowMs;
    },
  };
}

describe('a log whose clock went', () => {
  let log: ReturnType<typeof openSignedLog>;
  beforeEach(() => {
    log = openSignedLog();
  });
  afterEach(() => log.dispose());

  const cases: readonly (readonly [string, Clock, Clock, number])[] = [
    ['forward all the time', toClock(start), toClock(start + hour), 0],
    ['back an hour while it ran', toClock(start, { 20: -hour }), toClock(start + hour), 1],
    ['back an hour between two runs', toClock(start), toClock(start - hour), 1],
    [
      'back twice in one run and once between two',
      toClock(start, { 10: -hour, 30: -2 * hour }),
      toClock(start - 9 * hour),
      3,
    ],
    ['ahead a year and back again', toClock(start, { 10: 8_760 * hour, 20: -8_760 * hour }), toClock(start + hour), 1],
    ['to the beginning of time', toClock(start), toClock(0), 1],
    ['back by less than a second', toClock(start, { 20: -1_500 }), toClock(start + hour), 0],
  ];

  it.each(cases)('%s: order, filters, tail, checkpoints and verify', async (_what, first, second, jumps) => {
    const segmentBytesMax = 4_000;
    await log.run({ operations: 25, name: 'a', clock: first, segmentBytesMax, second: log.secondPlace });
    await log.run({ operations: 25, name: 'b', clock: second, segmentBytesMax, second: log.secondPlace });
    const reader = openAuditReader({ folder: log.folder });

    const { rows } = await reader.page({ offset: 0, limit: 1_000 });
    expect(rows.map((row) => row.seq)).toEqual(rows.map((row) => row.seq).sort((one, other) => other - one));
    expect(rows.map((row) => row.id)).toEqual([...numbered('a'), ...numbered('b')].reverse());
    const tail = await reader.tail(30);
    expect(tail.map((record) => record.seq)).toEqual(tail.map((_, at) => (tail[0]?.seq ?? 0) + at));

    // Every moment that some record names, as a border: what the filter finds is what comparing each row would.
    for (const ts of new Set(rows.map((row) => row.ts))) {
      const filter = parseAuditFilter(`since:${ts}`, start);
      const wanted = rows.filter((row) => row.ts >= ts).map((row) => row.id);
      expect((await reader.page({ offset: 0, limit: 1_000, filter })).rows.map((row) => row.id)).toEqual(wanted);
    }

    const checkpoints = linesOf(log.path('checkpoints.jsonl')).map((line) => parseCheckpoint(line)?.seq ?? -1);
    expect(checkpoints).toEqual([...checkpoints].sort((one, other) => one - other));
    const verdict = await log.verify({ secondPlace: log.secondPlace });
    expect(verdict).toMatchObject({ ok: true });
    const notes = (verdict.ok ? verdict.notes : []).filter((note) => note.includes('clock'));
    expect(notes).toHaveLength(jumps === 0 ? 0 : 1);
    if (jumps > 0)
      expect(notes[0]).toMatch(new RegExp(`went back ${jumps === 1 ? 'once' : `${jumps} times`}.* record \\d+`));
  });

  const numbered = (name: string): string[] => Array.from({ length: 25 }, (_, at) => `${name}-${at}`);
});

describe('an approval', () => {
  const question = { caller: { session: 's1' }, target: { environment: 'development' } } as unknown as Question;

  it.each([
    ['stands still', 0],
    ['goes back a day', -24 * hour],
    ['goes ahead a day', 24 * hour],
  ])('waits exactly its time when the clock %s', async (_what, jumpMs) => {
    let nowMs = start;
    let elapsedMs = 0;
    const timers = new Map<() => void, number>();
    const clock: Clock = {
      nowMs: () => nowMs,
      monotonicMs: () => elapsedMs,
      uptimeMs: () => elapsedMs,
      after(delayMs, call) {
        timers.set(call, elapsedMs + delayMs);
        return { dispose: () => void timers.delete(call) };
      },
    };
    const pass = (ms: number): void => {
      elapsedMs += ms;
      nowMs += ms;
      for (const [call, atMs] of [...timers]) if (atMs <= elapsedMs) call();
    };
    const queue = new ApprovalQueue({ clock, newId: () => 'card', expiryMs: 600_000 });
    const ended = queue.ask(question, new AbortController().signal, () => undefined);
    nowMs += jumpMs;
    pass(599_999);
    expect(queue.list()).toHaveLength(1);
    pass(1);
    expect(queue.list()).toEqual([]);
    expect(await ended).toEqual({ kind: 'expired' });
  });
});

describe('a recording', () => {
  it('tells its times by what passed, not by the clock', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-clock-'));
    try {
      let monotonicMs = 5_000;
      const clock: Clock = { ...toClock(start, { 2: -hour, 3: -hour }), monotonicMs: () => (monotonicMs += 250) };
      const recording = createRecordings({ folder, clock }).begin({ auditId: 'a', title: 'uptime', source: 'output' });
      for (let index = 0; index < 5; index += 1) recording.write('stdout', Buffer.from(`line ${index}\n`));
      await recording.end();
      const [header = '', ...events] = readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8')
        .trim()
        .split('\n');
      expect(JSON.parse(header)).toMatchObject({ timestamp: Math.floor((start + 1_000) / 1_000) });
      expect(events.map((line) => (JSON.parse(line) as [number])[0])).toEqual([0.25, 0.5, 0.75, 1, 1.25]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
