/** Processes that were started as a group of their own, so that what they start ends with them, and all of it with this process. */
import type { ChildProcess } from 'node:child_process';

/** Groups that run now; ended without a word when this process ends in a hurry. */
const running = new Set<number>();
let isWatched = false;

/** To be called at once for a child that was started `detached`. What it leaves behind in its group when it ends, ends with it. */
export function watchGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  running.add(pid);
  child.once('exit', () => {
    running.delete(pid);
    signalGroup(pid, 'SIGKILL');
  });
  if (isWatched) return;
  isWatched = true;
  process.once('exit', () => {
    for (const group of running) signalGroup(group, 'SIGKILL');
  });
}

/** Does nothing when the group has ended. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself in this moment.
  }
}
