/** Index files: that they change nothing but speed, and what happens when one is missing, old or damaged. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAuditFilter } from '../../../src/core/audit/audit-filter.ts';
import type { AuditPage } from '../../../src/core/audit/record.ts';
import { type AuditReader, openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { intent, type LogBench, openLogBench, permit, result } from './log-bench.ts';

let bench: LogBench;
beforeEach(() => {
  bench = openLogBench();
});
afterEach(() => bench.dispose());

const questions = [
  '',
  'server:web-1',
  'outcome:failed',
  'op-1',
  'uptime',
  'server:web-2 outcome:ok',
  'since:1h',
  'until:1h',
  '-server:web-1',
];

/** Many segments in one run, and one more run: operations that go on in the next segment, and one that is acknowledged much later. */
async function writeManySegments(bench: LogBench): Promise<void> {
  const log = await bench.open(2_000);
  await log.append([intent('left-open'), permit('left-open')]);
  for (let index = 0; index < 60; index += 1) {
    await log.append([intent(`op-${index}`, { server: `web-${(index % 3) + 1}` }), permit(`op-${index}`)]);
    if (index > 0)
      await log.append([result(`op-${index - 1}`, index % 5 === 0 ? { status: 'error', code: 'NON_ZERO_EXIT' } : {})]);
  }
  await bench.close();
  const next = await bench.open(2_000);
  await next.append([{ type: 'acknowledged', id: 'left-open', approver: 'operator@cli' }]);
  await next.append([intent('last'), permit('last'), result('last')]);
  await bench.close();
}

/** Written once, since every test begins with the same log. */
let written: LogBench;
beforeAll(async () => {
  written = openLogBench();
  await writeManySegments(written);
});
afterAll(() => written.dispose());

const writeLog = (): void => cpSync(written.folder, bench.folder, { recursive: true, preserveTimestamps: true });

async function askAll(reader: AuditReader): Promise<AuditPage[]> {
  const nowMs = Date.now();
  const pages: AuditPage[] = [];
  for (const question of questions)
    for (const offset of [0, 7])
      pages.push(await reader.page({ offset, limit: 10, filter: parseAuditFilter(question, nowMs) }));
  return pages;
}

const open = (): AuditReader => openAuditReader({ folder: bench.folder });
const indexes = (): string[] =>
  readdirSync(bench.folder)
    .filter((name) => name.endsWith('.index'))
    .sort();

