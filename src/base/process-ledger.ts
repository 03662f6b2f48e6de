/** Which processes were started, on disk: whoever is killed cannot end them, so the next one does. It knows nothing of what they are. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProcessIdentity } from './process-identity.ts';
import { identityOf, isAlive } from './process-life.ts';

/** Notes in a folder of the caller's a process that was just started, the leader of its group; the returned function forgets it once it is gone. */
export function noteProcess(folder: string, pid: number): () => void {
  const identity = identityOf(pid);
  // It is gone already.
  if (identity === null) return () => undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${pid}.json`);
  writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Ends the process groups that are noted there; returns how many. Only for who knows that nobody else uses the folder. */
export function reapProcesses(folder: string): number {
  let reaped = 0;
  for (const name of listNames(folder)) {
    const file = join(folder, name);
    const identity = parseProcessIdentity(readFileSync(file, 'utf8'));
    // Another process may have the pid by now: only exactly the one that was noted is ended.
    if (identity !== null && isAlive(identity) && isEnded(identity.pid)) reaped += 1;
    rmSync(file, { force: true });
  }
  return reaped;
}

/** False for one that ended in this moment, or that belongs to somebody else, as what sudo starts: whoever starts up goes on. */
function isEnded(pid: number): boolean {
  try {
    return process.kill(-pid, 'SIGKILL');
  } catch {
    return false;
  }
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
