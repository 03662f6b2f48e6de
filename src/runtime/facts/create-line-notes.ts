/** What connections have learned of servers on disk, one small file each (0600). What cannot be read or written is learned anew; it is told to nobody. */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { Serial } from '../../base/serial.ts';
import type { LineFacts, LineNotes } from '../../core/facts/line-facts.ts';
import { replaceFile } from '../replace-file.ts';

export const lineSchema = z.strictObject({
  hostKey: z.string().max(100),
  authority: z.string().max(100).nullable(),
  software: z.string().max(100).nullable(),
  systemSsh: z.string().max(500).nullable(),
  roundTripMs: z.number().nonnegative().nullable(),
  isFar: z.boolean(),
  files: z
    .union([z.literal('none'), z.strictObject({ posixRename: z.boolean(), fsync: z.boolean(), statvfs: z.boolean() })])
    .nullable(),
  sessionsMax: z.int().positive().nullable(),
  commands: z.enum(['ours', 'other program', 'none']).nullable(),
  printsFirst: z.boolean(),
});

/** While many servers are connected, what they show is not written between their handshakes, but once nothing came for this long. */
const writtenAfterMs = 500;
/** Whoever kills the host has no more than that learned anew. */
const writtenAtLatestMs = 5_000;

/** @param folder made with mode 0700 when there is something to write. */
export function createLineNotes(folder: string, clock: Clock): LineNotes {
  const toPath = (recordHash: string): string =>
    join(folder, `${createHash('sha256').update(recordHash).digest('hex').slice(0, 32)}.line.json`);
  const writes = new Serial();
  /** The last of each record that is not on disk yet. */
  const waiting = new Map<string, LineFacts>();
  let timer: Disposable | null = null;
  let sinceMs: number | null = null;

  const write = async (recordHash: string): Promise<void> => {
    const facts = waiting.get(recordHash);
    if (facts === undefined) return;
    try {
      await replaceFile(toPath(recordHash), JSON.stringify(facts));
    } catch {
      // A full disk: it is learned anew by the next host.
    }
    if (waiting.get(recordHash) === facts) waiting.delete(recordHash);
  };
  // One after the other: two at once would write the same new file.
  const writeAll = (): void => {
    timer?.dispose();
    timer = sinceMs = null;
    for (const recordHash of waiting.keys()) void writes.run(() => write(recordHash));
  };

  return {
    async find(recordHash) {
      const kept = waiting.get(recordHash);
      if (kept !== undefined) return kept;
      try {
        return lineSchema.parse(JSON.parse(await readFile(toPath(recordHash), 'utf8'))) satisfies LineFacts;
      } catch {
        return null;
      }
    },
    keep(recordHash, facts) {
      waiting.set(recordHash, facts);
      const nowMs = clock.monotonicMs();
      sinceMs ??= nowMs;
      timer?.dispose();
      timer = clock.after(Math.min(writtenAfterMs, sinceMs + writtenAtLatestMs - nowMs), writeAll);
    },
    forget(recordHash) {
      waiting.delete(recordHash);
      return writes.run(() => rm(toPath(recordHash), { force: true }).catch(() => undefined));
    },
    settle() {
      writeAll();
      return writes.idle();
    },
  };
}
