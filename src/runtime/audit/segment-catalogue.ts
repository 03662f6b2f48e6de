/** All segments of a log: closed ones through their index files, the open one in memory, and what later segments say about operations of earlier ones. */
import { type AuditEntryState, joinRecord, toAuditRow } from '../../core/audit/audit-entry.ts';
import type { AuditRecord, AuditRow } from '../../core/audit/record.ts';
import type { LoadedRows, SearchedSegment } from './audit-search.ts';
import type { IndexBody } from './index-file.ts';
import {
  openSealed,
  openStored,
  readEntry,
  readSealed,
  removeIndex,
  type SealedSegment,
  scanInto,
  sealSegment,
  toSegmentFile,
} from './sealed-segment.ts';
import { listSegments, type SegmentFile } from './segment-files.ts';
import { type Predecessors, SegmentIndex } from './segment-index.ts';

/** An operation that its own segment leaves open, with what later ones add. */
export interface Unsettled {
  readonly segment: string;
  readonly at: number;
  state: AuditEntryState;
  isChanged: boolean;
}

export interface Chapter extends SearchedSegment {
  readonly length: number;
}

/** Rows of this many segments are held at once; each is some megabytes. */
const bodiesMax = 4;

export class SegmentCatalogue {
  readonly #folder: string;
  readonly #isLive: (runId: string) => boolean;
  readonly #sealed = new Map<string, SealedSegment>();
  #active: SegmentIndex | null = null;
  readonly #unsettled = new Map<string, Unsettled>();
  readonly #continued = new Map<string, AuditRecord[]>();
  readonly #bodies = new Map<string, IndexBody>();
  /** Segments of this process whose index is being stored, one after another. */
  readonly #waiting: SegmentIndex[] = [];
  #sealing: Promise<void> = Promise.resolve();
  /** Rises whenever rows of closed segments change. */
  #edition = 0;

  constructor(folder: string, isLive: (runId: string) => boolean) {
    this.#folder = folder;
    this.#isLive = isLive;
  }

