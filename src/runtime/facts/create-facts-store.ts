/** Facts of servers on disk, one small file each (0600). What cannot be read or written is gathered anew; it is told to nobody. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FactsStore } from '../../core/facts/server-facts.ts';
import { replaceFile } from '../replace-file.ts';
import { lineSchema } from './create-line-notes.ts';

const text = z.string().max(1_000);
const bytes = z.number().nonnegative();

const factsSchema = z.strictObject({
  server: text,
  gatheredAt: z.iso.datetime(),
  os: text.nullable(),
  kernel: text.nullable(),
  architecture: text.nullable(),
  packageManager: text.nullable(),
  init: text.nullable(),
  services: z.strictObject({ running: z.array(text), more: z.int() }).nullable(),
  processors: z.int().nullable(),
  memory: z.strictObject({ totalBytes: bytes, availableBytes: bytes }).nullable(),
  disks: z.array(z.strictObject({ mount: text, sizeBytes: bytes, availableBytes: bytes })).nullable(),
  uptimeSeconds: z.int().nullable(),
  clockSkewSeconds: z.int().nullable(),
  loginShell: text.nullable(),
  tools: z.array(text).nullable(),
  line: lineSchema.nullable(),
  unknown: z.array(z.strictObject({ probe: text, reason: z.string().max(10_000) })),
});

/** @param folder made with mode 0700 when there is something to write. */
export function createFactsStore(folder: string): FactsStore {
  const toPath = (recordHash: string): string =>
    join(folder, `${createHash('sha256').update(recordHash).digest('hex').slice(0, 32)}.json`);
  return {
    async read(recordHash) {
      try {
        return factsSchema.parse(JSON.parse(await readFile(toPath(recordHash), 'utf8')));
      } catch {
        return null;
      }
    },
    async write(recordHash, facts) {
      try {
        await replaceFile(toPath(recordHash), JSON.stringify(facts));
      } catch {
        // A full disk: the facts live as long as the host then.
      }
    },
  };
}
