/** Continues the chain on disk: opens segments, numbers and hashes records, rotates, and mends what a failed write left behind. One caller at a time. */
import { Buffer } from 'node:buffer';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { present } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { type ChainHead, chainRecord, hashRecord, toRecordLine } from '../../core/audit/chain.ts';
import { parseRecord } from '../../core/audit/chain-verifier.ts';
import { type Checkpoint, toKeyFingerprint, unsignedRecordsMax } from '../../core/audit/checkpoint.ts';
import type { AuditEntry, AuditRecord } from '../../core/audit/record.ts';
import { redactRecord } from '../../core/audit/redact-record.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import type { AuditStore } from './audit-store.ts';
import { type Ballast, createBallast } from './ballast.ts';
import { readLastCheckpoint } from './checkpoint-files.ts';
import type { CheckpointSigner } from './checkpoint-signer.ts';
import { damagedHeadName, readHead, setAsideDamagedHead, writeHead } from './head-file.ts';
import { prepareAuditFolder } from './prepare-audit-folder.ts';
import { listSegments, readSegmentLines } from './segment-files.ts';
import { SegmentTouchedError, SegmentWriter } from './segment-writer.ts';
import { listUntoldLines, setAsideTornLine } from './torn-line.ts';

export interface ChainWriterOptions {
  readonly folder: string;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly segmentBytesMax: number;
  readonly store: AuditStore;
  /** Id of the open and close records of this run. */
  readonly runId: string;
  /** Null for a log that is not signed. */
  readonly signer: CheckpointSigner | null;
}

/** The head is noted beside the log this often, so that a cut of more than this is noticed even after a kill. */
const recordsPerHeadNote = 64;

/** What the log has to say about itself when a segment is opened. */
type Said = Pick<AuditEntry, 'note' | 'checkpointsLost'>;

type Repair = { readonly kind: 'truncate'; readonly path: string; readonly size: number };

export class ChainWriter {
  readonly #options: ChainWriterOptions;
  readonly #ballast: Ballast;
  readonly notes: readonly string[];
  #segment: SegmentWriter | null = null;
  #repair: Repair | null = null;
  #head: ChainHead;
  /** The newest record that is on the disk for sure. */
  #synced: ChainHead;
  #notedSeq = 0;
  #lastNumber = 0;

  private constructor(options: ChainWriterOptions, head: ChainHead, notes: readonly string[]) {
    this.#options = options;
    this.#ballast = createBallast(options.folder);
    this.#head = head;
    this.#synced = head;
    this.notes = notes;
  }

  /** Reads what is there, sets a torn line aside, and writes the `open` record of a new segment. Throws file system errors. */
  static async open(options: ChainWriterOptions): Promise<ChainWriter> {
    const { folder, store } = options;
    const notes: string[] = [];
    const last = (await listSegments(folder)).at(-1);
    if (last !== undefined) await setAsideTornLine(last);
    const torn = last === undefined ? [] : await listUntoldLines(folder);
    notes.push(...torn.map((line) => line.note));
    await store.refresh();
    if (await setAsideDamagedHead(folder))
      notes.push(
        `head.json was damaged, and is kept as ${damagedHeadName}: only checkpoints tell whether the end was cut off.`,
      );
    const noted = await readHead(folder);
    notes.push(...(await toHeadNotes(noted, store, last?.path)));
    const signed = options.signer === null ? null : await readLastCheckpoint(folder);
    if (options.signer !== null) notes.push(...(await toCheckpointNotes(signed, store, options.signer)));
    // Where the end was cut off, numbering goes on behind what is lost: the gap stays visible for good.
    const heads = [store.head, ...(noted === null ? [] : [noted]), ...(signed === null ? [] : [toHead(signed)])];
    const head = heads.reduce((max, one) => (one.seq > max.seq ? one : max));
    const writer = new ChainWriter(options, head, notes);
    await writer.holdBallast();
    const isLost = signed === null && options.signer?.isNew === false && store.head.seq > 0;
    if (signed !== null) options.signer?.recall(signed.seq);
    // Before the first record: a log with a key always has a checkpoint.
    if (signed === null) await options.signer?.sign(last?.name ?? '', head);
    const note = notes.length === 0 ? {} : { note: notes.join(' ') };
    await writer.#openSegment('start', isLost ? { ...note, checkpointsLost: true } : note);
    for (const line of torn) await line.markTold();
    return writer;
  }

