/** What is remembered of durable commands on disk, one small file each (0600). A file that cannot be read is one that is not there. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Emitter } from '../../base/event.ts';
import { Serial } from '../../base/serial.ts';
import type { DurableNote, DurableNotes } from '../../core/durable.ts';
import { limits } from '../../core/limits.ts';
import { replaceFile } from '../replace-file.ts';

const bytes = z.int().nonnegative();

const noteSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  server: z.string(),
  address: z.string(),
  title: z.string(),
  folder: z.string().nullable(),
  startedAt: z.iso.datetime(),
  state: z.enum(['running', 'ended', 'lost']),
  exitCode: z.int().nullable(),
  stdoutBytes: bytes,
  stderrBytes: bytes,
  doneAt: z.iso.datetime().nullable().default(null),
});

/** @param folder made with mode 0700 when there is something to write. */
export function createDurableNotes(folder: string): DurableNotes {
  const toPath = (id: string): string => join(folder, `${id}.json`);
  const find = async (id: string): Promise<DurableNote | null> => {
    try {
      return noteSchema.parse(JSON.parse(await readFile(toPath(id), 'utf8')));
    } catch {
      return null;
    }
  };
  const writes = new Serial();
  const changed = new Emitter<void>();
  /** As they were told last, by id. */
  const told = new Map<string, string>();
  const done = new Set<string>();
  const list = async (): Promise<readonly DurableNote[]> => {
    const names = await readdir(folder).catch(() => []);
    const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
    const notes = (await Promise.all(ids.map(find))).filter((note) => note !== null);
    return notes.sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  };
  const forget = (id: string): Promise<void> =>
    writes.run(async () => {
      await rm(toPath(id), { force: true });
      told.delete(id);
      done.delete(id);
      changed.fire();
    });
  return {
    find: async (id) => (/^[a-z0-9-]{1,64}$/.test(id) ? await find(id) : null),
    list,
    // One after the other: two at once would write the same new file.
    keep: (note) =>
      writes.run(async () => {
        // Whoever followed it beside the one that read it to its end knows less.
        if (done.has(note.id) && note.doneAt === null) return;
        if (note.doneAt !== null) done.add(note.id);
        try {
          await replaceFile(toPath(note.id), JSON.stringify(note));
        } catch {
          // A full disk: the command goes on, and its folder is on the server.
        }
        const standing = `${note.state} ${note.exitCode} ${note.doneAt}`;
        if (told.get(note.id) === standing) return;
        told.set(note.id, standing);
        changed.fire();
      }),
    forget,
    async forgetOldDone(nowMs) {
      const done = (await list()).flatMap(({ id, doneAt }) =>
        doneAt === null ? [] : [{ id, atMs: Date.parse(doneAt) }],
      );
      done.sort((one, other) => other.atMs - one.atMs);
      const old = done.filter(({ atMs }, at) => at >= limits.durableDoneMax || nowMs - atMs > limits.durableDoneMs);
      await Promise.all(old.map(({ id }) => forget(id)));
    },
    onChanged: changed.event,
  };
}
