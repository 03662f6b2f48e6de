/**
 * The line without an end that a process leaves which ends in the middle of a write: set aside, and told in the log. It was never
 * acknowledged to anybody. Knows nothing of what a line means.
 */
import { open, readdir, readFile, rename, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type SegmentFile, syncFolder } from './segment-files.ts';

const lineFeed = 0x0a;
const toldEnd = '.torn';
/** Until the log says so: a process that ends before it has said it leaves this name to the next one. */
const untoldEnd = '.torn-untold';

/** Copies what has no end to a file of its own, and cuts it off; nothing when the last line is whole. */
export async function setAsideTornLine(segment: SegmentFile): Promise<void> {
  const bytes = await readFile(segment.path);
  const keep = bytes.lastIndexOf(lineFeed) + 1;
  if (keep === bytes.length) return;
  // Anew and not behind what is there: a process that ended before it had cut the line off leaves the same bytes.
  const handle = await open(`${segment.path}${untoldEnd}`, 'w', 0o600);
  try {
    await handle.writeFile(bytes.subarray(keep));
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await truncate(segment.path, keep);
}

export interface TornLine {
  /** A sentence for the log. */
  readonly note: string;
  /** The log says so now, durably. */
  markTold(): Promise<void>;
}

/** What was set aside and is not in the log yet, in order. */
export async function listUntoldLines(folder: string): Promise<readonly TornLine[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(untoldEnd)).sort();
  return await Promise.all(
    names.map(async (name) => {
      const segment = name.slice(0, -untoldEnd.length);
      const { size } = await stat(join(folder, name));
      return {
        note: `The last line of ${segment} was torn (${size} bytes); it was set aside in ${segment}${toldEnd}.`,
        markTold: async () => {
          await rename(join(folder, name), join(folder, `${segment}${toldEnd}`));
          await syncFolder(folder);
        },
      };
    }),
  );
}
