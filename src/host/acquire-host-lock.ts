/** One host a user and home: the lock file that says who it is. A lock whose process is gone is taken over by exactly one successor. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type Disposable, toDisposable } from '../base/lifecycle.ts';
import { isAlive, ownIdentity } from '../base/process-life.ts';
import { OperationError } from '../core/codes.ts';
import { type HostLock, parseHostLock } from '../protocol/host-lock.ts';

/** A takeover takes milliseconds; a claim this old was left by one that died meanwhile. */
const claimStaleMs = 10_000;
const attemptsMax = 8;

export type Acquired =
  /** Disposing gives the lock back. */
  { readonly kind: 'acquired'; readonly lock: Disposable } | { readonly kind: 'running'; readonly holder: HostLock };

/** Throws CONFIG_INVALID when another host is just starting. */
export function acquireHostLock(path: string): Acquired {
  const own = `${JSON.stringify(ownIdentity())}\n`;
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  // Written first and linked then: a lock is never seen half-written. link(2) fails when the name exists, like O_EXCL.
  writeFileSync(draft, own, { mode: 0o600, flag: 'wx' });
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      if (tryLink(draft, path)) return { kind: 'acquired', lock: toRelease(path, own) };
      const held = readIfThere(path);
      if (held === null) continue;
      const holder = parseHostLock(held);
      if (holder && isAlive(holder)) return { kind: 'running', holder };
      if (takeOver(path, held, draft)) return { kind: 'acquired', lock: toRelease(path, own) };
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new OperationError('CONFIG_INVALID', `Another host is starting; try again, or remove ${path} when none runs.`);
}

/** The sentence a second host ends with. */
export function runningSentence(holder: HostLock): string {
  return `A host runs already (pid ${holder.pid}); stop it with \`signalbox kill-host\` before starting another.`;
}

/**
 * Replaces a stale lock. A claim beside it makes sure that one process at a time does so, and that it replaces the very file
 * it judged: the claim is a second name of the lock file, so its content is what is there.
 */
function takeOver(path: string, stale: string, draft: string): boolean {
  const claim = `${path}.takeover`;
  if (!tryLink(path, claim)) {
    dropOldClaim(claim);
    return false;
  }
  try {
    if (readIfThere(claim) !== stale || readIfThere(path) !== stale) return false;
    renameSync(draft, path);
    return true;
  } finally {
    rmSync(claim, { force: true });
  }
}

function dropOldClaim(claim: string): void {
  try {
    if (Date.now() - statSync(claim).ctimeMs > claimStaleMs) rmSync(claim, { force: true });
  } catch {
    // Gone already: its owner has finished.
  }
}

function toRelease(path: string, own: string): Disposable {
  return toDisposable(() => {
    if (readIfThere(path) === own) rmSync(path, { force: true });
  });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
