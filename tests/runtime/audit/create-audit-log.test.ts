/** The log on real files: order, groups, joining, starts and ends. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../../src/core/audit/record.ts';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { intent, type LogBench, openLogBench, permit, redactor, result } from './log-bench.ts';

let bench: LogBench;
beforeEach(() => {
  bench = openLogBench();
});
afterEach(() => bench.dispose());

const bootFile = '/proc/sys/kernel/random/boot_id';
const bootId = (): string => (existsSync(bootFile) ? readFileSync(bootFile, 'utf8').trim() : 'unknown');

describe('createAuditLog', () => {
  it('writes private files, and returns what it wrote', async () => {
    const log = await bench.open();
    const records = await log.append([intent('a'), permit('a')]);
    expect(records.map((record) => [record.v, record.seq, record.type, record.id])).toEqual([
      [1, 2, 'intent', 'a'],
      [1, 3, 'permit', 'a'],
    ]);
    expect(records[1]?.prev).toBe(records[0]?.hash);
    expect(statSync(bench.folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(bench.folder)) expect(statSync(bench.path(name)).mode & 0o077, name).toBe(0);
    expect(await log.verify()).toMatchObject({ ok: true, records: 3, notes: [] });
  });

  it('redacts before it hashes, and counts', async () => {
    const log = await bench.open();
    const [record] = await log.append([
      intent('a', { argv: ['mysql', '-phunter22'], reason: 'token=hunter22', cwd: '/srv' }),
    ]);
    expect(record?.redacted).toBe(2);
    expect(readFileSync(bench.path(bench.segments()[0] ?? ''), 'utf8')).not.toContain('hunter22');
    expect((await log.verify()).ok).toBe(true);
  });

  it('keeps odd text verifiable and shortens long text with a note', async () => {
    const log = await bench.open();
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
    const log = await bench.open();
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

  it('has noted how far it has come before the next record', async () => {
    const log = await bench.open();
    const noted = (): unknown => JSON.parse(readFileSync(bench.path('head.json'), 'utf8')).seq;
    await log.append(Array.from({ length: 64 }, (_, index) => intent(`op-${index}`)));
    await log.append([intent('next')]);
    expect(noted()).toBe(65);
  });

  it('rotates at its size and the next segment quotes the head before', async () => {
    const log = await bench.open(4_000);
    for (let index = 0; index < 40; index += 1) await log.append([intent(`op-${index}`)]);
    expect(bench.segments().length).toBeGreaterThan(3);
    const [first, second] = bench.segments();
    const head = JSON.parse(bench.lines(first ?? '').at(-1) ?? '') as AuditRecord;
    expect(JSON.parse(bench.lines(second ?? '')[0] ?? '')).toMatchObject({
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
    const log = await bench.open();
    await log.append([intent('a'), permit('a')]);
    await log.append([result('a')]);
    await log.append([intent('b', { server: 'db-1', session: 's2', argv: ['rm', 'a b'] })]);
    await log.append([{ type: 'refused', id: 'b', code: 'APPROVAL_DENIED', approver: 'operator@screen' }]);
    await log.append([{ type: 'refused', id: 'c', code: 'POLICY_REJECTED', tool: 'remote_exec' }]);
    await log.append([intent('d'), permit('d')]);
    // Nothing of it runs before a person has said so.
    await log.append([intent('e', { decision: 'approval-required' })]);
    const { rows, total } = await log.page({ offset: 0, limit: 10 });
    expect(rows.map((row) => [row.id, row.outcome])).toEqual([
      ['e', 'waiting'],
      ['d', 'running'],
      ['c', 'refused'],
      ['b', 'denied'],
      ['a', 'ok'],
    ]);
    expect(total).toBe(5);
    expect(rows[4]).toMatchObject({
      summary: 'uptime -p',
      rule: 'r1',
      approver: 'operator@screen',
      durationMs: 5,
      exitCode: 0,
    });
    const ids = async (query: object): Promise<string[]> =>
      (await log.page({ offset: 0, limit: 10, ...query })).rows.map((row) => row.id);
    expect(await ids({ server: 'db-1' })).toEqual(['b']);
    expect(await ids({ session: 's1' })).toEqual(['e', 'd', 'a']);
    expect(await ids({ outcome: 'refused' })).toEqual(['c']);
    expect(await ids({ text: "RM 'A B'" })).toEqual(['b']);
    expect(await ids({ offset: 1, limit: 2 })).toEqual(['d', 'c']);
    expect((await log.records('a')).map((record) => record.type)).toEqual(['intent', 'permit', 'result']);
    expect(await log.records('nobody')).toEqual([]);
    expect(await log.openItems()).toEqual([]);
  });

  it('tells after a restart what is unknown, what never ran and what was half done, until it is acknowledged', async () => {
    let log = await bench.open();
    await log.append([intent('unknown'), permit('unknown'), intent('never'), intent('half'), permit('half')]);
    await log.append([result('half', { status: 'partial_failure', code: 'SNAPSHOT_FAILED' })]);
    await log.append([
      intent('lost'),
      permit('lost'),
      result('lost', { status: 'error', code: 'CONNECTION_LOST', outcomeUnknown: true }),
    ]);
    await log.append([
      intent('read', { tool: 'remote_stat' }),
      permit('read'),
      result('read', { status: 'error', code: 'CONNECTION_LOST', outcomeUnknown: true }),
    ]);
    const open1 = async (): Promise<unknown> => (await log.openItems()).map((row) => [row.id, row.outcome]);
    expect(await open1()).toEqual([
      ['lost', 'unknown-outcome'],
      ['half', 'partial_failure'],
    ]);
    log = await bench.reopen();
    expect(await open1()).toEqual([
      ['lost', 'unknown-outcome'],
      ['half', 'partial_failure'],
      ['never', 'never-ran'],
      ['unknown', 'unknown-outcome'],
    ]);
    await log.append([{ type: 'acknowledged', id: 'unknown', approver: 'operator@screen' }]);
    log = await bench.reopen();
    expect(await open1()).toEqual([
      ['lost', 'unknown-outcome'],
      ['half', 'partial_failure'],
      ['never', 'never-ran'],
    ]);
    expect(await log.verify()).toMatchObject({ ok: true, notes: [] });
  });

  it('refuses a second writer while the first one lives, and lets the next one in afterwards', async () => {
    const log = await bench.open();
    await expect(createAuditLog({ folder: bench.folder, redactor })).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
    });
    await log.append([intent('a')]);
    await bench.close();
    await expect(log.append([intent('b')])).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(readdirSync(bench.folder)).not.toContain('writer.lock');
    await bench.open();
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
    writeFileSync(bench.path('writer.lock'), content);
    const log = await bench.open();
    expect((await log.append([intent('a')])).length).toBe(1);
    expect(readdirSync(bench.folder).filter((name) => name.startsWith('writer.lock'))).toEqual(['writer.lock']);
  });

  it('sets a torn last line aside, says so, and goes on', async () => {
    const name = await bench.write();
    const whole = readFileSync(bench.path(name));
    writeFileSync(bench.path(name), Buffer.concat([whole, Buffer.from('{"v":1,"torn')]));
    expect(await openAuditReader({ folder: bench.folder }).verify()).toMatchObject({
      ok: true,
      notes: [expect.stringContaining('has no end')],
    });
    const log = await bench.open();
    expect(log.notes).toEqual([expect.stringContaining(`${name} was torn (12 bytes)`)]);
    expect(readFileSync(bench.path(`${name}.torn`), 'utf8')).toBe('{"v":1,"torn');
    expect(readFileSync(bench.path(name))).toEqual(whole);
    expect(await log.verify()).toMatchObject({ ok: true, notes: [expect.stringContaining('was torn')] });
  });

  it('goes on in a file of its own when somebody touches the segment, and the chain names the place', async () => {
    const log = await bench.open();
    await log.append([intent('a')]);
    const [name = ''] = bench.segments();
    writeFileSync(bench.path(name), 'intruder\n', { flag: 'a' });
    await log.append([intent('b')]);
    expect(bench.segments().length).toBe(2);
    expect(await log.verify()).toMatchObject({ ok: false, file: name, line: 3 });
  });

  it('keeps recording when its segment is deleted under it, and says what is missing', async () => {
    const log = await bench.open();
    await log.append([intent('a')]);
    rmSync(bench.path(bench.segments()[0] ?? ''));
    await log.append([intent('b')]);
    expect(await log.verify()).toMatchObject({
      ok: false,
      line: 1,
      problem: expect.stringContaining('Records 1 to 2 are missing'),
    });
  });
});
