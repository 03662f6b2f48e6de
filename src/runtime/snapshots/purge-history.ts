/** Purges contents from the repository of the snapshot store: a new history is written, the branch moves to it, and the old objects are removed. */
import { Buffer } from 'node:buffer';
import { appendFileSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../../base/assert.ts';
import type { PurgeReport, PurgeScope } from '../../core/audit/purge.ts';
import { limits } from '../../core/limits.ts';
import { fromStateText } from './file-state.ts';
import type { Git } from './open-git.ts';
import { readBatch } from './read-batch.ts';
import { listStateObjects, type RewriteRules, rewriteHistory } from './rewrite-history.ts';
import { toSnapshotPath } from './snapshot-path.ts';

const branch = 'refs/heads/main';
const draft = 'refs/heads/purging';
/** `<old commit> <new commit>` a line: records of the log go on naming the old ones. */
const rewritesName = 'signalbox-rewrites';

/**
 * The caller sees to it that nothing is committed meanwhile. A purge that is killed has changed nothing or is done again. The history is
 * written part by part, so that memory holds one part of it, whatever the store holds; no content is read.
 */
export async function purgeHistory(
  git: Git,
  repository: string,
  scope: PurgeScope,
  commitsAtOnce: number = limits.purgeCommitsAtOnce,
): Promise<PurgeReport> {
  const report = await purgeCommits(git, repository, scope, commitsAtOnce);
  if (report.commits > 0) await git.run(['repack', '-a', '-d', '-q'], '\n');
  // Always: what was brought to the disk for a change that then failed is in no commit, and nobody knows whose it was.
  await git.run(['prune', '--expire=now'], '\n');
  return report;
}

async function purgeCommits(
  git: Git,
  repository: string,
  scope: PurgeScope,
  commitsAtOnce: number,
): Promise<PurgeReport> {
  const head = (await git.run(['for-each-ref', '--format=%(objectname)', branch], '\n')).trim();
  if (head === '') return { contents: 0, commits: 0 };
  const all = (await git.run(['rev-list', '--reverse', branch], '\n')).trim().split('\n');
  const isPurged = toPurgeQuestion(scope);
  const progress: Progress = { gone: new Set(), parent: null, contents: 0, changed: [] };
  for (let at = 0; at < all.length; at += commitsAtOnce) {
    const range = { before: all[at - 1] ?? null, last: all[at + commitsAtOnce - 1] ?? head };
    await rewritePart(git, range, isPurged, progress);
  }
  const { contents, changed, parent } = progress;
  if (parent === null) return { contents, commits: 0 };
  const rewrites = join(repository, rewritesName);
  const size = statSync(rewrites, { throwIfNoEntry: false })?.size ?? 0;
  try {
    // Before the branch moves: an old name must never lead nowhere.
    appendFileSync(rewrites, changed.join(''), { mode: 0o600 });
    await git.run(['update-ref', branch, parent.now, head], '\n');
  } catch (error) {
    truncateSync(rewrites, size);
    throw error;
  }
  await git.run(['update-ref', '-d', draft], '\n');
  return { contents, commits: changed.length };
}

function toPurgeQuestion(scope: PurgeScope): RewriteRules['isPurged'] {
  if (scope.kind === 'before') return (_path, seconds) => seconds * 1_000 < scope.beforeMs;
  const purgedPath = toSnapshotPath(scope.server, scope.path);
  return (path) => path === purgedPath;
}

interface Progress {
  readonly gone: Set<string>;
  /** The last commit that was written anew; null while nothing had to be. */
  parent: { readonly old: string; readonly now: string } | null;
  contents: number;
  /** `<old commit> <new commit>` LF. */
  readonly changed: string[];
}

interface CommitRange {
  /** Null for the beginning. */
  readonly before: string | null;
  readonly last: string;
}

/** The commits after `before` up to `last`. Nothing is written as long as nothing had to go. */
async function rewritePart(
  git: Git,
  { before, last }: CommitRange,
  isPurged: RewriteRules['isPurged'],
  progress: Progress,
): Promise<void> {
  const range = before === null ? [last] : [last, `^${before}`];
  const options = ['--no-data', '--show-original-ids', '--reference-excluded-parents'];
  const exported = await git.run(['fast-export', ...options, ...range], '\n');
  const objects = listStateObjects(exported);
  const states = objects.length === 0 ? [] : readBatch(await git.catFileBatch(objects), objects.length);
  const texts = new Map(objects.map((object, index) => [object, states[index]?.toString('utf8') ?? '']));
  const { parent, gone } = progress;
  const { script, marks, contents } = rewriteHistory(Buffer.from(exported, 'utf8'), draft, {
    isPurged,
    stateOf: (object) => fromStateText(texts.get(object) ?? ''),
    commitOf: (original) => (original === parent?.old ? parent.now : original),
    gone,
  });
  if (contents === 0 && parent === null) return;
  const output = await git.run(['fast-import', '--quiet', '--force', '--done', '--date-format=raw'], script);
  const commits = output.match(/^[0-9a-f]{40,64}$/gm) ?? [];
  if (commits.length !== marks.size) throw new Error('git did not write every commit anew');
  progress.contents += contents;
  progress.parent = { old: last, now: present(commits.at(-1), 'A part of the history has a commit.') };
  for (const [index, old] of [...marks.keys()].entries())
    if (commits[index] !== old) progress.changed.push(`${old} ${commits[index]}\n`);
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
