/** What the audit log costs: one durable append, checking the whole log, and opening it when it is long; each beside plain tools on the same bytes. */
import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAuditFilter } from '../../src/core/audit/audit-filter.ts';
import { createRedactor } from '../../src/core/audit/create-redactor.ts';
import type { AuditEntry } from '../../src/core/audit/record.ts';
import { createAuditLog, type OpenAuditLog } from '../../src/runtime/audit/create-audit-log.ts';
import { type AuditReader, openAuditReader } from '../../src/runtime/audit/open-audit-reader.ts';
import { listSegments } from '../../src/runtime/audit/segment-files.ts';
import { type Effort, type Measure, type Report, toMeasure, toRatioAim } from './measure.ts';

const redactor = createRedactor({ key: new Uint8Array(32).fill(7) });

export async function benchAudit(effort: Effort): Promise<Report> {
  const base = mkdtempSync(join(tmpdir(), 'signalbox-bench-audit-'));
  const folder = join(base, 'audit');
  const options = { folder, redactor, signing: { keyFile: join(base, 'key.pem'), secondPlace: null } };
  const recordsWanted = effort === 'full' ? 1_000_000 : 60_000;
  try {
    const log = await createAuditLog(options);
    const appends = await measureAppends(log, join(base, 'plain.jsonl'), effort === 'full' ? 1_000 : 200);
    await fill(log, recordsWanted);
    await log.close();
    const files = (await listSegments(folder)).map((segment) => segment.path);
    const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
    const opens = await measureOpens(options, folder, effort === 'full' ? 5 : 3);
    const verify = await sample('verify the whole log', 'subject', 1, async () => {
      const verdict = await openAuditReader({ folder }).verify(options.signing);
      if (!verdict.ok) throw new Error(verdict.problem);
    });
    const sha = await sample('sha256sum of the same files', 'baseline', 3, () => void execFileSync('sha256sum', files));
    const grep = await sample(
      'grep -c over the same files',
      'baseline',
      3,
      () => void execFileSync('grep', ['-c', '"type":"intent"', ...files]),
    );
    return {
      name: 'audit',
      title: `the audit log, ${recordsWanted.toLocaleString('en')} records in ${files.length} segments, ${Math.round(bytes / 1e6)} MB`,
      measures: [...appends, ...opens, verify, sha, grep],
      aims: [
        toRatioAim('an append is at most 5 times a plain append with fdatasync', ratio(appends[0], appends[1]), {
          max: 5,
        }),
        toRatioAim('opening with a first page takes less than grep -c', ratio(opens[1], grep), { max: 1 }),
        toRatioAim('verifying is at most 30 times sha256sum', ratio(verify, sha), { max: 30 }),
      ],
      notes: ['An append is an intent and a permit: one write, one fdatasync. The disk decides more than the program.'],
    };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function ratio(one: Measure | undefined, other: Measure | undefined): number {
  return (one?.p50Ms ?? Number.NaN) / (other?.p50Ms ?? Number.NaN);
}

async function sample(
  what: string,
  role: Measure['role'],
  count: number,
  work: () => Promise<void> | void,
): Promise<Measure> {
  const samplesMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const fromMs = performance.now();
    await work();
    samplesMs.push(performance.now() - fromMs);
  }
  return toMeasure(what, role, samplesMs);
}

/** In turns, so that what else the machine does falls on both. */
async function measureAppends(log: OpenAuditLog, plain: string, count: number): Promise<Measure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const file = openSync(plain, 'a');
  try {
    for (let index = 0; index < count; index += 1) {
      const entries = toOperation(index).slice(0, 2);
      const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      const fromMs = performance.now();
      await log.append(entries);
      const betweenMs = performance.now();
      writeSync(file, text);
      fdatasyncSync(file);
      ours.push(betweenMs - fromMs);
      theirs.push(performance.now() - betweenMs);
    }
  } finally {
    closeSync(file);
  }
  return [
    toMeasure('append, durable', 'subject', ours),
    toMeasure('write and fdatasync of the same fields', 'baseline', theirs),
  ];
}

async function fill(log: OpenAuditLog, records: number): Promise<void> {
  const batch = 300;
  for (let from = 0; from < records / 3; from += batch) {
    const entries = Array.from({ length: batch }, (_, index) => toOperation(from + index)).flat();
    await log.append(entries, { durable: false });
  }
}

/** What a person waits for: the log as the host opens it, its first page, a jump, and filters. */
async function measureOpens(
  options: Parameters<typeof createAuditLog>[0],
  folder: string,
  count: number,
): Promise<Measure[]> {
  const open = await sample('open as the host does', 'subject', count, async () =>
    (await createAuditLog(options)).close(),
  );
  const first = await sample(
    'open and show the first page',
    'subject',
    count,
    async () => void (await page(openAuditReader({ folder }), '')),
  );
  const reader = openAuditReader({ folder });
  const jump = await sample(
    'jump into the middle',
    'subject',
    count,
    async () => void (await page(reader, '', 90_000)),
  );
  const rare = await sample(
    'filter by a text that is rare',
    'subject',
    1,
    async () => void (await page(reader, '"-n 17777"')),
  );
  const broad = await sample(
    'filter by outcome',
    'subject',
    1,
    async () => void (await page(reader, 'outcome:failed')),
  );
  const again = await sample(
    'the same filter, next page',
    'subject',
    count,
    async () => void (await page(reader, 'outcome:failed', 100)),
  );
  return [open, first, jump, rare, broad, again];
}

async function page(reader: AuditReader, filter: string, offset = 0): Promise<void> {
  await reader.page({ offset, limit: 100, filter: parseAuditFilter(filter, 0) });
}

function toOperation(index: number): AuditEntry[] {
  const id = `op-${index.toString(36)}`;
  const isOk = index % 11 !== 0;
  return [
    {
      ...{ type: 'intent', id, session: `s${index % 40}`, agent: 'demo', origin: 'agent', tool: 'remote_exec' },
      ...{ server: `web-${index % 50}`, argv: ['journalctl', '-u', 'nginx', '-n', `${index}`], cwd: '/var/log' },
    },
    { type: 'permit', id, decision: 'auto-allow', rule: 'journalctl', approver: 'policy', policyHash: 'a'.repeat(64) },
    {
      type: 'result',
      id,
      status: isOk ? 'ok' : 'error',
      ...(isOk ? {} : { code: 'NON_ZERO_EXIT' }),
      exitCode: isOk ? 0 : 1,
      durationMs: 12,
    },
  ];
}
