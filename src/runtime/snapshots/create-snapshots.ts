/** Keeps the images of remote files in a bare git repository, one path a file. Which images are taken, and when, is the gate's to know. */
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../base/clock.ts';
import { Serial } from '../../base/serial.ts';
import type { PurgeReport, PurgeScope } from '../../core/audit/purge.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { FileImage, SnapshotNote, Snapshots } from '../../core/ports.ts';
import { toFastImport } from './fast-import.ts';
import { fromStateText, toStateText } from './file-state.ts';
import { type Git, openGit } from './open-git.ts';
import { branchMissing, checkFolder, prepareRepository } from './prepare-repository.ts';
import { purgeHistory, resolveCommit } from './purge-history.ts';
import { readBatch } from './read-batch.ts';
import type { LockJudgement } from './remove-leftovers.ts';
import { toSnapshotPath, toStatePath } from './snapshot-path.ts';
import { toStoreError } from './store-problem.ts';

const branch = 'refs/heads/main';
/** A file system block: an empty file would fit on a full disk. */
const probe = Buffer.alloc(4_096);

export interface SnapshotsOptions {
  /** The bare repository; made with mode 0700 when it does not exist. */
  readonly repository: string;
  /** Takes secrets out of commit messages and errors; contents are kept as they are, since an undo needs them. */
  readonly redactor?: Redactor;
  readonly clock?: Clock;
}

/** Touches nothing until it is used. */
export function createSnapshots(options: SnapshotsOptions): Snapshots {
  return new GitSnapshots(options);
}

class GitSnapshots implements Snapshots {
  readonly #repository: string;
  readonly #redact: (text: string) => string;
  readonly #clock: Clock;
  readonly #git: Git;
  readonly #serial = new Serial();
  #isPrepared = false;
  #preparing: Promise<void> | null = null;
  /** A branch that is there is never gone again by itself. */
  #hasHistory = false;
  #lockJudgement: LockJudgement = 'all are left over';
  #commits = 0;
  /** Git's names of contents that were brought to the disk ahead; null where that failed. As long as somebody has the image. */
  readonly #staged = new WeakMap<FileImage, Promise<string | null>>();

  constructor(options: SnapshotsOptions) {
    this.#repository = options.repository;
    this.#redact = (text) => options.redactor?.redact(text).text ?? text;
    this.#clock = options.clock ?? systemClock;
    this.#git = openGit(options.repository, this.#clock);
  }

  async checkWritable(): Promise<void> {
    try {
      await this.#prepare();
      checkFolder(this.#repository);
      const file = join(this.#repository, 'objects', `probe-${randomBytes(6).toString('hex')}`);
      try {
        writeFileSync(file, probe, { mode: 0o600, flag: 'wx' });
      } finally {
        rmSync(file, { force: true });
      }
    } catch (error) {
      throw this.#toError('SNAPSHOT_UNAVAILABLE', 'cannot be written', error);
    }
  }

  commit(image: FileImage, note: SnapshotNote): Promise<string> {
    return this.#serial.run(async () => {
      try {
        await this.#prepare();
        return await this.#commit(image, note);
      } catch (error) {
        throw this.#toError('SNAPSHOT_FAILED', `could not keep ${note.realPath} of ${note.server}`, error);
      }
    });
  }

