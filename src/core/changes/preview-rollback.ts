/**
 * What a rollback would do, before anybody is asked: one step a file, newest change first, up to the first file that is not what its
 * change left. Reads the log, the snapshots and the servers, and changes nothing; each step is then an operation of its own.
 */
import { assert } from '../../base/assert.ts';
import { type FileChange, toFileChange } from '../audit/file-change.ts';
import { toUnifiedDiff } from '../audit/file-diff.ts';
import { type Code, OperationError } from '../codes.ts';
import { limits } from '../limits.ts';
import { checkDrift, readImageBefore, toRemovedFolders } from '../plans/plan-rollback.ts';
import type { AuditLog, FileImage, Registry, Servers, Snapshots } from '../ports.ts';
import { listRolledBack, listSessionSteps, type SessionStep } from './session-changes.ts';

export interface RollbackParts {
  readonly audit: Pick<AuditLog, 'page' | 'records'>;
  readonly snapshots: Pick<Snapshots, 'read'>;
  readonly registry: Pick<Registry, 'resolve'>;
  readonly servers: Pick<Servers, 'survey'>;
}

export type RollbackRequest =
  | { readonly kind: 'operation'; readonly id: string }
  /** Everything the session changed; with `to`, everything after that operation, which itself stays. */
  | {
      readonly kind: 'session';
      readonly session: string;
      readonly to: string | null;
      /** Nothing but this file. */
      readonly only?: { readonly server: string; readonly path: string };
    };

export interface RollbackStep {
  readonly server: string;
  readonly path: string;
  /** Newest first: the input of `rollback_file`. */
  readonly ids: readonly string[];
  readonly effect: 'restore' | 'delete';
  /** Unified diff from the file as it is now to what it becomes; null when it cannot be shown. */
  readonly diff: string | null;
  readonly note: string | null;
}

export interface RollbackPreview {
  readonly steps: readonly RollbackStep[];
  /** Why nothing older than the steps can be taken back; null when everything asked for is in them. */
  readonly stop: { readonly id: string; readonly code: Code; readonly message: string } | null;
}

/** Throws INVALID_ARGUMENT when there is nothing to take back. */
export async function previewRollback(
  request: RollbackRequest,
  context: { readonly workspace: string | null; readonly signal: AbortSignal },
  parts: RollbackParts,
): Promise<RollbackPreview> {
  const steps = request.kind === 'operation' ? [await oneStep(request.id, parts)] : await sessionSteps(request, parts);
  const walk = new Walk(context, parts);
  for (const step of steps) {
    try {
      await walk.add(step);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      return { steps: walk.steps(), stop: { id: step.id, code: error.code, message: error.message } };
    }
  }
  return { steps: walk.steps(), stop: null };
}

async function oneStep(id: string, { audit }: RollbackParts): Promise<SessionStep> {
  const change = toFileChange(await audit.records(id));
  if (change === null)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `No change of a file is known of ${id}, so there is nothing to roll back; what a command did cannot be undone.`,
    );
  const by = (await listRolledBack(audit)).get(id);
  if (by !== undefined)
    throw new OperationError('INVALID_ARGUMENT', `Operation ${id} was rolled back already, by ${by}.`);
  return { kind: 'change', id, seq: change.seq, change };
}

async function sessionSteps(
  { session, to, only }: RollbackRequest & { kind: 'session' },
  { audit }: RollbackParts,
): Promise<readonly SessionStep[]> {
  const steps = await listSessionSteps(audit, session);
  const end = to === null ? steps.length : steps.findIndex((step) => step.id === to);
  if (end === -1)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Session ${session} has no change ${to}; "signalbox audit changes --session ${session}" shows its changes.`,
    );
  const rolledBack = await listRolledBack(audit);
  const isAsked = ({ server, path }: { server: string | null; path: string }): boolean =>
    only === undefined || (server === only.server && path === only.path);
  const left = steps
    .slice(0, end)
    .filter((step) => !rolledBack.has(step.id))
    .filter((step) =>
      isAsked(step.kind === 'change' ? step.change : { server: step.row.server, path: step.row.summary }),
    );
  if (left.length === 0)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Session ${session} has changed no file${to === null ? '' : ` after ${to}`} that was not rolled back already.`,
    );
  return left;
}

