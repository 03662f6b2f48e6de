/** One writer a folder: a lock file that names its process so exactly (pid, start time, boot) that it cannot go stale after a kill. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessIdentity, parseProcessIdentity } from '../../base/process-identity.ts';
import { isAlive, ownIdentity } from '../../base/process-life.ts';
import { OperationError } from '../../core/codes.ts';

const lockName = 'writer.lock';

export interface WriterLock {
  release(): void;
}

/**
 * Throws AUDIT_UNAVAILABLE while another writer lives.
 * @param runId of the writer's segments: until the first of them is there, the last segment is of a writer that has ended.
 */
export function lockWriter(folder: string, runId: string): WriterLock {
  const path = join(folder, lockName);
  const mine = JSON.stringify({ ...ownIdentity(), runId });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, mine, { mode: 0o600, flag: 'wx' });
  try {
    // A link makes the lock appear with its content, so nobody ever reads half of it.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (tryLink(draft, path)) return { release: () => releaseOwn(path, mine) };
      const found = readText(path);
      if (found === null) continue;
      const holder = parseProcessIdentity(found);
      if (holder !== null && isAlive(holder)) throw inUse(folder, holder);
      removeStale(path, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new OperationError('AUDIT_UNAVAILABLE', `The audit log in ${folder} is being opened by others; try again.`);
}

/** True while the process that wrote segments of this run lives. */
export function isWriterAlive(folder: string, runId: string): boolean {
  const text = readText(join(folder, lockName)) ?? '';
  const holder = parseProcessIdentity(text);
  return holder !== null && isAlive(holder) && (parseRunId(text) ?? runId) === runId;
}

/** Null in a lock of an earlier version, which names its process alone. */
function parseRunId(text: string): string | null {
  const { runId } = JSON.parse(text) as { readonly runId?: unknown };
  return typeof runId === 'string' ? runId : null;
}

function inUse(folder: string, holder: ProcessIdentity): OperationError {
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

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}
