/** The audit log on disk: opens it, appends in groups, keeps the index. What is worth recording, and when, is the gate's to know. */
import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import type { AuditEntry, AuditRecord } from '../../core/audit/record.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { AuditLog } from '../../core/ports.ts';
import { AuditStore } from './audit-store.ts';
import { ChainWriter } from './chain-writer.ts';
import { CheckpointSigner, type Signing } from './checkpoint-signer.ts';
import { prepareAuditFolder } from './prepare-audit-folder.ts';
import { toReason } from './to-reason.ts';
import { verifyFolder } from './verify-folder.ts';
import { lockWriter, type WriterLock } from './writer-lock.ts';

export interface AuditLogOptions {
  /** Made with mode 0700 when it does not exist. */
  readonly folder: string;
  readonly redactor: Redactor;
  readonly clock?: Clock;
  /** A segment is closed at this size. */
  readonly segmentBytesMax?: number;
  /** Checkpoints are signed with this key; without it the log is a chain only. */
  readonly signing?: Signing;
}

/** The log, with what was odd when it was opened. */
export type OpenAuditLog = AuditLog & { readonly notes: readonly string[] };

interface Job {
  readonly entries: readonly AuditEntry[];
  readonly durability: 'durable' | 'lazy';
  readonly resolve: (records: readonly AuditRecord[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Records of what already happened: they may use the last room on the disk. */
const closingTypes: ReadonlySet<string> = new Set(['result', 'progress', 'refused', 'acknowledged', 'close']);

/** Appends are collected into one write this far; a waiting one is never held up by more than this many others. */
const jobsPerWriteMax = 256;

/** Throws AUDIT_UNAVAILABLE when the folder cannot be written or another writer lives. */
export async function createAuditLog(options: AuditLogOptions): Promise<OpenAuditLog> {
  const { folder } = options;
  let lock: WriterLock | null = null;
  try {
    prepareAuditFolder(folder);
    const runId = `host-${randomBytes(6).toString('hex')}`;
    lock = lockWriter(folder, runId);
    let isLive = true;
    const store = new AuditStore(folder, (run) => isLive && run === runId, 'writer');
    const clock = options.clock ?? systemClock;
    const signer = options.signing === undefined ? null : new CheckpointSigner(folder, options.signing, clock);
    const writer = await ChainWriter.open({
      folder,
      redactor: options.redactor,
      clock,
      segmentBytesMax: options.segmentBytesMax ?? limits.auditSegmentBytesMax,
      store,
      runId,
      signer,
    });
    const end = (): void => {
      isLive = false;
      lock?.release();
    };
    return new FolderAuditLog({ folder, signing: options.signing ?? null, store, writer, runId, end });
  } catch (error) {
    lock?.release();
    if (error instanceof OperationError) throw error;
    throw unavailable(folder, error);
  }
}

interface LogParts {
  readonly folder: string;
  readonly signing: Signing | null;
  readonly store: AuditStore;
  readonly writer: ChainWriter;
  readonly runId: string;
  readonly end: () => void;
}

class FolderAuditLog implements OpenAuditLog {
  readonly #folder: string;
  readonly #signing: Signing | null;
  readonly #store: AuditStore;
  readonly #writer: ChainWriter;
  readonly #runId: string;
  readonly #end: () => void;
  readonly #appended = new Emitter<AuditRecord>();
  #waiting: Job[] = [];
  #flushing: Promise<void> | null = null;
  #closed = false;

  constructor(parts: LogParts) {
    this.#folder = parts.folder;
    this.#signing = parts.signing;
    this.#store = parts.store;
    this.#writer = parts.writer;
    this.#runId = parts.runId;
    this.#end = parts.end;
  }

  get notes(): readonly string[] {
    return this.#writer.notes;
  }

  append(
    entries: readonly AuditEntry[],
    options: { readonly durable?: boolean } = {},
  ): Promise<readonly AuditRecord[]> {
    if (this.#closed) {
      const message = `The audit log in ${this.#folder} is closed; start signalbox again.`;
      return Promise.reject(new OperationError('AUDIT_UNAVAILABLE', message));
    }
    return this.#enqueue(entries, options.durable === false ? 'lazy' : 'durable');
  }

  async page(query: Parameters<AuditLog['page']>[0]): ReturnType<AuditLog['page']> {
    return await this.#store.page(query);
  }

  records(id: string): Promise<readonly AuditRecord[]> {
    return this.#store.records(id);
  }

  async openItems(): ReturnType<AuditLog['openItems']> {
    return this.#store.openItems();
  }

  async verify(): ReturnType<AuditLog['verify']> {
    await this.#flushing;
    return await verifyFolder(this.#folder, this.#signing === null ? {} : this.#signing);
  }

  onAppend(listener: (record: AuditRecord) => void): ReturnType<AuditLog['onAppend']> {
    return this.#appended.event(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#enqueue([{ type: 'close', id: this.#runId }], 'durable');
    } finally {
      await this.#flushing;
      await this.#writer.close();
      await this.#store.close();
      this.#end();
      this.#appended.dispose();
    }
  }

  #enqueue(entries: readonly AuditEntry[], durability: Job['durability']): Promise<readonly AuditRecord[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, durability, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** One group at a time; whoever comes while it is written waits for the next group. */
  async #flush(): Promise<void> {
    // Everything that is asked for in this turn of the event loop belongs to the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#commit(this.#waiting.splice(0, jobsPerWriteMax));
      await this.#writer.keepUp();
    }
    this.#flushing = null;
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const closing = jobs.filter((job) => job.entries.every((entry) => closingTypes.has(entry.type)));
    const others = jobs.filter((job) => !closing.includes(job));
    try {
      // What begins something new may not use the room that is kept for what already runs.
      if (others.length > 0) await this.#writer.holdBallast();
      await this.#write(jobs);
    } catch (error) {
      this.#refuse(others, error);
      if (closing.length === 0) return;
      try {
        if (isFull(error)) await this.#writer.dropBallast();
        await this.#write(closing);
      } catch (second) {
        this.#refuse(closing, second);
      }
    }
  }

  async #write(jobs: readonly Job[]): Promise<void> {
    const durability = jobs.some((job) => job.durability === 'durable') ? 'durable' : 'lazy';
    const records = await this.#writer.append(
      jobs.flatMap((job) => job.entries),
      durability,
    );
    let from = 0;
    for (const job of jobs) {
      job.resolve(records.slice(from, from + job.entries.length));
      from += job.entries.length;
    }
    for (const record of records) this.#appended.fire(record);
  }

  #refuse(jobs: readonly Job[], error: unknown): void {
    for (const job of jobs) job.reject(unavailable(this.#folder, error));
  }
}

function isFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

function unavailable(folder: string, cause: unknown): OperationError {
  const message = `The audit log in ${folder} cannot be written (${toReason(cause)}), so nothing runs until that is mended.`;
  return new OperationError('AUDIT_UNAVAILABLE', message, { cause });
}
