/** The log on real files: order, groups, joining, starts and ends, and what the chain says when somebody edits it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import type { AuditEntry, AuditRecord } from '../../../src/core/audit/record.ts';
import { createAuditLog, type OpenAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';

const redactor = createRedactor({ key: new Uint8Array(32).fill(7) });
let folder: string;
let logs: OpenAuditLog[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-audit-'));
});
afterEach(async () => {
  for (const log of logs) await log.close();
  logs = [];
  rmSync(folder, { recursive: true, force: true });
});

async function open(segmentBytesMax?: number): Promise<OpenAuditLog> {
  const log = await createAuditLog({ folder, redactor, ...(segmentBytesMax === undefined ? {} : { segmentBytesMax }) });
  logs.push(log);
  return log;
}

async function reopen(): Promise<OpenAuditLog> {
  await logs.pop()?.close();
  return open();
}

const intent = (id: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  type: 'intent',
  id,
  session: 's1',
  agent: 'demo',
  origin: 'agent',
  tool: 'remote_exec',
  server: 'web-1',
  argv: ['uptime', '-p'],
  ...more,
});
const permit = (id: string): AuditEntry => ({
  type: 'permit',
  id,
  decision: 'approval-required',
  rule: 'r1',
  approver: 'operator@screen',
});
const result = (id: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  type: 'result',
  id,
  status: 'ok',
  exitCode: 0,
  durationMs: 5,
  ...more,
});

const bootFile = '/proc/sys/kernel/random/boot_id';
const bootId = (): string => (existsSync(bootFile) ? readFileSync(bootFile, 'utf8').trim() : 'unknown');
const segments = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
const path = (name: string): string => join(folder, name);
const lines = (name: string): string[] =>
  readFileSync(path(name), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** A closed log of one segment with eight records. */
async function write(count = 2): Promise<string> {
  const log = await open();
  for (let index = 0; index < count; index += 1) {
    await log.append([intent(`op-${index}`), permit(`op-${index}`)]);
    await log.append([result(`op-${index}`)]);
  }
  await logs.pop()?.close();
  return present(segments()[0], 'One segment was written.');
}

