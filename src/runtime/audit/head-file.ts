/** `head.json`: how far the log had come when it was last noted, so that a cut-off end is noticed. It is a hint beside the chain, not part of it. */
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainHead } from '../../core/audit/chain.ts';

export const headName = 'head.json';
/** One that could not be understood, kept so that it is named until a person has looked. */
export const damagedHeadName = 'head.json.damaged';

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

/** Before the first record of a host replaces it: a head that cannot be understood is put aside. True when one was. Throws file system errors. */
export async function setAsideDamagedHead(folder: string): Promise<boolean> {
  const path = join(folder, headName);
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile || (await readHead(folder)) !== null) return false;
  await rename(path, join(folder, damagedHeadName));
  return true;
}
