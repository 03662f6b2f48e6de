/** One writer a folder: a lock file that names its process so exactly (pid, start time, boot) that it cannot go stale after a kill. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../../core/codes.ts';

const lockName = 'writer.lock';

export interface WriterLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** When the process started, in the system's own words; a pid that was used again has another. */
  readonly started: string;
  /** Pids begin anew with each boot. */
  readonly boot: string;
}

/** Throws AUDIT_UNAVAILABLE while another writer lives. */
export function lockWriter(folder: string): WriterLock {
  const path = join(folder, lockName);
  const mine = JSON.stringify({
    pid: process.pid,
    started: toStarted(process.pid) ?? '',
    boot: toBoot(),
  } satisfies Holder);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, mine, { mode: 0o600, flag: 'wx' });
  try {
    // A link makes the lock appear with its content, so nobody ever reads half of it.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (tryLink(draft, path)) return { release: () => releaseOwn(path, mine) };
      const found = readText(path);
      if (found === null) continue;
      const holder = toHolder(found);
      if (holder !== null && isAlive(holder)) throw inUse(folder, holder);
      removeStale(path, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new OperationError('AUDIT_UNAVAILABLE', `The audit log in ${folder} is being opened by others; try again.`);
}

/** True while a process that writes this log lives. */
export function isWriterAlive(folder: string): boolean {
  const holder = toHolder(readText(join(folder, lockName)) ?? '');
  return holder !== null && isAlive(holder);
}

function inUse(folder: string, holder: Holder): OperationError {
  return new OperationError(
    'AUDIT_UNAVAILABLE',
    `The audit log in ${folder} is being written by process ${holder.pid}; end that process first.`,
  );
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes the file away under another name first: if it changed hands meanwhile, its owner gets it back. */
function removeStale(path: string, judged: string): void {
  const grave = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.stale`;
  try {
    renameSync(path, grave);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readText(grave) !== judged) tryLink(grave, path);
  rmSync(grave, { force: true });
}

function releaseOwn(path: string, mine: string): void {
  if (readText(path) === mine) rmSync(path, { force: true });
}

function isAlive(holder: Holder): boolean {
  if (holder.boot !== toBoot()) return false;
  const started = toStarted(holder.pid);
  return started !== null && started === holder.started;
}

/** Null when no such process lives. */
function toStarted(pid: number): string | null {
  if (process.platform === 'linux') {
    const stat = readText(`/proc/${pid}/stat`);
    if (stat === null) return null;
    // The name in parentheses may hold anything; fields are counted behind it: state is the third, start time the twenty-second.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  }
  try {
    return (
      execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        env: { LC_ALL: 'C' },
      }).trim() || null
    );
  } catch {
    return null;
  }
}

function toBoot(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown';
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

/** Null for a file that this program did not write: it protects nobody. */
function toHolder(text: string): Holder | null {
  try {
    const { pid, started, boot } = JSON.parse(text) as Partial<Holder>;
    return Number.isSafeInteger(pid) && typeof started === 'string' && typeof boot === 'string'
      ? { pid: pid ?? 0, started, boot }
      : null;
  } catch {
    return null;
  }
}