describe('createAuditLog', () => {
  it('writes private files, and returns what it wrote', async () => {
    const log = await open();
    const records = await log.append([intent('a'), permit('a')]);
    expect(records.map((record) => [record.v, record.seq, record.type, record.id])).toEqual([
      [1, 2, 'intent', 'a'],
      [1, 3, 'permit', 'a'],
    ]);
    expect(records[1]?.prev).toBe(records[0]?.hash);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(path(name)).mode & 0o077, name).toBe(0);
    expect(await log.verify()).toMatchObject({ ok: true, records: 3, notes: [] });
  });

  it('redacts before it hashes, and counts', async () => {
    const log = await open();
    const [record] = await log.append([
      intent('a', { argv: ['mysql', '-phunter22'], reason: 'token=hunter22', cwd: '/srv' }),
    ]);
    expect(record?.redacted).toBe(2);
    expect(readFileSync(path(segments()[0] ?? ''), 'utf8')).not.toContain('hunter22');
    expect((await log.verify()).ok).toBe(true);
  });

  it('keeps odd text verifiable and shortens long text with a note', async () => {
    const log = await open();
    const [record] = await log.append([
      intent('a', { argv: ['printf', '\ud800', 'ünïcode\n\u0000'], path: 'p'.repeat(100_000), exitCode: Number.NaN }),
    ]);
    expect(record?.argv?.[1]).toBe('\\ud800');
    expect(record?.path?.length).toBe(8 * 1024);
    expect(record?.note).toContain('path was shortened from 100000 characters');
    expect(record).not.toHaveProperty('exitCode');
    expect((await log.verify()).ok).toBe(true);
  });

  it('keeps concurrent appends whole and in order', async () => {
    const log = await open();
    const seen: AuditRecord[] = [];
    log.onAppend((record) => seen.push(record));
    const all = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        log.append([intent(`op-${index}`), permit(`op-${index}`)], { durable: index % 2 === 0 }),
      ),
    );
    const flat = all.flat();
    expect(flat.map((record) => record.seq)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 2));
    expect(seen).toEqual(flat);
    expect(await log.verify()).toMatchObject({ ok: true, records: 1_001 });
  });

  it('rotates at its size and the next segment quotes the head before', async () => {
    const log = await open(4_000);
    for (let index = 0; index < 40; index += 1) await log.append([intent(`op-${index}`)]);
    expect(segments().length).toBeGreaterThan(3);
    const [first, second] = segments();
    const head = JSON.parse(lines(first ?? '').at(-1) ?? '') as AuditRecord;
    expect(JSON.parse(lines(second ?? '')[0] ?? '')).toMatchObject({
      type: 'open',
      reason: 'rotation',
      prev: head.hash,
      seq: head.seq + 1,
    });
    expect((await log.verify()).ok).toBe(true);
    expect((await log.records('op-0')).length).toBe(1);
    expect((await log.page({ offset: 0, limit: 1 })).rows[0]).toMatchObject({ id: 'op-39', outcome: 'running' });
  });

  it('joins records into rows, newest first, and filters them', async () => {
    const log = await open();
    await log.append([intent('a'), permit('a')]);
    await log.append([result('a')]);
    await log.append([intent('b', { server: 'db-1', session: 's2', argv: ['rm', 'a b'] })]);
    await log.append([{ type: 'refused', id: 'b', code: 'APPROVAL_DENIED', approver: 'operator@screen' }]);
    await log.append([{ type: 'refused', id: 'c', code: 'POLICY_REJECTED', tool: 'remote_exec' }]);
    await log.append([intent('d'), permit('d')]);
    const { rows, total } = await log.page({ offset: 0, limit: 10 });
    expect(rows.map((row) => [row.id, row.outcome])).toEqual([
      ['d', 'running'],
      ['c', 'refused'],
      ['b', 'denied'],
      ['a', 'ok'],
    ]);
    expect(total).toBe(4);
    expect(rows[3]).toMatchObject({
      summary: 'uptime -p',
      rule: 'r1',
      approver: 'operator@screen',
      durationMs: 5,
      exitCode: 0,
    });
    const ids = async (query: object): Promise<string[]> =>
      (await log.page({ offset: 0, limit: 10, ...query })).rows.map((row) => row.id);
    expect(await ids({ server: 'db-1' })).toEqual(['b']);
    expect(await ids({ session: 's1' })).toEqual(['d', 'a']);
    expect(await ids({ outcome: 'refused' })).toEqual(['c']);
    expect(await ids({ text: "RM 'A B'" })).toEqual(['b']);
    expect(await ids({ offset: 1, limit: 2 })).toEqual(['c', 'b']);
    expect((await log.records('a')).map((record) => record.type)).toEqual(['intent', 'permit', 'result']);
    expect(await log.records('nobody')).toEqual([]);
    expect(await log.openItems()).toEqual([]);
  });

  it('tells after a restart what is unknown, what never ran and what was half done, until it is acknowledged', async () => {
    let log = await open();
    await log.append([intent('unknown'), permit('unknown'), intent('never'), intent('half'), permit('half')]);
    await log.append([result('half', { status: 'partial_failure', code: 'SNAPSHOT_FAILED' })]);
    await log.append([intent('lost'), permit('lost'), result('lost', { status: 'error', code: 'CONNECTION_LOST' })]);
    await log.append([
      intent('read', { tool: 'remote_stat' }),
      permit('read'),
      result('read', { status: 'error', code: 'CONNECTION_LOST' }),
    ]);
    const open1 = async (): Promise<unknown> => (await log.openItems()).map((row) => [row.id, row.outcome]);
    expect(await open1()).toEqual([
      ['lost', 'unknown-outcome'],
      ['half', 'partial_failure'],
    ]);
    log = await reopen();
    expect(await open1()).toEqual([
      ['lost', 'unknown-outcome'],
      ['half', 'partial_failure'],
      ['never', 'never-ran'],
      ['unknown', 'unknown-outcome'],
    ]);
    await log.append([{ type: 'acknowledged', id: 'unknown', approver: 'operator@screen' }]);
    log = await reopen();
    expect(await open1()).toEqual([
      ['lost', 'unknown-outcome'],
      ['half', 'partial_failure'],
      ['never', 'never-ran'],
    ]);
    expect(await log.verify()).toMatchObject({ ok: true, notes: [] });
  });

  it('refuses a second writer while the first one lives, and lets the next one in afterwards', async () => {
    const log = await open();
    await expect(createAuditLog({ folder, redactor })).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    await log.append([intent('a')]);
    await logs.pop()?.close();
    await expect(log.append([intent('b')])).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(readdirSync(folder)).not.toContain('writer.lock');
    await open();
  });

  it.each([
    ['a dead process', JSON.stringify({ pid: 999_999_999, started: '1', boot: 'x' })],
    [
      'this pid in an earlier life',
      JSON.stringify({
        pid: process.pid,
        started: '1',
        boot: bootId(),
      }),
    ],
    ['an earlier boot', JSON.stringify({ pid: process.pid, started: '1', boot: 'earlier' })],
    ['nobody', ''],
  ])('takes over the lock of %s', async (_who, content) => {
    writeFileSync(path('writer.lock'), content);
    const log = await open();
    expect((await log.append([intent('a')])).length).toBe(1);
    expect(readdirSync(folder).filter((name) => name.startsWith('writer.lock'))).toEqual(['writer.lock']);
  });

  it('sets a torn last line aside, says so, and goes on', async () => {
    const name = await write();
    const whole = readFileSync(path(name));
    writeFileSync(path(name), Buffer.concat([whole, Buffer.from('{"v":1,"torn')]));
    expect(await openAuditReader({ folder }).verify()).toMatchObject({
      ok: true,
      notes: [expect.stringContaining('has no end')],
    });
    const log = await open();
    expect(log.notes).toEqual([expect.stringContaining(`${name} was torn (12 bytes)`)]);
    expect(readFileSync(path(`${name}.torn`), 'utf8')).toBe('{"v":1,"torn');
    expect(readFileSync(path(name))).toEqual(whole);
    expect(await log.verify()).toMatchObject({ ok: true, notes: [expect.stringContaining('was torn')] });
  });

  it('goes on in a file of its own when somebody touches the segment, and the chain names the place', async () => {
    const log = await open();
    await log.append([intent('a')]);
    const [name = ''] = segments();
    writeFileSync(path(name), 'intruder\n', { flag: 'a' });
    await log.append([intent('b')]);
    expect(segments().length).toBe(2);
    expect(await log.verify()).toMatchObject({ ok: false, file: name, line: 3 });
  });

  it('keeps recording when its segment is deleted under it, and says what is missing', async () => {
    const log = await open();
    await log.append([intent('a')]);
    rmSync(path(segments()[0] ?? ''));
    await log.append([intent('b')]);
    expect(await log.verify()).toMatchObject({
      ok: false,
      line: 1,
      problem: expect.stringContaining('Records 1 to 2 are missing'),
    });
  });
});

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
    const name = await write();
    expect(lines(name).length).toBe(8);
    expect(await openAuditReader({ folder }).verify()).toMatchObject({ ok: true, records: 8 });
  });

  it.each(cases)('names %s', async (_what, change, expected) => {
    const name = await write();
    const changed = change(lines(name));
    writeFileSync(path(name), changed.map((line) => `${line}\n`).join(''));
    const verdict = await openAuditReader({ folder }).verify();
    expect(verdict).toMatchObject({ ok: false, file: name, line: expected.line, seq: expected.seq });
    expect(verdict.ok ? '' : verdict.problem).toMatch(expected.problem);
    // It stays visible after the next start.
    await open();
    expect((await openAuditReader({ folder }).verify()).ok).toBe(false);
  });

  it('names a record that was replaced and chained anew', async () => {
    const first = await write(1);
    const kept = readFileSync(path(first), 'utf8');
    await write(1);
    const other = mkdtempSync(join(tmpdir(), 'signalbox-audit-'));
    const forged = await createAuditLog({ folder: other, redactor });
    await forged.append([intent('op-0', { argv: ['rm'] }), permit('op-0')]);
    await forged.append([result('op-0')]);
    await forged.close();
    writeFileSync(path(first), readFileSync(join(other, first)));
    rmSync(other, { recursive: true });
    expect(readFileSync(path(first), 'utf8').split('\n').length).toBe(kept.split('\n').length);
    expect(await openAuditReader({ folder }).verify()).toMatchObject({
      ok: false,
      file: 'segment-000002.jsonl',
      line: 1,
      seq: 6,
    });
  });

  it('reports a missing segment between two others', async () => {
    for (let index = 0; index < 3; index += 1) await write(1);
    rmSync(path('segment-000002.jsonl'));
    expect(await openAuditReader({ folder }).verify()).toMatchObject({
      ok: false,
      file: 'segment-000003.jsonl',
      line: 1,
    });
  });
});

