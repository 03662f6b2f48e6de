/**
 * Makes the repository of the snapshot store, or sees to it that the one that is there can be committed to: it is ours, git is new enough,
 * no dead process has locked it, and its branch leads to something. Runs at the first use and after each failure. Knows no images.
 */
import { existsSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Git } from './open-git.ts';
import { readBatch } from './read-batch.ts';
import { type LockJudgement, removeLeftovers } from './remove-leftovers.ts';
import { gitVersionMin } from './store-problem.ts';

const branch = 'refs/heads/main';

/** Whether anything is kept yet. Throws what the file system or git says, or an error with the reason. @param repository absolute */
export async function prepareRepository(git: Git, repository: string, judgement: LockJudgement): Promise<boolean> {
  mkdirSync(repository, { recursive: true, mode: 0o700 });
  checkOwner(repository);
  await checkVersion(git);
  removeLeftovers(repository, judgement);
  await git.initialise();
  return await hasHistory(git, repository);
}

/** Before each write, in microseconds: the repository is still there and still ours. Throws with the reason. */
export function checkFolder(repository: string): void {
  if (existsSync(repository)) checkOwner(repository);
  if (!existsSync(join(repository, 'HEAD'))) throw new Error('it is gone');
  for (const name of ['objects', 'refs'])
    if (!existsSync(join(repository, name))) throw new Error(`its folder ${name} is missing`);
}

/** Whoever owns the folder could change what a rollback brings back. */
function checkOwner(repository: string): void {
  const stat = lstatSync(repository);
  if (!stat.isDirectory()) throw new Error('it is not a folder');
  if (stat.uid !== userInfo().uid) throw new Error(`it belongs to user ${stat.uid}`);
}

export async function checkVersion(git: Git): Promise<void> {
  const version = await git.version();
  if (isOlder(version, gitVersionMin)) throw new Error(`git ${version} is too old`);
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [majorMin = 0, minorMin = 0] = than.split('.').map(Number);
  return major < majorMin || (major === majorMin && minor < minorMin);
}

export const branchMissing = `its branch ${branch} is missing while its commits are there`;

/**
 * Whether anything is kept yet; then its newest commit and its tree are there. A branch that is gone while several commits are kept is no
 * new store: going on would leave them behind, and the next purge would remove them. (One commit without a branch is what a first one
 * that was killed leaves.)
 */
export async function hasHistory(git: Git, repository: string): Promise<boolean> {
  const [head, tree] = readBatch(await git.catFileBatch([branch, `${branch}^{tree}`]), 2);
  if (head !== null && tree !== null) return true;
  if (head !== null) throw new Error('the tree of its newest commit is missing');
  if (hasBranch(repository)) throw new Error(`its branch ${branch} names no commit that is there`);
  const objects = await git.run(
    ['cat-file', '--batch-all-objects', '--batch-check=%(objecttype)', '--unordered'],
    '\n',
  );
  if ((objects.match(/^commit$/gm)?.length ?? 0) > 1) throw new Error(branchMissing);
  return false;
}

function hasBranch(repository: string): boolean {
  const packed = join(repository, 'packed-refs');
  return (
    statSync(join(repository, branch), { throwIfNoEntry: false }) !== undefined ||
    (statSync(packed, { throwIfNoEntry: false }) !== undefined && readFileSync(packed, 'utf8').includes(` ${branch}\n`))
  );
}
