/** Writes the whole snapshot store into one file that git can clone from. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { openGit } from './open-git.ts';
import { toStoreError } from './store-problem.ts';

/** False when nothing was kept yet. Throws SNAPSHOT_FAILED. @param file absolute */
export async function writeGitBundle(repository: string, file: string): Promise<boolean> {
  if (!existsSync(join(repository, 'HEAD'))) return false;
  try {
    const git = openGit(repository, systemClock);
    const heads = await git.run(['for-each-ref', '--format=%(refname)', 'refs/heads/main'], '\n');
    if (heads.trim() === '') return false;
    await git.run(['bundle', 'create', '--quiet', file, 'refs/heads/main'], '\n');
    return true;
  } catch (error) {
    throw toStoreError(
      'SNAPSHOT_FAILED',
      `The snapshot store ${repository} could not be exported`,
      error,
      (text) => text,
    );
  }
}
