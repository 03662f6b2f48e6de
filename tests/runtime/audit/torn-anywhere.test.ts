/**
 * A log that ends at any byte, as a power cut or a kill in the middle of a write leaves it: every whole record stays, the rest is set
 * aside and told. SIGNALBOX_CUT_EVERY sets how many bytes lie between two cuts of one record (default 31; 1 takes a minute).
 */
import { appendFileSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../../src/core/audit/record.ts';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { setAsideTornLine } from '../../../src/runtime/audit/torn-line.ts';
import { intent, type LogBench, openLogBench, permit, redactor, result } from './log-bench.ts';

const cutEvery = Number(process.env['SIGNALBOX_CUT_EVERY'] ?? 31);
let bench: LogBench;
beforeEach(() => {
  bench = openLogBench();
});
afterEach(() => bench.dispose());

describe('a log that is cut', () => {
  it('at any byte of a record goes on after the record before it, and loses nothing whole', async () => {
    const log = await bench.open();
    await log.append([intent('a'), permit('a')]);
    await log.append([result('a')]);
    await log.append([intent('b', { argv: ['printf', 'ünïcode ✓'] }), permit('b')]);
    const name = bench.segments()[0] ?? '';
    const whole = readFileSync(bench.path(name));
    const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    expect(ends.length).toBe(6);
    // The record that has letters of several bytes, the middle of such a letter, and both sides of line ends.
    const [from = 0, to = 0] = ends.slice(3);
    const letter = whole.indexOf('ü');
    const cuts = new Set([0, 1, letter + 1, whole.indexOf('✓') + 2, ...ends.slice(-3), to - 1, to + 1]);
    for (let at = from; at <= to; at += cutEvery) cuts.add(at);
    const left = [...cuts];
    const check = async (): Promise<void> => {
      for (let cut = left.pop(); cut !== undefined; cut = left.pop())
        await checkCut(whole.subarray(0, cut), ends.filter((end) => end <= (cut ?? 0)).length, name);
    };
    await Promise.all(Array.from({ length: 8 }, check));
  }, 300_000);

  const torn = Buffer.from('{"v":1,"torn');
  it.each<[string, (path: string) => Promise<void>]>([
    ['before it set it aside', async () => undefined],
    ['before it cut it off', async (path) => writeFileSync(`${path}.torn-untold`, torn)],
    ['before it had said so', async (path) => await setAsideTornLine({ name: basename(path), path, number: 1 })],
  ])('is told once by the next start when one died %s', async (_moment, die) => {
    const name = await bench.write();
    const path = bench.path(name);
    appendFileSync(path, torn);
    await die(path);
    const again = await bench.open();
    expect(again.notes).toEqual([`The last line of ${name} was torn (12 bytes); it was set aside in ${name}.torn.`]);
    expect(readFileSync(`${path}.torn`)).toEqual(torn);
    expect(await again.verify()).toMatchObject({ ok: true, notes: [expect.stringContaining('was torn')] });
    expect((await bench.reopen()).notes).toEqual([]);
  });

  async function checkCut(left: Buffer, recordsWhole: number, name: string): Promise<void> {
    const where = `cut at byte ${left.length}`;
    const folder = join(bench.folder, `cut-${left.length}`);
    mkdirSync(folder, { mode: 0o700 });
    // The room that is kept free is real bytes; one file of it serves all.
    linkSync(bench.path('ballast'), join(folder, 'ballast'));
    writeFileSync(join(folder, name), left, { mode: 0o600 });
    const tail = left.subarray(left.lastIndexOf(0x0a) + 1);

    const log = await createAuditLog({ folder, redactor });
    const [next] = await log.append([intent('next')]);
    const ids = recordsWhole > 3 ? ['a'] : [];
    for (const id of ids) expect((await log.records(id)).length, where).toBe(Math.min(recordsWhole - 1, 3));
    const verdict = await log.verify();
    await log.close();

    expect(verdict, where).toMatchObject({ ok: true });
    const records = readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as AuditRecord);
    expect(readFileSync(join(folder, name)).subarray(0, left.length - tail.length), where).toEqual(
      left.subarray(0, left.length - tail.length),
    );
    expect(next?.seq, where).toBe(recordsWhole + 2);
    expect(records.length, where).toBeGreaterThanOrEqual(recordsWhole);
    const torn = join(folder, `${name}.torn`);
    expect(existsSync(torn), where).toBe(tail.length > 0);
    if (tail.length > 0) {
      expect(readFileSync(torn), where).toEqual(tail);
      expect(log.notes.join(), where).toContain(`was torn (${tail.length} bytes)`);
      expect(JSON.stringify(await openAuditReader({ folder }).verify()), where).toContain('was torn');
    }
    rmSync(folder, { recursive: true });
  }
});
