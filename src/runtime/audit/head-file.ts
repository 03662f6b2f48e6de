/** `head.json`: how far the log had come when it was last noted, so that a cut-off end is noticed. It is a hint beside the chain, not part of it. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainHead } from '../../core/audit/chain.ts';

export const headName = 'head.json';

/** Atomic; not synced: after a power cut an older head is still a true one. */
export async function writeHead(folder: string, head: ChainHead): Promise<void> {
  const path = join(folder, headName);
  const temporary = `${path}.new`;
  await writeFile(temporary, `${JSON.stringify({ seq: head.seq, hash: head.hash })}\n`, { mode: 0o600 });
  await rename(temporary, path);
}

/** Null when there is none or it cannot be understood. */
export async function readHead(folder: string): Promise<ChainHead | null> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, headName), 'utf8'));
    const { seq, hash } = value as Partial<ChainHead>;
    return typeof seq === 'number' && typeof hash === 'string' ? { seq, hash } : null;
  } catch {
    return null;
  }
}
