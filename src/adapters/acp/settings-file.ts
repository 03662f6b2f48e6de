/** Writes an agent's settings into its own HOME before it starts: ours, and of what was there only what the profile keeps. It knows no agent. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentProfile } from './catalogue/profile.ts';
import { fieldsOf } from './fields.ts';
import { writeHomeFile } from './home-file.ts';

/** Returns the variable that names the file, where the agent wants one. A file that is no JSON object is replaced as a whole. */
export async function writeSettings(
  { settings }: Pick<AgentProfile, 'settings'>,
  home: string,
): Promise<Readonly<Record<string, string>>> {
  if (settings === null) return {};
  const path = join(home, settings.path);
  const before = await read(path);
  const kept = Object.fromEntries(settings.keeps.flatMap((key) => (key in before ? [[key, before[key]]] : [])));
  // What we set counts over what is kept.
  await writeHomeFile(home, settings.path, `${JSON.stringify({ ...kept, ...settings.content }, null, 2)}\n`);
  return settings.variable === null ? {} : { [settings.variable]: path };
}

/** Whatever the agent has put there: a link is not followed, and a pipe is not waited for. */
async function read(path: string): Promise<Readonly<Record<string, unknown>>> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return {};
    throw error;
  }
  try {
    return (await file.stat()).isFile() ? fieldsOf(JSON.parse(await file.readFile('utf8'))) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  } finally {
    await file.close();
  }
}
