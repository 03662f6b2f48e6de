/** What the log does when the machine fails it: a killed writer, a full disk, a read-only disk. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { canMount, mountTiny, remountReadOnly } from '../../fixtures/mounts.ts';

const redactor = createRedactor({ key: new Uint8Array(32).fill(7) });
let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'signalbox-audit-faults-'));
});
afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

/** One file of plain JavaScript: Node 20 runs no TypeScript. */
function buildWriter(): string {
  const outfile = join(base, 'writer.mjs');
  buildSync({
    entryPoints: [new URL('./fixtures/writer.ts', import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}

/** Runs until it has reported some numbers, then kills it without a warning; returns the last number it reported. */
async function runAndKill(writer: string, folder: string, reportsMin: number): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let reports = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    reports = output.split('\n').length - 1;
    if (reports >= reportsMin) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return Number(output.split('\n').at(-2));
}

describe('a writer that is killed', () => {
  it('loses nothing it reported, and the chain verifies after each of a dozen kills', async () => {
    const writer = buildWriter();
    const folder = join(base, 'audit');
    for (let round = 0; round < 12; round += 1) {
      const reported = await runAndKill(writer, folder, 3 + round * 2);
      const reader = openAuditReader({ folder });
      const verdict = await reader.verify({ keyFile: `${folder}-key.pem` });
      expect(verdict, `round ${round}`).toMatchObject({ ok: true });
      expect(verdict.records).toBeGreaterThanOrEqual(reported);
    }
    const log = await createAuditLog({ folder, redactor });
    try {
      expect((await log.openItems()).length).toBeGreaterThan(12);
      expect(
        (await log.openItems()).every((row) => row.outcome === 'unknown-outcome' || row.outcome === 'never-ran'),
      ).toBe(true);
      expect((await log.verify()).ok).toBe(true);
    } finally {
      await log.close();
    }
  });
});

describe.runIf(canMount('full and read-only disks are tried on small mounts'))('a disk that fails', () => {
  let folder: string;
  let unmount: () => void;
  beforeEach(() => {
    const mount = join(base, 'disk');
    mkdirSync(mount);
    unmount = mountTiny(mount, '1m');
    folder = join(mount, 'audit');
  });
  afterEach(() => {
    unmount();
  });

  it('refuses what is new when it is full, still records results of what runs, and goes on when there is room', async () => {
    const signing = { keyFile: join(base, 'key.pem'), secondPlace: null };
    const log = await createAuditLog({ folder, redactor, signing });
    try {
      await log.append([
        { type: 'intent', id: 'a' },
        { type: 'permit', id: 'a' },
      ]);
      const big = 'x'.repeat(8_000);
      let refused: unknown = null;
      for (let index = 0; refused === null && index < 500; index += 1)
        await log.append([{ type: 'intent', id: `fill-${index}`, path: big }]).catch((error: unknown) => {
          refused = error;
        });
      expect(refused).toMatchObject({
        code: 'AUDIT_UNAVAILABLE',
        message: expect.stringContaining('no space is left'),
      });
      await expect(log.append([{ type: 'intent', id: 'b', path: big }])).rejects.toMatchObject({
        code: 'AUDIT_UNAVAILABLE',
      });
      const settled = await Promise.allSettled([
        log.append([{ type: 'result', id: 'a', status: 'ok', note: big }]),
        log.append([{ type: 'intent', id: 'c', path: big }]),
        log.append([{ type: 'result', id: 'fill-0', status: 'ok', note: big }]),
      ]);
      expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      await expect(log.append([{ type: 'intent', id: 'd' }])).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
      expect((await log.page({ offset: 0, limit: 1, text: 'a', outcome: 'ok' })).total).toBeGreaterThan(0);
      expect(await log.verify()).toMatchObject({ ok: true });
      execFileSync('mount', ['-o', 'remount,size=4m', join(base, 'disk')]);
      await log.append([{ type: 'intent', id: 'e' }]);
      expect(await log.verify()).toMatchObject({ ok: true });
      expect(readdirSync(folder)).toContain('ballast');
    } finally {
      await log.close();
    }
  });

  it('refuses to open without room', async () => {
    writeFileSync(join(base, 'disk', 'fill'), Buffer.alloc(900 * 1024));
    await expect(createAuditLog({ folder, redactor })).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    rmSync(join(base, 'disk', 'fill'));
    const log = await createAuditLog({ folder, redactor });
    await log.close();
    expect(await openAuditReader({ folder }).verify()).toMatchObject({ ok: true });
  });

  it('refuses to open a folder on a read-only disk, with the reason, and can still read it', async () => {
    const log = await createAuditLog({ folder, redactor });
    await log.append([{ type: 'intent', id: 'a' }]);
    await log.close();
    remountReadOnly(join(base, 'disk'));
    await expect(createAuditLog({ folder, redactor })).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      message: expect.stringContaining('read-only'),
    });
    expect(await openAuditReader({ folder }).verify()).toMatchObject({ ok: true, records: 3 });
  });
});
