/** A file with a key, read once for one login: whose it is, of which kind, and the key itself are all told from the same bytes. */
import { readFile } from 'node:fs/promises';

export interface KeyFile {
  readonly path: string;
  /** Empty when it cannot be read. */
  readonly bytes: Buffer;
  /** Why it cannot be read; null when it was. */
  readonly problem: unknown;
}

/** Never throws: a file that cannot be read is one choice less for whoever asks only whose key it is. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  try {
    return { path, bytes: await readFile(path), problem: null };
  } catch (problem) {
    return { path, bytes: Buffer.alloc(0), problem };
  }
}
