/** A log folder of its own for a test, with the records an operation writes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '../../../src/base/assert.ts';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import type { AuditEntry } from '../../../src/core/audit/record.ts';
import { createAuditLog, type OpenAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';

export const redactor = createRedactor({ key: new Uint8Array(32).fill(7) });

export interface LogBench {
  readonly folder: string;
  open(segmentBytesMax?: number): Promise<OpenAuditLog>;
  /** Closes the newest log. */
  close(): Promise<void>;
  reopen(): Promise<OpenAuditLog>;
  /** Names of the segments, in order. */
  segments(): string[];
  path(name: string): string;
  lines(name: string): string[];
  /** A closed log of one more segment: open, three records an operation, close. Returns the name of the first segment. */
  write(operations?: number): Promise<string>;
  dispose(): Promise<void>;
}

export function openLogBench(): LogBench {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-audit-'));
  const logs: OpenAuditLog[] = [];
  const bench: LogBench = {
    folder,
    async open(segmentBytesMax) {
      const log = await createAuditLog({
        folder,
        redactor,
        ...(segmentBytesMax === undefined ? {} : { segmentBytesMax }),
      });
      logs.push(log);
      return log;
    },
    async close() {
      await logs.pop()?.close();
    },
    async reopen() {
      await bench.close();
      return bench.open();
    },
    segments: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .sort(),
    path: (name) => join(folder, name),
    lines: (name) =>
      readFileSync(bench.path(name), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    async write(operations = 2) {
      const log = await bench.open();
      for (let index = 0; index < operations; index += 1) {
        await log.append([intent(`op-${index}`), permit(`op-${index}`)]);
        await log.append([result(`op-${index}`)]);
      }
      await bench.close();
      return present(bench.segments()[0], 'One segment was written.');
    },
    async dispose() {
      for (const log of logs) await log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

export const intent = (id: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
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

export const permit = (id: string): AuditEntry => ({
  type: 'permit',
  id,
  decision: 'approval-required',
  rule: 'r1',
  approver: 'operator@screen',
});

export const result = (id: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  type: 'result',
  id,
  status: 'ok',
  exitCode: 0,
  durationMs: 5,
  ...more,
});
