/** Looks at the snapshot store as the host would before it commits, for `doctor`; makes, mends and removes nothing. */
import { lstatSync } from 'node:fs';
import { systemClock } from '../../base/clock.ts';
import { openGit } from './open-git.ts';
import { checkFolder, checkVersion, hasHistory } from './prepare-repository.ts';
import { toStoreError } from './store-problem.ts';

/** False when there is none yet. Throws SNAPSHOT_UNAVAILABLE with the reason and what to do. @param repository absolute */
export async function examineStore(repository: string): Promise<boolean> {
  try {
    if (lstatSync(repository, { throwIfNoEntry: false }) === undefined) return false;
    checkFolder(repository);
    const git = openGit(repository, systemClock);
    await checkVersion(git);
    await hasHistory(git, repository);
    return true;
  } catch (error) {
    throw toStoreError(
      'SNAPSHOT_UNAVAILABLE',
      `The snapshot store ${repository} cannot be used, so no file is written`,
      error,
      (text) => text,
    );
  }
}
