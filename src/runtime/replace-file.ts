/**
 * Small files in which this program remembers what it has seen: a reader finds the old text or the new one. Not synced, unlike those of the
 * configuration (`config-file.ts`): after a power cut one may be missing or empty.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** With mode 0600, in a folder that is made with 0700. Never twice at once for one path. Throws file system errors. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