  stage(image: FileImage): void {
    if (image.kind !== 'content' || image.content.length < limits.stagedBytesMin) return;
    const content = Buffer.from(image.content.buffer, image.content.byteOffset, image.content.byteLength);
    const staging = this.#prepare().then(() => this.#git.run(['hash-object', '-w', '--stdin'], content));
    this.#staged.set(
      image,
      staging.then(
        (output) => /^[0-9a-f]{40,64}$/m.exec(output)?.[0] ?? null,
        () => null,
      ),
    );
  }

  purge(scope: PurgeScope): Promise<PurgeReport> {
    return this.#serial.run(async () => {
      try {
        await this.#prepare();
        return await purgeHistory(this.#git, this.#repository, scope);
      } catch (error) {
        throw this.#toError('SNAPSHOT_FAILED', 'could not be purged', error);
      }
    });
  }

  async read(commit: string, server: string, realPath: string): Promise<FileImage> {
    if (!/^[0-9a-f]{40,64}$/.test(commit))
      throw new OperationError('INVALID_ARGUMENT', 'A snapshot is named by the full hash of its commit.');
    try {
      const found = resolveCommit(this.#repository, commit);
      const paths = [toStatePath(server, realPath), toSnapshotPath(server, realPath)];
      const names = [`${found}^{tree}`, ...paths.map((path) => `${found}:${path}`)];
      const [tree, state, content] = readBatch(await this.#git.catFileBatch(names), names.length);
      if (tree === undefined || tree === null) throw new Error(`snapshot ${commit.slice(0, 12)} is missing`);
      if (state === undefined || state === null)
        throw new OperationError(
          'FILE_NOT_FOUND',
          `Snapshot ${commit.slice(0, 12)} holds nothing about ${realPath} of ${server}; compare with a backup of snapshots.git.`,
        );
      return toImage(state.toString('utf8'), content ?? null);
    } catch (error) {
      throw this.#toError('SNAPSHOT_FAILED', `could not read ${realPath} of ${server}`, error);
    }
  }

  async #commit(image: FileImage, note: SnapshotNote): Promise<string> {
    const statePath = toStatePath(note.server, note.realPath);
    const stateText = toStateText(image);
    const [head, stored] = readBatch(await this.#git.catFileBatch([branch, `${branch}:${statePath}`]), 2, 'names');
    if (head !== null && head !== undefined && stored?.content.toString('utf8') === stateText) return head.name;
    if (head === null && this.#hasHistory) throw new Error(branchMissing);
    const contentName = (await this.#staged.get(image)) ?? null;
    const script = toFastImport({
      // A purge takes away what no commit holds.
      contentName: contentName !== null && this.#hasLoose(contentName) ? contentName : null,
      branch,
      parent: head?.name ?? null,
      statePath,
      stateText,
      contentPath: toSnapshotPath(note.server, note.realPath),
      image,
      note,
      seconds: Math.floor(this.#clock.nowMs() / 1_000),
      redact: this.#redact,
    });
    const output = await this.#git.run(['fast-import', '--quiet', '--done', '--date-format=raw'], script);
    const commit = /^[0-9a-f]{40,64}$/m.exec(output)?.[0];
    if (commit === undefined) throw new Error('git reported no commit');
    this.#commits += 1;
    this.#hasHistory = true;
    if (this.#commits % limits.snapshotCommitsPerPackCheck === 0) this.#packLater();
    return commit;
  }

  #hasLoose(name: string): boolean {
    return existsSync(join(this.#repository, 'objects', name.slice(0, 2), name.slice(2)));
  }

  /** Once at a time: every one of them makes git lock the settings, and takes away what looks left over. */
  #prepare(): Promise<void> {
    if (this.#isPrepared) return Promise.resolve();
    this.#preparing ??= this.#prepareNow().finally(() => {
      this.#preparing = null;
    });
    return this.#preparing;
  }

  async #prepareNow(): Promise<void> {
    const hasHistory = await prepareRepository(this.#git, this.#repository, this.#lockJudgement);
    this.#lockJudgement = 'old ones are left over';
    this.#isPrepared = true;
    this.#hasHistory = hasHistory;
  }

  /** Thousands of loose objects make git slow and cost a disk block each. A commit that comes meanwhile waits its turn. */
  #packLater(): void {
    const isMany = (): boolean => {
      try {
        // Names are hashes: a 256th of all objects is in this folder.
        return readdirSync(join(this.#repository, 'objects', '17')).length > limits.looseObjectsMax / 256;
      } catch {
        return false;
      }
    };
    // Packing changes nothing that is kept; where it fails, the next round tries again, and a disk that fails shows in the next commit.
    this.#serial
      .run(async () => (isMany() ? await this.#git.run(['repack', '-d', '-l', '-q'], '\n') : ''))
      .catch(() => undefined);
  }

  #toError(code: 'SNAPSHOT_FAILED' | 'SNAPSHOT_UNAVAILABLE', what: string, cause: unknown): OperationError {
    // Whatever it was: the next use looks at the repository anew.
    if (!(cause instanceof OperationError)) this.#isPrepared = false;
    return toStoreError(code, `The snapshot store ${this.#repository} ${what}`, cause, this.#redact);
  }
}

function toImage(stateText: string, content: Buffer | null): FileImage {
  const state = fromStateText(stateText);
  if (state.kind === 'absent') return state;
  const { sha256, size, mode, owner } = state;
  if (state.kind === 'hash-only') return { kind: 'hash-only', sha256, size, mode, owner };
  if (content === null || createHash('sha256').update(content).digest('hex') !== sha256)
    throw new OperationError(
      'SNAPSHOT_FAILED',
      'The snapshot is damaged: its content does not have its hash; compare with a backup of snapshots.git.',
    );
  return { kind: 'content', content: Uint8Array.from(content), sha256, mode, owner };
}
