/**
 * Which agent processes run, on disk: a host that was killed cannot end its agents, so the next one does. Agents in a sandbox
 * die with their host anyway; this is for those that are not.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProcessIdentity } from '../../base/process-identity.ts';
import { identityOf, isAlive } from '../../base/process-life.ts';
import type { Paths } from '../../core/paths.ts';

/** Notes a process that was just started; the returned function forgets it once it is gone. */
export function noteAgent(paths: Pick<Paths, 'runtime'>, pid: number): () => void {
  const identity = identityOf(pid);
  // It is gone already.
  if (identity === null) return () => undefined;
  const folder = folderOf(paths);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${pid}.json`);
  writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Ends the process groups that an earlier host left behind; returns how many. Call it only while holding the host's lock. */
export function reapAgents(paths: Pick<Paths, 'runtime'>): number {
  let reaped = 0;
  for (const name of listNames(folderOf(paths))) {
    const file = join(folderOf(paths), name);
    const identity = parseProcessIdentity(readFileSync(file, 'utf8'));
    // Another process may have the pid by now: only exactly the one that was noted is ended.
    if (identity !== null && isAlive(identity)) {
      process.kill(-identity.pid, 'SIGKILL');
      reaped += 1;
    }
    rmSync(file, { force: true });
  }
  return reaped;
}

function folderOf(paths: Pick<Paths, 'runtime'>): string {
  return join(paths.runtime, 'agents');
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
