/** The folder of recordings as a whole: which there are, how large and how old, and taking one away. Which ones may go is the host's to know. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toRecordingPath } from './read-recording.ts';

export interface RecordingShelf {
  list(): Promise<readonly { readonly name: string; readonly bytes: number; readonly changedMs: number }[]>;
  remove(name: string): Promise<void>;
}

/** A folder that does not exist holds none; files that are no recordings are left alone. */
export function createRecordingShelf(folder: string): RecordingShelf {
  return {
    async list() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const found: { name: string; bytes: number; changedMs: number }[] = [];
      for (const name of names.filter((one) => one.endsWith('.cast'))) {
        const facts = await stat(join(folder, name)).catch(() => null);
        if (facts?.isFile()) found.push({ name, bytes: facts.size, changedMs: facts.mtimeMs });
      }
      return found;
    },
    remove: (name) => rm(toRecordingPath(folder, name), { force: true }),
  };
}
