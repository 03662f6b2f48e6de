/**
 * Writes a file into an agent's HOME, where the agent may have left links that lead out of it: none of them is followed. It knows no
 * agent.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../core/codes.ts';

/**
 * @param path below the HOME; folders on the way are made. The file is the owner's alone, and replaced as a whole.
 * Rejects with OperationError CONFIG_INVALID when a folder on the way is none, or a link.
 */
export async function writeHomeFile(home: string, path: string, content: string | Uint8Array): Promise<void> {
  const names = path.split('/');
  if (names.some((one) => one === '' || one === '.' || one === '..')) throw toRefusal(home, path);
  const name = names.pop() ?? '';
  const handles: FileHandle[] = [];
  try {
    let folder = await enter(home, handles);
    for (const one of names) {
      const next = join(folder, one);
      await mkdir(next, { mode: 0o700 }).catch(ignoreExisting);
      if (!(await lstat(next)).isDirectory()) throw toRefusal(home, path);
      folder = await enter(next, handles);
    }
    const whole = join(folder, name);
    const part = `${whole}.${process.pid}.new`;
    await rm(part, { force: true });
    const file = await open(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    // A link of this name is replaced, not followed.
    await rename(part, whole);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (['ELOOP', 'ENOTDIR', 'EISDIR'].includes(code ?? '')) throw toRefusal(home, path);
    throw error;
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/** On Linux a path through the open folder itself, so that nobody can put a link in its place meanwhile. */
async function enter(folder: string, handles: FileHandle[]): Promise<string> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  handles.push(handle);
  return process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : folder;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function toRefusal(home: string, path: string): OperationError {
  return new OperationError(
    'CONFIG_INVALID',
    `${join(home, path)} leads out of the agent's HOME; remove the link there.`,
  );
}
