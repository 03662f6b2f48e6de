/** One host a user and home: the lock file that says who it is. A lock whose process is gone is taken over by exactly one successor. */
import { createHash, randomBytes } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Disposable, toDisposable } from '../base/lifecycle.ts';
import { isAlive, ownIdentity } from '../base/process-life.ts';
import { OperationError } from '../core/codes.ts';
import { type HostLock, parseHostLock } from '../protocol/host-lock.ts';

/** A takeover takes milliseconds; who lives and has not ended it by then is stopped or hangs. */
const takeoverMsMax = 1_000;
const attemptEveryMs = 10;
/** Each of them died in the middle of a takeover: more is no coincidence. */
const deadClaimsMax = 64;

export type Acquired =
  /** Disposing gives the lock back. */
  { readonly kind: 'acquired'; readonly lock: Disposable } | { readonly kind: 'running'; readonly holder: HostLock };

/** Throws CONFIG_INVALID when another host is just starting. */
export function acquireHostLock(path: string): Acquired {
  const own = `${JSON.stringify(ownIdentity())}\n`;
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  // Written first and linked then: a lock is never seen half-written. link(2) fails when the name exists, like O_EXCL.
  try {
    writeDraft(draft, own);
    for (let attempt = 0; attempt < takeoverMsMax / attemptEveryMs; attempt += 1) {
      if (attempt > 0) pause(attemptEveryMs);
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

function writeDraft(draft: string, text: string): void {
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOSPC' || code === 'EDQUOT' ? 'no space is left on its disk' : message;
    throw new OperationError(
      'CONFIG_INVALID',
      `The lock of the host cannot be written to ${dirname(draft)} (${reason}); make room or mend that and start again.`,
      { cause: error },
    );
  }
}

/** The sentence a second host ends with. */
export function runningSentence(holder: HostLock): string {
  return `A host runs already (pid ${holder.pid}); stop it with \`signalbox kill-host\` before starting another.`;
}

/**
 * Replaces a stale lock. Whoever does so claims it first: by the one file whose name follows from what the dead holder wrote, and that
 * holds who claims. When the claimant has died too, its claim is claimed in the same way, so nobody waits for the dead, and no claim is
 * ever judged and then removed. A claim goes only when the lock is another one: whoever claims after that sees it, since it looks again.
 */
function takeOver(path: string, stale: string, draft: string): boolean {
  let dead = stale;
  for (let depth = 0; depth < deadClaimsMax; depth += 1) {
    const claim = toClaim(path, dead);
    if (!tryLink(draft, claim)) {
      const text = readIfThere(claim);
      const claimant = text === null ? null : parseHostLock(text);
      // Gone: somebody has finished. Alive: somebody will in a moment.
      if (text === null || (claimant && isAlive(claimant))) return false;
      dead = text;
      continue;
    }
    if (readIfThere(path) !== stale) {
      rmSync(claim, { force: true });
      return false;
    }
    renameSync(draft, path);
    removeClaims(path);
    return true;
  }
  return false;
}

function toClaim(path: string, dead: string): string {
  return `${path}.takeover-${createHash('sha256').update(dead).digest('hex').slice(0, 32)}`;
}

/** All of them are about locks that are no more, those that a dead process left, too. */
function removeClaims(path: string): void {
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(`${basename(path)}.takeover`)) rmSync(join(dirname(path), name), { force: true });
}

/** Taking the lock is the first thing that a host does: nothing else of it waits meanwhile. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
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
