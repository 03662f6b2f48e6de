/** What one segment holds, as it grows: a row for each operation that begins in it, and where each record stands. In memory, bounded by the segment's size. */
import { type AuditEntryState, beginEntry, joinRecord } from '../../core/audit/audit-entry.ts';
import { type ChainHead, emptyChain } from '../../core/audit/chain.ts';
import type { AuditRecord } from '../../core/audit/record.ts';

/** A row, and the numbers of its records: the n-th of the segment, from 0. */
export interface IndexedEntry extends AuditEntryState {
  readonly records: readonly number[];
}

/** A record of an operation that began in an earlier segment. */
export interface Continuation {
  readonly record: AuditRecord;
  /** Its number in the segment. */
  readonly at: number;
}

/** What a segment has to know of those before it: a refusal is the only record of its operation, or the answer to an intent there. */
export interface Predecessors {
  readonly order: 'first' | 'later';
  readonly isBegun: (id: string) => boolean;
}

interface GrowingEntry {
  state: AuditEntryState;
  readonly records: number[];
}

export class SegmentIndex {
  readonly name: string;
  /** Where each record begins, in bytes from the beginning of the file. */
  readonly offsets: number[] = [];
  readonly continuations: Continuation[] = [];
  readonly #entries: GrowingEntry[] = [];
  readonly #byId = new Map<string, number>();
  readonly #isFirst: boolean;
  /** Whether an earlier segment holds the beginning of an operation and no end of it. */
  readonly #isBegun: (id: string) => boolean;
  /** The run of the host that writes it; null when nothing says so. */
  runId: string | null = null;
  /** Whether that run ended in an orderly way in this segment. */
  isClosed = false;
  /** Bytes up to the end of the last whole line. */
  bytes = 0;
  lines = 0;
  damagedLines = 0;
  firstSeq: number | null = null;
  head: ChainHead = emptyChain;
  fromMs = Number.POSITIVE_INFINITY;
  untilMs = Number.NEGATIVE_INFINITY;

  constructor(name: string, { order, isBegun }: Predecessors) {
    this.name = name;
    this.#isFirst = order === 'first';
    this.#isBegun = isBegun;
  }

  /** @param bytes of the line, without its end. */
  addDamaged(offset: number, bytes: number): void {
    this.bytes = offset + bytes + 1;
    this.lines += 1;
    this.damagedLines += 1;
  }

  /** Records must come in the order of the file. Returns the continuation when it belongs to an earlier segment. */
  add(record: AuditRecord, offset: number, bytes: number): Continuation | null {
    const at = this.offsets.length;
    this.offsets.push(offset);
    this.bytes = offset + bytes + 1;
    this.lines += 1;
    this.firstSeq ??= record.seq;
    this.head = { seq: record.seq, hash: record.hash };
    if (record.type === 'open' || record.type === 'close') {
      if (record.type === 'open') this.runId = record.id;
      this.isClosed = record.type === 'close';
      return null;
    }
    const known = this.#byId.get(record.id);
    const entry = known === undefined ? undefined : this.#entries[known];
    if (entry !== undefined) {
      entry.state = joinRecord(entry.state, record);
      entry.records.push(at);
      return null;
    }
    return this.#begin(record, at);
  }

  get length(): number {
    return this.#entries.length;
  }

  entry(index: number): IndexedEntry | null {
    const entry = this.#entries[index];
    if (entry === undefined) return null;
    // In this order: it is how a row is found in what is stored.
    const { row, last, status, isUnknown, goesOn = false } = entry.state;
    return { row, last, status, isUnknown, ...(goesOn ? { goesOn } : {}), records: entry.records };
  }

  find(id: string): number | null {
    return this.#byId.get(id) ?? null;
  }

  #begin(record: AuditRecord, at: number): Continuation | null {
    const isRefusal = record.type === 'refused' && !this.#isBegun(record.id);
    const isBeginning = record.type === 'intent' || isRefusal || this.#isFirst;
    if (!isBeginning || record.type === 'acknowledged') {
      const continuation = { record, at };
      this.continuations.push(continuation);
      return continuation;
    }
    this.#byId.set(record.id, this.#entries.length);
    this.#entries.push({ state: beginEntry(record), records: [at] });
    const atMs = Date.parse(record.ts);
    this.fromMs = Math.min(this.fromMs, atMs);
    this.untilMs = Math.max(this.untilMs, atMs);
    return null;
  }
}