interface OpenStep {
  readonly server: string;
  readonly path: string;
  readonly ids: string[];
  readonly current: FileImage;
  target: Exclude<FileImage, { kind: 'hash-only' }>;
  /** Those that the changes made. */
  readonly folders: string[];
  /** What the file holds once this step is done. */
  sha256: string | null;
}

/** Only folders that the changes made themselves, and a person reads their names before. */
function toFolderNote(folders: readonly string[]): string | null {
  if (folders.length === 0) return null;
  return `Folders that were made for the file go with it when they are empty: ${folders.join(', ')}.`;
}

/** Goes from change to change, from newer to older ones, and keeps in mind what each file would be by then. */
class Walk {
  readonly #context: { readonly workspace: string | null; readonly signal: AbortSignal };
  readonly #parts: RollbackParts;
  readonly #steps: OpenStep[] = [];
  readonly #byFile = new Map<string, OpenStep>();

  constructor(context: { readonly workspace: string | null; readonly signal: AbortSignal }, parts: RollbackParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Throws OperationError when the change cannot be taken back; what was added before stays. */
  async add(step: SessionStep): Promise<void> {
    if (step.kind === 'unknown')
      throw new OperationError(
        'CONFLICT',
        `Nobody knows whether ${step.id} changed ${step.row.summary} on ${step.row.server ?? 'its server'}; look at the file, and acknowledge the open item.`,
      );
    const { change } = step;
    const key = JSON.stringify([change.server, change.path]);
    const known = this.#byFile.get(key);
    if (known !== undefined && known.sha256 !== change.afterSha256)
      throw new OperationError(
        'CONFLICT',
        `${change.path} on ${change.server} was changed by somebody else after ${change.id}; nothing older of it is rolled back.`,
      );
    const current = known === undefined ? await this.#look(change) : known.target;
    const image = await readImageBefore(change, this.#parts);
    if (known !== undefined && known.ids.length < limits.rollbackStepsMax) {
      known.ids.push(change.id);
      known.folders.push(...change.createdFolders);
      known.target = image;
      known.sha256 = change.beforeSha256;
      return;
    }
    const { server, path, id, beforeSha256 } = change;
    const open: OpenStep = {
      server,
      path,
      ids: [id],
      current,
      target: image,
      folders: [...change.createdFolders],
      sha256: beforeSha256,
    };
    this.#steps.push(open);
    this.#byFile.set(key, open);
  }

  steps(): readonly RollbackStep[] {
    // A file that is back where it was without us needs no step.
    return this.#steps
      .filter(({ current, target }) => current.kind !== 'absent' || target.kind !== 'absent')
      .map(({ server, path, ids, current, target, folders }) => {
        const { diff, note } = toUnifiedDiff(current, target, path);
        const isDeleted = target.kind === 'absent';
        const folderNote = isDeleted ? toFolderNote(toRemovedFolders(folders, path)) : null;
        return {
          ...{ server, path, ids, diff },
          effect: isDeleted ? 'delete' : 'restore',
          note: [note, folderNote].filter((one) => one !== null).join(' ') || null,
        };
      });
  }

  /** The file as it is on the server now, which is what the change left. */
  async #look(change: FileChange): Promise<FileImage> {
    const { registry, servers } = this.#parts;
    const { workspace, signal } = this.#context;
    const target = await registry.resolve(change.server, workspace);
    if (change.target !== null && change.target !== target.address)
      throw new OperationError(
        'CONFLICT',
        `${change.server} was ${change.target} when ${change.id} changed ${change.path} and is ${target.address} now.`,
      );
    const request = { target, path: change.path, contentBytesMax: limits.writeBytesMax, signal };
    const survey = await servers.survey(request);
    await checkDrift(change, survey, this.#parts);
    const { state } = survey;
    if (state.kind === 'absent') return state;
    assert(state.kind === 'file', 'What a change left is a file or nothing.');
    const { sha256, mode, owner, size, content } = state;
    return content === null
      ? { kind: 'hash-only', sha256, size, mode, owner }
      : { kind: 'content', content, sha256, mode, owner };
  }
}