describe('openAuditReader', () => {
  it('reads an absent folder as an empty log', async () => {
    const reader = openAuditReader({ folder: join(folder, 'absent') });
    expect(await reader.page({ offset: 0, limit: 5 })).toEqual({ rows: [], total: 0 });
    expect(await reader.verify()).toMatchObject({ ok: true, records: 0 });
  });

  it('sees what a living host runs, and follows what it adds across a rotation', async () => {
    const log = await open(2_000);
    await log.append([intent('before')]);
    const reader = openAuditReader({ folder });
    expect((await reader.row('before'))?.outcome).toBe('running');
    const ending = new AbortController();
    const seen: string[] = [];
    const [, before] = await reader.tail(2);
    const follower = reader.follow(before?.seq ?? 0, ending.signal)[Symbol.asyncIterator]();
    const first = follower.next();
    for (let index = 0; index < 10; index += 1) {
      await log.append([intent(`op-${index}`)]);
      await reader.page({ offset: 0, limit: 1 });
    }
    for (let next = await first; !next.done; next = await follower.next()) {
      if (next.value.type === 'intent') seen.push(next.value.id);
      if (seen.includes('op-9')) break;
    }
    ending.abort();
    expect(seen).toEqual(Array.from({ length: 10 }, (_, index) => `op-${index}`));
    expect(await reader.idsLike('op-')).toHaveLength(10);
    await logs.pop()?.close();
    expect((await reader.row('before'))?.outcome).toBe('never-ran');
  });
});
