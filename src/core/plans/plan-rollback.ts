/**
 * The plan of a rollback: the file goes back to what it was before one or several changes, if it is still exactly what the newest of
 * them left. What those changes were is read from the log and the snapshots, never taken from the request.
 */
import { present } from '../../base/assert.ts';
import { type FileChange, toFileChange } from '../audit/file-change.ts';
import { OperationError } from '../codes.ts';
import { limits } from '../limits.ts';
import type { OperationInput } from '../operations/table.ts';
import type { FileImage, PathState, Survey } from '../ports.ts';
import { type Finding, type Look, noExecution, type Plan, type Prepared } from './plan.ts';
import { toOctal } from './plan-look.ts';
import { toChangeDiff, toKeptImage } from './plan-write.ts';

export function planRollback(input: OperationInput<'rollback_file'>): Plan {
  const { path, ids } = input;
  const summary = `roll back ${path}`;
  return {
    tool: 'rollback_file',
    summary,
    cwd: null,
    entry: { path, rollsBack: ids },
    question: { kind: 'write', path, realPath: null },
    looksAtServer: true,
    prepare: async (look) => {
      const changes = await readChanges(input, look);
      const image = await readImageBefore(present(changes.at(-1), 'A rollback names a change.'), look);
      const { target, signal } = look;
      const survey = await look.servers.survey({ target, path, contentBytesMax: limits.writeBytesMax, signal });
      await checkDrift(present(changes[0], 'A rollback names a change.'), survey, look);
      const folders = changes.flatMap((change) => change.createdFolders);
      return prepareRollback({ summary, path, ids, image, survey, folders }, look);
    },
  };
}

/** Newest first. Throws INVALID_ARGUMENT for what changed no file or another one, CONFLICT when something came between two of them. */
async function readChanges({ path, ids }: OperationInput<'rollback_file'>, look: Look): Promise<readonly FileChange[]> {
  const { target } = look;
  const changes: FileChange[] = [];
  for (const id of ids) {
    const change = toFileChange(await look.audit.records(id));
    if (change === null)
      throw new OperationError(
        'INVALID_ARGUMENT',
        `No change of a file is known of ${id}, so there is nothing to roll back; what a command did cannot be undone.`,
      );
    if (change.server !== target.id || change.path !== path)
      throw new OperationError(
        'INVALID_ARGUMENT',
        `Operation ${id} changed ${change.path} on ${change.server}, not ${path} on ${target.id}; roll it back by itself.`,
      );
    if (change.target !== null && change.target !== target.address)
      throw new OperationError(
        'CONFLICT',
        `${target.id} was ${change.target} when ${id} changed ${path} and is ${target.address} now; nothing was rolled back.`,
      );
    const newer = changes.at(-1);
    if (newer !== undefined && newer.beforeSha256 !== change.afterSha256)
      throw new OperationError(
        'CONFLICT',
        `${path} was changed by somebody else between ${id} and ${newer.id}; roll back ${newer.id} alone, then look at the file.`,
      );
    changes.push(change);
  }
  return changes;
}

/** Throws UNSUPPORTED for what was kept as a hash, SNAPSHOT_FAILED for what cannot be read any more. */
export async function readImageBefore(
  change: FileChange,
  look: Pick<Look, 'snapshots'>,
): Promise<Exclude<FileImage, { kind: 'hash-only' }>> {
  const { id, path, server, commitBefore } = change;
  if (commitBefore === null)
    throw new OperationError(
      'SNAPSHOT_FAILED',
      `No image of ${path} before ${id} was kept, so it cannot be rolled back.`,
    );
  const image = await look.snapshots.read(commitBefore, server, path);
  if (image.kind === 'hash-only')
    throw new OperationError(
      'UNSUPPORTED',
      `Only the hash of ${path} before ${id} was kept (it is sensitive, or larger than ${limits.snapshotBytesMax} bytes), so it cannot be rolled back.`,
    );
  const sha256 = image.kind === 'absent' ? null : image.sha256;
  if (sha256 !== change.beforeSha256)
    throw new OperationError(
      'SNAPSHOT_FAILED',
      `The image of ${path} before ${id} is not the one its record names; compare with a backup of snapshots.git.`,
    );
  return image;
}

/** Throws CONFLICT when the file is not what the change left: content, mode, kind, or where the path leads. */
export async function checkDrift(newest: FileChange, survey: Survey, look: Pick<Look, 'snapshots'>): Promise<void> {
  const { state } = survey;
  const differs = toDifference(newest, survey) ?? (await toModeDifference(newest, state, look));
  if (differs === null) return;
  throw new OperationError(
    'CONFLICT',
    `${newest.path} on ${newest.server} is not what ${newest.id} left: ${differs}. Nothing was rolled back; look at the file.`,
  );
}