describe('an index file', () => {
  it('is there for every closed segment, and tells the same as the segments alone', async () => {
    writeLog();
    expect(indexes()).toEqual(bench.segments().map((name) => name.replace('.jsonl', '.index')));
    const reader = open();
    const withIndex = [
      await askAll(reader),
      await reader.openItems(),
      await reader.row('op-30'),
      await reader.records('op-30'),
    ];
    for (const name of indexes()) rmSync(bench.path(name));
    const plain = open();
    expect([
      await askAll(plain),
      await plain.openItems(),
      await plain.row('op-30'),
      await plain.records('op-30'),
    ]).toEqual(withIndex);
    // A reader writes nothing.
    expect(indexes()).toEqual([]);
    await bench.open();
    expect(indexes().length).toBe(bench.segments().length - 1);
  });

  it('joins what an operation left in several segments', async () => {
    writeLog();
    const reader = open();
    for (let index = 0; index < 59; index += 1) {
      expect((await reader.records(`op-${index}`)).map((record) => record.type)).toEqual([
        'intent',
        'permit',
        'result',
      ]);
      expect((await reader.row(`op-${index}`))?.outcome).toBe((index + 1) % 5 === 0 ? 'failed' : 'ok');
    }
    expect((await reader.openItems()).map((row) => row.id)).toEqual(['op-59']);
    expect(await reader.row('left-open')).toMatchObject({ outcome: 'unknown-outcome', acknowledged: true });
    expect((await reader.records('left-open')).map((record) => record.type)).toEqual([
      'intent',
      'permit',
      'acknowledged',
    ]);
  });

  it('gives the n-th record from its place', async () => {
    writeLog();
    const reader = open();
    const all = bench.segments().flatMap((name) => bench.lines(name));
    for (const [index, line] of all.entries()) expect(await reader.recordAt(index)).toEqual(JSON.parse(line));
    expect(await reader.recordAt(all.length)).toBeNull();
  });

  it.each<[string, (path: string) => void]>([
    ['is missing', (path) => rmSync(path)],
    ['is empty', (path) => truncateSync(path, 0)],
    ['was cut in its header', (path) => truncateSync(path, 40)],
    ['was cut at its end', (path) => truncateSync(path, readFileSync(path).length - 3)],
    ['is text', (path) => writeFileSync(path, 'hello\n')],
    ['has another header', (path) => writeFileSync(path, '{"v":1}\n')],
    [
      'has a changed row',
      (path) =>
        writeFileSync(path, readFileSync(path, 'latin1').replace('"server":"web-2"', '"server":"web-9"'), 'latin1'),
    ],
    [
      'has a changed offset',
      (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 2] = 0xff;
        writeFileSync(path, bytes);
      },
    ],
    ['is the one of another segment', (path) => writeFileSync(path, readFileSync(path.replace('000003', '000004')))],
  ])('that %s is made anew', async (_what, damage) => {
    writeLog();
    const expected = await askAll(open());
    damage(bench.path('segment-000003.index'));
    expect(await askAll(open())).toEqual(expected);
    const log = await bench.open();
    const rows = (await log.page({ offset: 0, limit: 100 })).rows.map((row) => row.id);
    expect(rows).toEqual((await open().page({ offset: 0, limit: 100 })).rows.map((row) => row.id));
    expect(existsSync(bench.path('segment-000003.index'))).toBe(true);
  });

  it('of a segment that was changed since is not believed', async () => {
    writeLog();
    const name = 'segment-000003.jsonl';
    const kept = bench.lines(name);
    writeFileSync(bench.path(name), `${kept.slice(0, -1).join('\n')}\n`);
    const shorter = open();
    const before = (await shorter.page({ offset: 0, limit: 1 })).total;
    expect(before).toBeGreaterThan(0);
    rmSync(bench.path('segment-000003.index'));
    expect((await open().page({ offset: 0, limit: 1 })).total).toBe(before);
  });

  it('damaged while the log is open costs nothing but time', async () => {
    writeLog();
    const reader = open();
    const { total } = await reader.page({ offset: 0, limit: 0 });
    for (const name of indexes()) writeFileSync(bench.path(name), 'x');
    expect((await reader.page({ offset: 0, limit: 1_000 })).rows.length).toBe(total);
    expect((await reader.page({ offset: 0, limit: 1_000, filter: parseAuditFilter('server:web-2', 0) })).total).toBe(
      20,
    );
  });
});

describe('while the host writes', () => {
  it('a reader beside it sees what is added, also over rotations, and running ones as running', async () => {
    const log = await bench.open(2_000);
    const reader = open();
    for (let index = 0; index < 40; index += 1) {
      await log.append([intent(`op-${index}`), permit(`op-${index}`)]);
      const { rows, total } = await reader.page({ offset: 0, limit: 1 });
      expect([rows[0]?.id, rows[0]?.outcome, total]).toEqual([`op-${index}`, 'running', index + 1]);
      await log.append([result(`op-${index}`)]);
      expect((await log.page({ offset: 0, limit: 1, outcome: 'ok' })).total).toBe(index + 1);
      expect((await reader.page({ offset: 0, limit: 1, outcome: 'ok' })).total).toBe(index + 1);
    }
    expect(bench.segments().length).toBeGreaterThan(5);
    const followed: number[] = [];
    const ending = new AbortController();
    for await (const record of reader.follow(50, ending.signal)) {
      followed.push(record.seq);
      if (followed.length === 10) ending.abort();
    }
    expect(followed.slice(0, 10)).toEqual([51, 52, 53, 54, 55, 56, 57, 58, 59, 60]);
  });
});
