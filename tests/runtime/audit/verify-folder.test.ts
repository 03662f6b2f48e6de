/** What the chain says when somebody edits the files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { intent, type LogBench, openLogBench, permit, redactor, result } from './log-bench.ts';

let bench: LogBench;
beforeEach(() => {
  bench = openLogBench();
});
afterEach(() => bench.dispose());

describe('verify', () => {
  type Edit = (all: string[]) => string[];
  const edit =
    (index: number, change: (record: Record<string, unknown>) => void): Edit =>
    (all) =>
      all.map((line, at) => {
        if (at !== index) return line;
        const record = JSON.parse(line) as Record<string, unknown>;
        change(record);
        return JSON.stringify(record);
      });
  const cases: readonly (readonly [string, Edit, { line: number; seq: number | null; problem: RegExp }])[] = [
    [
      'a changed field',
      edit(2, (r) => {
        r.approver = 'policy';
      }),
      { line: 3, seq: 3, problem: /changed after it was written/ },
    ],
    [
      'a changed number',
      edit(3, (r) => {
        r.exitCode = 1;
      }),
      { line: 4, seq: 4, problem: /changed after/ },
    ],
    [
      'an added field',
      edit(1, (r) => {
        r.note = 'x';
      }),
      { line: 2, seq: 2, problem: /changed after|not spelled/ },
    ],
    [
      'a removed field',
      edit(1, (r) => {
        delete r.argv;
      }),
      { line: 2, seq: 2, problem: /changed after/ },
    ],
    [
      'a changed time',
      edit(0, (r) => {
        r.ts = '2020-01-01T00:00:00.000Z';
      }),
      { line: 1, seq: 1, problem: /changed after/ },
    ],
    [
      'a changed hash',
      edit(4, (r) => {
        r.hash = '0'.repeat(64);
      }),
      { line: 5, seq: 5, problem: /changed after/ },
    ],
    [
      'another spelling',
      (all) => all.map((line, at) => (at === 1 ? line.replace('{', '{ ') : line)),
      { line: 2, seq: 2, problem: /not spelled/ },
    ],
    [
      'a repeated key',
      (all) => all.map((line, at) => (at === 1 ? line.replace('{', '{"agent":"x",') : line)),
      { line: 2, seq: 2, problem: /not spelled/ },
    ],
    [
      'a removed record',
      (all) => all.filter((_, at) => at !== 3),
      { line: 4, seq: 5, problem: /Record 4 is missing before record 5/ },
    ],
    [
      'removed records',
      (all) => all.filter((_, at) => at !== 3 && at !== 4),
      { line: 4, seq: 6, problem: /Records 4 to 5 are missing/ },
    ],
    ['a removed first record', (all) => all.slice(1), { line: 1, seq: 2, problem: /Record 1 is missing/ }],
    [
      'a repeated record',
      (all) => [...all.slice(0, 3), all[1] ?? '', ...all.slice(3)],
      { line: 4, seq: 2, problem: /inserted or repeated/ },
    ],
    [
      'swapped records',
      (all) => [...all.slice(0, 2), all[3] ?? '', all[2] ?? '', ...all.slice(4)],
      { line: 3, seq: 4, problem: /reordered: record 3 stands at segment-000001.jsonl:4/ },
    ],
    [
      'a foreign line',
      (all) => [...all.slice(0, 2), 'hello', ...all.slice(2)],
      { line: 3, seq: null, problem: /not an audit record/ },
    ],
    [
      'an empty line',
      (all) => [...all.slice(0, 2), '', ...all.slice(2)],
      { line: 3, seq: null, problem: /not an audit record/ },
    ],
    [
      'a cut record',
      (all) => all.map((line, at) => (at === 2 ? line.slice(0, 40) : line)),
      { line: 3, seq: null, problem: /not an audit record/ },
    ],
    ['a cut end', (all) => all.slice(0, 5), { line: 6, seq: 6, problem: /the end was cut off/ }],
    ['everything gone', () => [], { line: 1, seq: 1, problem: /the end was cut off/ }],
  ];

  it('finds a log as it was written intact', async () => {
    const name = await bench.write();
    expect(bench.lines(name).length).toBe(8);
    expect(await openAuditReader({ folder: bench.folder }).verify()).toMatchObject({ ok: true, records: 8 });
  });

  it.each(cases)('names %s', async (_what, change, expected) => {
    const name = await bench.write();
    const changed = change(bench.lines(name));
    writeFileSync(bench.path(name), changed.map((line) => `${line}\n`).join(''));
    const verdict = await openAuditReader({ folder: bench.folder }).verify();
    expect(verdict).toMatchObject({ ok: false, file: name, line: expected.line, seq: expected.seq });
    expect(verdict.ok ? '' : verdict.problem).toMatch(expected.problem);
    // It stays visible after the next start.
    await bench.open();
    expect((await openAuditReader({ folder: bench.folder }).verify()).ok).toBe(false);
  });

  it('names a record that was replaced and chained anew', async () => {
    const first = await bench.write(1);
    const kept = readFileSync(bench.path(first), 'utf8');
    await bench.write(1);
    const other = mkdtempSync(join(tmpdir(), 'signalbox-audit-'));
    const forged = await createAuditLog({ folder: other, redactor });
    await forged.append([intent('op-0', { argv: ['rm'] }), permit('op-0')]);
    await forged.append([result('op-0')]);
    await forged.close();
    writeFileSync(bench.path(first), readFileSync(join(other, first)));
    rmSync(other, { recursive: true });
    expect(readFileSync(bench.path(first), 'utf8').split('\n').length).toBe(kept.split('\n').length);
    expect(await openAuditReader({ folder: bench.folder }).verify()).toMatchObject({
      ok: false,
      file: 'segment-000002.jsonl',
      line: 1,
      seq: 6,
    });
  });

  it('reports a missing segment between two others', async () => {
    for (let index = 0; index < 3; index += 1) await bench.write(1);
    rmSync(bench.path('segment-000002.jsonl'));
    expect(await openAuditReader({ folder: bench.folder }).verify()).toMatchObject({
      ok: false,
      file: 'segment-000003.jsonl',
      line: 1,
    });
  });
});
