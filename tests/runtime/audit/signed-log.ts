/** A signed log of its own for a test, runs that write it, and what somebody without its key can make of it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '../../../src/base/assert.ts';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { toKeyFingerprint } from '../../../src/core/audit/checkpoint.ts';
import type { AuditVerdict } from '../../../src/core/audit/record.ts';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { readPublicKey } from '../../../src/runtime/audit/signing-key.ts';
import { type VerifyOptions, verifyFolder } from '../../../src/runtime/audit/verify-folder.ts';
import { intent, permit, redactor, result } from './log-bench.ts';

export interface Run {
  readonly operations: number;
  readonly name?: string;
  readonly clock?: Clock;
  readonly second?: string | null;
  readonly into?: string;
  readonly key?: string;
  readonly segmentBytesMax?: number;
}

/** Empty, or a copy of another one as it is now: its log, its keys, its second place. */
export function openSignedLog(copied: { readonly base: string } | null = null) {
  const base = mkdtempSync(join(tmpdir(), 'signalbox-checkpoints-'));
  if (copied !== null) cpSync(copied.base, base, { recursive: true, preserveTimestamps: true });
  const folder = join(base, 'audit');
  const keyFile = join(base, 'audit-key.pem');
  const path = (name: string): string => join(folder, name);

  /** One run of the host: open, three records an operation, close. Returns what the log says about itself at the start. */
  async function run({
    operations,
    name = 'op',
    clock = systemClock,
    second = null,
    into = folder,
    ...more
  }: Run): Promise<readonly string[]> {
    const signing = { keyFile: more.key ?? keyFile, secondPlace: second };
    const size = more.segmentBytesMax === undefined ? {} : { segmentBytesMax: more.segmentBytesMax };
    const log = await createAuditLog({ folder: into, redactor, clock, signing, ...size });
    for (let index = 0; index < operations; index += 1) {
      const id = `${name}-${index}`;
      await log.append([intent(id), permit(id), result(id)], { durable: index % 50 === 0 });
    }
    await log.close();
    return log.notes;
  }

  return {
    ...{ base, folder, keyFile, path, run, secondPlace: join(base, 'second.jsonl') },
    verify: (options: VerifyOptions = {}): Promise<AuditVerdict> => verifyFolder(folder, { keyFile, ...options }),
    fingerprint: (): string => toKeyFingerprint(present(readPublicKey(keyFile), 'The key is there.')),
    /** The same log with other content, correctly chained, by somebody without the key. */
    async rewrite(operations: number, name: string): Promise<void> {
      const other = join(base, 'forged');
      await run({ operations, name, into: other, key: join(base, 'forged.pem') });
      for (const file of ['segment-000001.jsonl', 'head.json']) cpSync(join(other, file), path(file));
      cpSync(join(other, 'checkpoints.jsonl'), join(base, 'forged-checkpoints.jsonl'));
      rmSync(path('segment-000001.index'), { force: true });
    },
    dispose: (): void => rmSync(base, { recursive: true, force: true }),
  };
}

export const linesOf = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

export const setLines = (file: string, lines: readonly string[]): void =>
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