function toDifference({ path, afterSha256 }: FileChange, { realPath, state }: Survey): string | null {
  if (realPath !== path) return `it leads to ${realPath} now`;
  switch (state.kind) {
    case 'absent':
      return afterSha256 === null ? null : 'it no longer exists';
    case 'directory':
      return 'it is a folder now';
    case 'special':
      return `it is a ${state.type} now`;
    case 'file':
      if (afterSha256 === null) return 'it exists again';
      return state.sha256 === afterSha256 ? null : 'its content is another one';
  }
}

async function toModeDifference(
  { commitAfter, server, path }: FileChange,
  state: PathState,
  look: Pick<Look, 'snapshots'>,
): Promise<string | null> {
  if (commitAfter === null || state.kind !== 'file') return null;
  const left = await look.snapshots.read(commitAfter, server, path);
  if (left.kind === 'absent') return null;
  if (left.mode !== state.mode) return `its mode is ${toOctal(state.mode)}, not ${toOctal(left.mode)}`;
  // A server without names shows numbers, which say nothing about a name that was kept.
  const isNamed = !/^\d+$/.test(state.owner) && !/^\d+$/.test(left.owner);
  return isNamed && left.owner !== state.owner ? `it belongs to ${state.owner}, not to ${left.owner}` : null;
}

interface RollbackFacts {
  readonly summary: string;
  readonly path: string;
  readonly ids: readonly string[];
  /** What comes back. */
  readonly image: Exclude<FileImage, { kind: 'hash-only' }>;
  readonly survey: Survey;
  /** Those that the changes made, in any order. */
  readonly folders: readonly string[];
}

/** Outermost first: a path is longer than those of the folders that it is in. */
export function toRemovedFolders(folders: readonly string[], path: string): readonly string[] {
  return [...new Set(folders)]
    .filter((folder) => path.startsWith(`${folder}/`))
    .sort((one, other) => one.length - other.length);
}

function prepareRollback({ summary, path, ids, image, survey, folders }: RollbackFacts, look: Look): Prepared {
  const { state } = survey;
  const current = state.kind === 'file' ? state : null;
  const content = image.kind === 'content' ? image.content : null;
  if (current === null && content === null)
    throw new OperationError('INVALID_ARGUMENT', `${path} is absent, as it was before; nothing needs to be done.`);
  const question = { kind: 'write', path, realPath: survey.realPath } as const;
  const currentBytes = current?.content ?? null;
  const before: FileImage =
    current === null || currentBytes === null
      ? { kind: 'absent' }
      : toKeptImage(look, question, { ...current, content: currentBytes });
  const removeFolders = content === null ? toRemovedFolders(folders, survey.realPath) : [];
  const mode = image.kind === 'content' && image.mode !== current?.mode ? image.mode : null;
  return {
    summary,
    entry: { path, rollsBack: ids },
    question,
    hostKey: survey.hostKey,
    change: { realPath: survey.realPath, before, after: image },
    subject: () => ({
      kind: 'write',
      path,
      realPath: survey.realPath,
      diff: toChangeDiff(currentBytes, content, path),
      beforeSha256: current?.sha256 ?? null,
      afterSha256: image.kind === 'content' ? image.sha256 : null,
      beforeBytes: current?.size ?? null,
      afterBytes: content?.byteLength ?? 0,
      mode: mode === null ? null : toOctal(mode),
      replace: content === null ? 'atomic' : survey.replace,
      inPlaceReason: content === null ? null : survey.inPlaceReason,
      createFolders: state.kind === 'absent' ? state.missingFolders : [],
      ...(removeFolders.length > 0 ? { removeFolders } : {}),
      snapshot: before.kind === 'hash-only' ? 'hash_only' : 'written',
      offsets: [],
      // What is taken back is what was there: there is nothing to edit.
      afterText: null,
      rollsBack: ids,
    }),
    action: () =>
      content === null
        ? {
            kind: 'remove-file',
            path: survey.realPath,
            expectedSha256: present(current, 'What is deleted is there.').sha256,
            removeFolders,
          }
        : {
            kind: 'write-file',
            path: survey.realPath,
            content,
            expectedSha256: current?.sha256 ?? null,
            mode,
            replace: survey.replace,
            createFolders: state.kind === 'absent' ? state.missingFolders : [],
          },
    edit: () => {
      throw new OperationError('INVALID_ARGUMENT', 'A rollback has nothing to edit; approve or deny it.');
    },
    finding: (outcome) =>
      ({
        data: {
          sha256: outcome.kind === 'write-file' ? outcome.verifiedSha256 : null,
          deleted: outcome.kind === 'remove-file',
          rolledBack: ids,
          ...(outcome.kind === 'remove-file' && outcome.removedFolders.length > 0
            ? { removedFolders: outcome.removedFolders }
            : {}),
        },
        execution: noExecution,
      }) satisfies Finding,
  };
}
