/** Tells processes apart that have the same pid: by their start time and by the run of the machine. Linux reads /proc, macOS asks ps and sysctl. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from './process-identity.ts';

/** The identity of this process. Throws when the system tells neither start time nor boot. */
export function ownIdentity(): ProcessIdentity {
  const own = identityOf(process.pid);
  if (own === null) throw new Error('The system does not tell when this process started.');
  return own;
}

/** Null when no such process lives. */
export function identityOf(pid: number): ProcessIdentity | null {
  const startTime = startTimeOf(pid);
  return startTime === null ? null : { pid, startTime, bootId: readBootId() };
}

/** True when exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identity.bootId === readBootId() && startTimeOf(identity.pid) === identity.startTime;
}

function startTimeOf(pid: number): string | null {
  try {
    if (process.platform !== 'linux')
      return (
        execFileSync('/bin/ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8', env: { LC_ALL: 'C' } }).trim() ||
        null
      );
    // proc(5): the name in brackets may hold anything; the start time is field 22, the 20th after it. A zombie holds nothing any more.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    // No such process: both ways fail then.
    return null;
  }
}

function readBootId(): string {
  if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return execFileSync('/usr/sbin/sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim();
}
