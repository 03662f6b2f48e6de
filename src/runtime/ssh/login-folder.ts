/**
 * Folders that live as long as one login, for programs of OpenSSH that are started for it: private, below the system's folder for temporary files. Who
 * is killed leaves them behind, so each says whose it is, and the next host takes away those of the dead. It knows nothing of what is in them.
 */
import { constants } from 'node:fs';
import { lstat, mkdtemp, open, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseProcessIdentity } from '../../base/process-identity.ts';
import { identityOf, isAlive, ownIdentity } from '../../base/process-life.ts';

/** The caller removes it. */
export async function makeLoginFolder(purpose: 'ssh' | 'security-key'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `signalbox-${purpose}-${process.pid}-`));
  const owner = `${JSON.stringify(ownIdentity())}\n${await pidSpace()}\n`;
  await writeFile(join(folder, ownerFile), owner, { mode: 0o600, flag: 'wx' });
  return folder;
}

/** Those of this user whose process has ended; returns how many were removed. What cannot be looked at or removed stays. */
export async function sweepLoginFolders(parent: string = tmpdir(), nowMs: number = Date.now()): Promise<number> {
  let removed = 0;
  for (const name of await readdir(parent).catch((): string[] => [])) {
    const pid = /^signalbox-(?:ssh|security-key)-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid === undefined) continue;
    const folder = join(parent, name);
    try {
      if (!(await isLeftBehind(folder, Number(pid), nowMs))) continue;
      // Links in it are removed themselves, not what they lead to.
      await rm(folder, { recursive: true });
      removed += 1;
    } catch {
      // Its owner may have removed it in this moment.
    }
  }
  return removed;
}

async function isLeftBehind(folder: string, pid: number, nowMs: number): Promise<boolean> {
  const stats = await lstat(folder);
  const isOwn = stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0;
  if (!isOwn) return false;
  const [identityText = '', space = ''] = (await readOwner(join(folder, ownerFile))).split('\n');
  const identity = parseProcessIdentity(identityText);
  // Killed before it was written; or it is about to be, by a process that cannot be seen from here.
  if (identity === null) return identityOf(pid) === null && nowMs - stats.mtimeMs > unsignedKeptMs;
  // Elsewhere, as in a container with the same folder, other processes have these numbers.
  return space === (await pidSpace()) && !isAlive(identity);
}

async function readOwner(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (handle === null) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ownerBytesMax), 0, ownerBytesMax, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Names the numbering that a pid belongs to (pid_namespaces(7)); empty where there is only one. */
async function pidSpace(): Promise<string> {
  return await readlink('/proc/self/ns/pid').catch(() => '');
}

const ownerFile = 'owner';
/** An identity and the name of a numbering. */
const ownerBytesMax = 1_024;
/** Longer than any login takes. */
const unsignedKeptMs = 60 * 60 * 1_000;