  async holdBallast(): Promise<void> {
    await this.#ballast.hold();
  }

  async dropBallast(): Promise<void> {
    await this.#ballast.drop();
  }

  /** All records or none: after an error the file is as it was before, or is made so before the next append. */
  async append(entries: readonly AuditEntry[], durability: 'durable' | 'lazy'): Promise<AuditRecord[]> {
    await this.#mend();
    if (this.#segment === null) await this.#openSegment('reopened', {});
    else if (this.#segment.size >= this.#options.segmentBytesMax) await this.#rotate();
    try {
      return await this.#write(entries, durability);
    } catch (error) {
      if (!(error instanceof SegmentTouchedError)) throw error;
      // What others did to the file stays there for `verify` to name; the log goes on in a file of its own.
      await this.#leaveSegment();
      await this.#openSegment('reopened', { note: error.message });
      return this.#write(entries, durability);
    }
  }

  /** Notes and signs how far the log has come, where that is due. To be called before the next append; whoever waited for a record has it by then. */
  async keepUp(): Promise<void> {
    if (this.#segment === null) return;
    if (this.#head.seq - this.#notedSeq >= recordsPerHeadNote) await this.#noteHead();
    if (this.#options.signer?.isDue(this.#synced.seq)) await this.#sign();
  }

  async close(): Promise<void> {
    try {
      if (this.#segment !== null) await this.#noteHead();
      await this.#sign();
    } finally {
      await this.#leaveSegment();
    }
  }

  async #write(entries: readonly AuditEntry[], durability: 'durable' | 'lazy'): Promise<AuditRecord[]> {
    const segment = present(this.#segment, 'A segment is open while records are written.');
    const { records, lines, head } = this.#chain(entries);
    let offset: number;
    try {
      offset = await segment.append(Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8'), durability);
    } catch (error) {
      if (!(error instanceof SegmentTouchedError)) await this.#undo(segment);
      throw error;
    }
    this.#head = head;
    if (durability === 'durable') this.#synced = head;
    records.forEach((record, index) => {
      const bytes = Buffer.byteLength(lines[index] ?? '', 'utf8');
      this.#options.store.add(record, { file: segment.name, offset, bytes });
      offset += bytes + 1;
    });
    return records;
  }

  #chain(entries: readonly AuditEntry[]): { records: AuditRecord[]; lines: string[]; head: ChainHead } {
    let head = this.#head;
    const ts = new Date(this.#options.clock.nowMs()).toISOString();
    const records = entries.map((entry) => {
      const safe = redactRecord(entry, this.#options.redactor);
      const record = chainRecord({ ...safe, v: 1, seq: head.seq + 1, ts }, head.hash);
      head = { seq: record.seq, hash: record.hash };
      return record;
    });
    return { records, lines: records.map(toRecordLine), head };
  }

  /** A write that failed half-way leaves bytes that were promised to nobody. If they cannot be cut off now, nothing is written until they can. */
  async #undo(segment: SegmentWriter): Promise<void> {
    const repair: Repair = { kind: 'truncate', path: join(this.#options.folder, segment.name), size: segment.size };
    try {
      await segment.undo();
    } catch {
      this.#repair = repair;
    }
    // After a failed sync the kernel may have dropped pages it calls written: the file is not trusted with more.
    await this.#leaveSegment();
  }

  async #mend(): Promise<void> {
    if (this.#repair === null) return;
    await truncate(this.#repair.path, this.#repair.size);
    this.#repair = null;
  }

  async #rotate(): Promise<void> {
    await this.#noteHead();
    await this.#sign();
    await this.#leaveSegment();
    await this.#openSegment('rotation', {});
  }

  async #leaveSegment(): Promise<void> {
    const segment = this.#segment;
    this.#segment = null;
    await segment?.close();
  }

  /** Its first record quotes the head of the segment before. */
  async #openSegment(reason: 'start' | 'rotation' | 'reopened', said: Said): Promise<void> {
    const { folder, runId, signer } = this.#options;
    prepareAuditFolder(folder);
    // Never a name that was in use: what is known of a segment that others removed must not be taken for this one.
    const number = Math.max((await listSegments(folder)).at(-1)?.number ?? 0, this.#lastNumber) + 1;
    const segment = await SegmentWriter.create(folder, number);
    this.#lastNumber = number;
    this.#segment = segment;
    const signedSeq = signer?.signedSeq ?? 0;
    try {
      await this.#write(
        [{ type: 'open', id: runId, reason, ...said, ...(signedSeq > 0 ? { signedSeq } : {}) }],
        'durable',
      );
    } catch (error) {
      this.#segment = null;
      await segment.discard();
      this.#repair = null;
      throw error;
    }
    await this.#noteHead();
    await this.#sign();
  }

  async #sign(): Promise<void> {
    if (this.#segment !== null) await this.#options.signer?.sign(this.#segment.name, this.#synced);
  }

  /** The records are safe without it: when it fails, the older note is still true and the next append tries again. */
  async #noteHead(): Promise<void> {
    const synced = this.#synced;
    const isNoted = await writeHead(this.#options.folder, synced).then(
      () => true,
      () => false,
    );
    if (isNoted) this.#notedSeq = synced.seq;
  }
}

function toHead({ seq, head }: Checkpoint): ChainHead {
  return { seq, hash: head };
}

/** Whether the log is still the one that was signed: only the last checkpoint, the others are what `verify` compares. */
async function toCheckpointNotes(
  signed: Checkpoint | null,
  store: AuditStore,
  signer: CheckpointSigner,
): Promise<string[]> {
  if (signed === null)
    return signer.isNew || store.head.seq === 0
      ? []
      : ['The log has a key, but no checkpoint was left: whether it is as it was signed cannot be told any more.'];
  if (signed.key !== signer.publicKey)
    return [
      `The last checkpoint, of record ${signed.seq}, is signed by ${toKeyFingerprint(signed.key)}, which is not the key of this log.`,
    ];
  if (store.head.seq - signed.seq > unsignedRecordsMax)
    return [`No checkpoint covers records ${signed.seq + 1} to ${store.head.seq}: the last checkpoints were removed.`];
  if (signed.seq === 0) return [];
  if (signed.seq > store.head.seq)
    return [`Record ${signed.seq} was signed and the log ends at record ${store.head.seq}: its end was cut off.`];
  const record = await store.recordAt(signed.seq - 1);
  // Where records are missing, numbers and places differ; that is for verify to name.
  if (record === null || record.seq !== signed.seq || record.hash === signed.head) return [];
  return [
    `Record ${signed.seq} is not the one that was signed: the log up to it was rewritten; run "signalbox audit verify".`,
  ];
}

/** Whether the log still ends where it ended: cheap checks only, the whole chain is what `verify` reads. */
async function toHeadNotes(
  noted: ChainHead | null,
  store: AuditStore,
  lastSegment: string | undefined,
): Promise<string[]> {
  const notes: string[] = [];
  if (noted !== null && noted.seq > store.head.seq)
    notes.push(`The log had come to record ${noted.seq} and ends at record ${store.head.seq}: its end was cut off.`);
  if (store.damagedLines > 0)
    notes.push(`${store.damagedLines} lines of the log are not records; run "signalbox audit verify".`);
  const lines = lastSegment === undefined ? [] : await readSegmentLines(lastSegment);
  const last = parseRecord(lines.at(-1)?.text ?? '');
  if (last !== null) {
    const { prev, hash, ...rest } = last;
    if (hashRecord(rest, prev) !== hash)
      notes.push(`Record ${last.seq}, the last one, was changed after it was written.`);
  }
  return notes;
}
