/** Purges contents from the repository of the snapshot store: a new history is written, the branch moves to it, and the old objects are removed. */
import { Buffer } from 'node:buffer';
import { appendFileSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { PurgeReport, PurgeScope } from '../../core/audit/purge.ts';
import { fromStateText } from './file-state.ts';
import type { Git } from './open-git.ts';
import { readBatch } from './read-batch.ts';
import { listStateObjects, rewriteHistory } from './rewrite-history.ts';
import { toSnapshotPath } from './snapshot-path.ts';

const branch = 'refs/heads/main';
const draft = 'refs/heads/purging';
/** `<old commit> <new commit>` a line: records of the log go on naming the old ones. */
const rewritesName = 'signalbox-rewrites';

/** The caller sees to it that nothing is committed meanwhile. A purge that is killed has changed nothing or is done again. */
export async function purgeHistory(git: Git, repository: string, scope: PurgeScope): Promise<PurgeReport> {
  const head = (await git.run(['for-each-ref', '--format=%(objectname)', branch], '\n')).trim();
  if (head === '') return { contents: 0, commits: 0 };
  const exported = await git.run(['fast-export', '--no-data', '--show-original-ids', branch], '\n');
  const objects = listStateObjects(exported);
  const states = objects.length === 0 ? [] : readBatch(await git.catFileBatch(objects), objects.length);
  const texts = new Map(objects.map((object, index) => [object, states[index]?.toString('utf8') ?? '']));
  const purgedPath = scope.kind === 'path' ? toSnapshotPath(scope.server, scope.path) : null;
  const { script, marks, contents } = rewriteHistory(Buffer.from(exported, 'utf8'), draft, {
    isPurged: (path, seconds) => (scope.kind === 'path' ? path === purgedPath : seconds * 1_000 < scope.beforeMs),
    stateOf: (object) => fromStateText(texts.get(object) ?? ''),
  });
  if (contents === 0) return { contents, commits: 0 };
  const output = await git.run(['fast-import', '--quiet', '--force', '--done', '--date-format=raw'], script);
  const commits = output.match(/^[0-9a-f]{40,64}$/gm) ?? [];
  if (commits.length !== marks.size) throw new Error('git did not write every commit anew');
  const pairs = [...marks.keys()].map((old, index) => [old, commits[index] ?? ''] as const);
  const changed = pairs.filter(([old, now]) => old !== now);
  const rewrites = join(repository, rewritesName);
  const size = statSync(rewrites, { throwIfNoEntry: false })?.size ?? 0;
  try {
    // Before the branch moves: an old name must never lead nowhere.
    appendFileSync(rewrites, changed.map(([old, now]) => `${old} ${now}\n`).join(''), { mode: 0o600 });
    await git.run(['update-ref', branch, commits.at(-1) ?? '', head], '\n');
  } catch (error) {
    truncateSync(rewrites, size);
    throw error;
  }
  await git.run(['update-ref', '-d', draft], '\n');
  await git.run(['repack', '-a', '-d', '-q'], '\n');
  await git.run(['prune', '--expire=now'], '\n');
  return { contents, commits: changed.length };
}

/** The commit that a commit's content is found in now. */
export function resolveCommit(repository: string, commit: string): string {
  let text: string;
  try {
    text = readFileSync(join(repository, rewritesName), 'utf8');
  } catch {
    return commit;
  }
  let found = commit;
  // In the order of the purges: each leads to commits of the next one.
  for (const [, old, now] of text.matchAll(/^([0-9a-f]{40,64}) ([0-9a-f]{40,64})$/gm))
    if (old === found && now !== undefined) found = now;
  return found;
}
