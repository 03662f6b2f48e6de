/** Answers what is asked of a log's files: pages of rows, single rows and records. Opening reads neither rows nor records of closed segments. */
import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';
import { Serial } from '../../base/serial.ts';
import { isOpenRow } from '../../core/audit/audit-entry.ts';
import { type AuditFilter, emptyAuditFilter } from '../../core/audit/audit-filter.ts';
import { type ChainHead, emptyChain } from '../../core/audit/chain.ts';
import { parseRecord } from '../../core/audit/chain-verifier.ts';
import type { AuditPage, AuditQuery, AuditRecord, AuditRow } from '../../core/audit/record.ts';
import { AuditSearch, toRowMatcher } from './audit-search.ts';
import { readEntry, toSegmentFile } from './sealed-segment.ts';
import { SegmentCatalogue } from './segment-catalogue.ts';
import type { SegmentIndex } from './segment-index.ts';

export interface RecordPlace {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export class AuditStore {
  readonly #folder: string;
  readonly #catalogue: SegmentCatalogue;
  readonly #search = new AuditSearch();
  readonly #searches = new Serial();
  readonly #refreshes = new Serial();
  readonly #role: 'writer' | 'reader';

  constructor(folder: string, isLive: (runId: string) => boolean, role: 'writer' | 'reader') {
    this.#folder = folder;
    this.#role = role;
    this.#catalogue = new SegmentCatalogue(folder, isLive);
  }

  /** Of the last record that could be read. */
  get head(): ChainHead {
    const { growing, sealed } = this.#catalogue;
    const newest = growing.findLast(({ offsets }) => offsets.length > 0);
    if (newest !== undefined) return newest.head;
    const last = sealed.at(-1)?.header;
    return last === undefined ? emptyChain : { seq: last.headSeq, hash: last.headHash };
  }

  /** Lines that hold no record; `verify` names them. */
  get damagedLines(): number {
    const { growing, sealed } = this.#catalogue;
    const inMemory = growing.reduce((sum, index) => sum + index.damagedLines, 0);
    return sealed.reduce((sum, { header }) => sum + header.damagedLines, inMemory);
  }

  /** Reads what the files hold beyond what is known. */
  async refresh(): Promise<void> {
    await this.#refreshes.run(() => this.#catalogue.refresh(this.#role));
  }

  /** For the writer, which knows what it wrote. */
  add(record: AuditRecord, place: RecordPlace): void {
    this.#catalogue.add(record, place.file, place.offset, place.bytes);
  }

  /** Stores the index of the open segment: nothing is added any more. */
  async close(): Promise<void> {
    await this.#catalogue.close();
  }

  async page(query: AuditQuery): Promise<AuditPage> {
    const segments = this.#catalogue.chapters();
    const matcher = toRowMatcher(query);
    const found =
      matcher === null
        ? segments.map(() => null)
        : await this.#searches.run(() => this.#search.find(segments, matcher, this.#catalogue.state));
    const counts = segments.map((segment, at) => found[at]?.length ?? segment.length);
    const rows: AuditRow[] = [];
    let skipped = 0;
    for (let at = segments.length - 1; at >= 0 && rows.length < query.limit; at -= 1) {
      const count = counts[at] ?? 0;
      const from = Math.max(0, query.offset - skipped);
      skipped += count;
      if (from >= count) continue;
      const loaded = await segments[at]?.load();
      for (let nth = count - 1 - from; nth >= 0 && rows.length < query.limit; nth -= 1) {
        const row = loaded?.row(found[at]?.[nth] ?? nth) ?? null;
        if (row !== null) rows.push(row);
      }
    }
    return { rows, total: counts.reduce((sum, count) => sum + count, 0) };
  }

  /** Newest first. */
  openItems(): AuditRow[] {
    return [...this.#catalogue.openRows()].filter(isOpenRow).sort((one, other) => other.seq - one.seq);
  }

  async row(id: string): Promise<AuditRow | null> {
    const { rows } = await this.page({ offset: 0, limit: Number.MAX_SAFE_INTEGER, filter: toIdFilter(id) });
    return rows.find((row) => row.id === id) ?? null;
  }

  /** Ids of operations that begin with this text, as people type them; at most ten. */
  async idsLike(prefix: string): Promise<string[]> {
    const { rows } = await this.page({ offset: 0, limit: 10, filter: toIdFilter(prefix) });
    return [...new Set(rows.map((row) => row.id))];
  }

  /** Oldest first; empty for an unknown id. A record that is no longer where it was is left out: `verify` names it. */
  async records(id: string): Promise<AuditRecord[]> {
    const records: AuditRecord[] = [];
    for (const place of await this.#places(id)) {
      const record = await this.#readRecord(place);
      if (record !== null) records.push(record);
    }
    return [...records, ...this.#catalogue.continued(id)];
  }

  get recordCount(): number {
    const { growing, sealed } = this.#catalogue;
    const inMemory = growing.reduce((sum, { offsets }) => sum + offsets.length, 0);
    return sealed.reduce((sum, { header }) => sum + header.records, inMemory);
  }

  /** The n-th record of the log, from 0, straight from its place; null past the end. */
  async recordAt(index: number): Promise<AuditRecord | null> {
    let from = 0;
    for (const segment of this.#catalogue.sealed) {
      const { records } = segment.header;
      if (index < from + records) {
        const { recordOffsets } = await this.#catalogue.body(segment);
        return await this.#readRecord(toPlace(segment.name, recordOffsets, index - from));
      }
      from += records;
    }
    for (const segment of this.#catalogue.growing) {
      const { length } = segment.offsets;
      if (index < from + length) return await this.#readRecord(toPlace(segment.name, toOffsets(segment), index - from));
      from += length;
    }
    return null;
  }

  async #places(id: string): Promise<RecordPlace[]> {
    const { growing, sealed } = this.#catalogue;
    // Newest first: what one looks at is mostly what has just happened.
    for (const segment of [...growing].reverse()) {
      const found = segment.find(id);
      if (found === null) continue;
      const offsets = toOffsets(segment);
      return segment.entry(found)?.records.map((at) => toPlace(segment.name, offsets, at)) ?? [];
    }
    for (const segment of [...sealed].reverse()) {
      const body = await this.#catalogue.body(segment);
      const line = body.rows.indexOf(`{"row":{"id":${JSON.stringify(id)},`);
      const entry = line === -1 ? null : readEntry(body, body.rowOffsets.indexOf(line));
      if (entry !== null) return entry.records.map((at) => toPlace(segment.name, body.recordOffsets, at));
    }
    return [];
  }

  async #readRecord(place: RecordPlace): Promise<AuditRecord | null> {
    const handle = await open(toSegmentFile(this.#folder, place.file).path, 'r');
    try {
      const bytes = Buffer.alloc(place.bytes);
      await handle.read(bytes, 0, place.bytes, place.offset);
      // A damaged line may stand between this record and the next one.
      return parseRecord(bytes.toString('utf8').split('\n')[0] ?? '');
    } finally {
      await handle.close();
    }
  }
}

function toOffsets(index: SegmentIndex): ArrayLike<number> {
  return [...index.offsets, index.bytes];
}

function toPlace(file: string, offsets: ArrayLike<number>, at: number): RecordPlace {
  const offset = offsets[at] ?? 0;
  return { file, offset, bytes: Math.max(0, (offsets[at + 1] ?? offset) - offset) };
}

function toIdFilter(value: string): AuditFilter {
  return { ...emptyAuditFilter, conditions: [{ key: 'id', value, isExcluded: false }] };
}