  get sealed(): readonly SealedSegment[] {
    return [...this.#sealed.values()];
  }

  /** Those that are in memory, oldest first: the index of a closed one is being stored, and the open one. */
  get growing(): readonly SegmentIndex[] {
    const all =
      this.#active === null ? this.#waiting : [...this.#waiting.filter((one) => one !== this.#active), this.#active];
    return all.filter((one) => !this.#sealed.has(one.name));
  }

  get active(): SegmentIndex | null {
    return this.#active;
  }

  get unsettled(): readonly Unsettled[] {
    return [...this.#unsettled.values()];
  }

  /** What may be open, of all segments. */
  *openRows(): Generator<AuditRow> {
    for (const { state, segment } of this.#unsettled.values()) yield this.toRow(state, segment);
    for (const index of this.growing) {
      const rows = this.#loadGrowing(index);
      for (let at = 0; at < rows.length; at += 1) {
        const row = rows.row(at);
        if (row !== null) yield row;
      }
    }
  }

  /** Under another state, rows of closed segments may read differently. */
  get state(): string {
    return `${this.#edition} ${this.#runId()}`;
  }

  /** Records of an operation that stand in later segments than its first one. */
  continued(id: string): readonly AuditRecord[] {
    return this.#continued.get(id) ?? [];
  }

  /**
   * Reads what the files hold beyond what is known.
   * @param role the writer calls it once, before it opens a segment of its own: what it finds grows no more, and index files are written.
   */
  async refresh(role: 'writer' | 'reader'): Promise<readonly AuditRecord[]> {
    const segments = await listSegments(this.#folder);
    const added: AuditRecord[] = [];
    for (const [at, segment] of segments.entries()) {
      if (this.#sealed.has(segment.name)) continue;
      const before = this.#before(at === 0 ? 'first' : 'later');
      const isLast = at === segments.length - 1;
      const stored = isLast && this.#active === null ? await openStored(segment) : null;
      if (stored !== null) this.#include(stored);
      else if (role === 'reader' && (isLast || this.#active?.name === segment.name)) {
        added.push(...(await this.#readOn(segment, before)));
        if (!isLast) await this.#seal(segment.name, 'keep');
      } else {
        const sealed = await openSealed(segment, before, role === 'writer' ? 'store' : 'keep');
        if (sealed !== null) this.#include(sealed);
      }
    }
    return added;
  }

  /** For the writer, which knows what it wrote. */
  add(record: AuditRecord, name: string, offset: number, bytes: number): void {
    if (this.#active?.name !== name) {
      const last = this.#active;
      if (last !== null) this.#sealLater(last);
      const order = last === null && this.#sealed.size === 0 ? 'first' : 'later';
      this.#active = new SegmentIndex(name, this.#before(order));
    }
    const continuation = this.#active.add(record, offset, bytes);
    if (continuation !== null) this.#continue(continuation.record);
  }

  /** Stores the index of the open segment: nothing is added any more. */
  async close(): Promise<void> {
    if (this.#active !== null) this.#sealLater(this.#active);
    await this.#sealing;
  }

  /** Oldest first. */
  chapters(): readonly Chapter[] {
    const chapters: Chapter[] = this.sealed.map((segment) => ({
      name: segment.name,
      isFixed: true,
      fromMs: segment.header.fromMs,
      untilMs: segment.header.untilMs,
      length: segment.header.rows,
      load: () => this.#loadSealed(segment),
    }));
    for (const index of this.growing)
      chapters.push({
        ...{ name: index.name, isFixed: false, fromMs: index.fromMs, untilMs: index.untilMs, length: index.length },
        load: async () => this.#loadGrowing(index),
      });
    return chapters;
  }

  toRow(state: AuditEntryState, segment: string): AuditRow {
    const runId = this.#sealed.get(segment)?.header.runId ?? this.#growing(segment)?.runId ?? null;
    return toAuditRow(state, runId !== null && runId === this.#runId());
  }

  async body(segment: SealedSegment): Promise<IndexBody> {
    const known = this.#bodies.get(segment.name);
    if (known !== undefined) return known;
    let body = await readSealed(segment);
    if (body === null) {
      // Damaged since it was opened: what the segment itself says counts.
      const file = toSegmentFile(this.#folder, segment.name);
      await removeIndex(file.path).catch(() => undefined);
      const isFirst = this.sealed[0]?.name === segment.name;
      const mended = await openSealed(file, this.#before(isFirst ? 'first' : 'later'), 'keep');
      if (mended !== null) this.#sealed.set(segment.name, mended);
      body = mended === null ? null : await readSealed(mended);
    }
    if (body === null) throw new Error(`${segment.name} holds no record any more`);
    this.#bodies.set(segment.name, body);
    const oldest = this.#bodies.keys().next();
    if (this.#bodies.size > bodiesMax && !oldest.done) this.#bodies.delete(oldest.value);
    return body;
  }

  #growing(name: string): SegmentIndex | null {
    if (this.#active?.name === name) return this.#active;
    return this.#waiting.find((one) => one.name === name) ?? null;
  }

  async #readOn(segment: SegmentFile, before: Predecessors): Promise<readonly AuditRecord[]> {
    const index = this.#active?.name === segment.name ? this.#active : new SegmentIndex(segment.name, before);
    this.#active = index;
    const { length } = index.continuations;
    const records = await scanInto(index, segment);
    for (const { record } of index.continuations.slice(length)) this.#continue(record);
    return records;
  }

  #sealLater(index: SegmentIndex): void {
    if (this.#waiting.includes(index)) return;
    this.#waiting.push(index);
    this.#sealing = this.#sealing.then(() => this.#seal(index.name, 'store'));
  }

  async #seal(name: string, store: 'store' | 'keep'): Promise<void> {
    const index = this.#growing(name);
    if (index === null) return;
    const sealed = await sealSegment(toSegmentFile(this.#folder, name), index, store);
    const at = this.#waiting.indexOf(index);
    if (at !== -1) this.#waiting.splice(at, 1);
    if (this.#active === index) this.#active = null;
    // Its continuations are known already: they were told when they were added.
    if (sealed !== null) this.#include({ ...sealed, header: { ...sealed.header, continuations: [] } });
  }

  #include(sealed: SealedSegment): void {
    this.#sealed.set(sealed.name, sealed);
    for (const { at, entry } of sealed.header.unsettled) {
      const { id } = entry.row;
      const state = this.#join(id, entry);
      this.#unsettled.set(id, { segment: sealed.name, at, state, isChanged: state !== entry });
    }
    for (const { record } of sealed.header.continuations) this.#continue(record);
    this.#edition += 1;
  }

  #before(order: Predecessors['order']): Predecessors {
    const isWaiting = (id: string): boolean => this.#waiting.some((index) => index.find(id) !== null);
    return { order, isBegun: (id) => this.#unsettled.has(id) || isWaiting(id) };
  }

  /** With what later segments have said already: they grow while the index of an earlier one is being stored. */
  #join(id: string, entry: AuditEntryState): AuditEntryState {
    return this.continued(id).reduce(joinRecord, entry);
  }

  #continue(record: AuditRecord): void {
    const records = this.#continued.get(record.id) ?? [];
    records.push(record);
    this.#continued.set(record.id, records);
    const unsettled = this.#unsettled.get(record.id);
    if (unsettled === undefined) return;
    unsettled.state = joinRecord(unsettled.state, record);
    unsettled.isChanged = true;
    this.#edition += 1;
  }

  /** Of the host that writes now; null when none does. */
  #runId(): string | null {
    const last = this.#active ?? this.#waiting.at(-1) ?? this.sealed.at(-1)?.header ?? null;
    if (last === null || last.isClosed || last.runId === null) return null;
    return this.#isLive(last.runId) ? last.runId : null;
  }

  async #loadSealed(segment: SealedSegment): Promise<LoadedRows> {
    const body = await this.body(segment);
    const changed = new Map(
      this.unsettled.filter((one) => one.isChanged && one.segment === segment.name).map((one) => [one.at, one.state]),
    );
    return {
      length: body.rowOffsets.length - 1,
      stored: { bytes: body.rows, offsets: body.rowOffsets },
      changed: [...changed.keys()],
      row: (at) => {
        const state = changed.get(at) ?? readEntry(body, at);
        return state === null ? null : this.toRow(state, segment.name);
      },
    };
  }

  #loadGrowing(index: SegmentIndex): LoadedRows {
    return {
      ...{ length: index.length, stored: null, changed: [] },
      row: (at) => {
        const entry = index.entry(at);
        return entry === null ? null : this.toRow(this.#join(entry.row.id, entry), index.name);
      },
    };
  }
}
