/** Room on the disk that is kept for results: given up when the disk is full, taken back before anything new may begin. */
import { Buffer } from 'node:buffer';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';

export interface Ballast {
  readonly isHeld: boolean;
  /** Throws the file system's error when there is no room. */
  hold(): Promise<void>;
  /** Makes its room free. */
  drop(): Promise<void>;
}

export function createBallast(folder: string): Ballast {
  const path = join(folder, 'ballast');
  let isHeld = false;
  return {
    get isHeld() {
      return isHeld;
    },
    async hold() {
      if (isHeld) return;
      const size = await stat(path).then(
        (found) => found.size,
        () => 0,
      );
      if (size < limits.auditBallastBytes) await fill(path);
      isHeld = true;
    },
    async drop() {
      isHeld = false;
      await rm(path, { force: true });
    },
  };
}

/** Real bytes, not a hole: a sparse file would reserve nothing. */
async function fill(path: string): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.writeFile(Buffer.alloc(limits.auditBallastBytes, 'ballast\n'));
    await handle.datasync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
