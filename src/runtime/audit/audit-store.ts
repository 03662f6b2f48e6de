/** The log's files as an index in memory: reads segments once, then only what was added, and fetches single records from their place. */
import { Buffer } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditIndex, createAuditIndex } from '../../core/audit/audit-index.ts';
import { type ChainHead, emptyChain } from '../../core/audit/chain.ts';
import { parseRecord } from '../../core/audit/chain-verifier.ts';
import type { AuditRecord } from '../../core/audit/record.ts';
import { listSegments, readSegmentLines } from './segment-files.ts';

export interface RecordPlace {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export class AuditStore {
  readonly #folder: string;
  readonly index: AuditIndex<RecordPlace>;
  readonly #read = new Map<string, { offset: number; line: number }>();
  #head: ChainHead = emptyChain;
  #damagedLines = 0;

  constructor(folder: string, isLive: () => boolean) {
    this.#folder = folder;
    this.index = createAuditIndex(isLive);
  }

  /** Of the last record that could be read. */
  get head(): ChainHead {
    return this.#head;
  }

  /** Lines that hold no record; `verify` names them. */
  get damagedLines(): number {
    return this.#damagedLines;
  }

  /** Reads what the files hold beyond what was read before; returns the new records in order. A line without an end waits. */
  async refresh(): Promise<AuditRecord[]> {
    const added: AuditRecord[] = [];
    for (const segment of await listSegments(this.#folder)) {
      const position = this.#read.get(segment.name) ?? { offset: 0, line: 1 };
      for (const line of await readSegmentLines(segment.path, position.offset, position.line)) {
        if (!line.isWhole) break;
        position.offset = line.offset + line.bytes + 1;
        position.line = line.line + 1;
        const record = parseRecord(line.text);
        if (record === null) this.#damagedLines += 1;
        else {
          this.add(record, { file: segment.name, offset: line.offset, bytes: line.bytes });
          added.push(record);
        }
      }
      this.#read.set(segment.name, position);
    }
    return added;
  }

  /** For the writer, which knows what it wrote. */
  add(record: AuditRecord, place: RecordPlace): void {
    this.#head = { seq: record.seq, hash: record.hash };
    this.index.add(record, place);
  }

  /** Oldest first; empty for an unknown id. A record that is no longer where it was is left out: `verify` names it. */
  async records(id: string): Promise<AuditRecord[]> {
    const handles = new Map<string, FileHandle>();
    const records: AuditRecord[] = [];
    try {
      for (const place of this.index.places(id)) {
        const handle = handles.get(place.file) ?? (await open(join(this.#folder, place.file), 'r'));
        handles.set(place.file, handle);
        const bytes = Buffer.alloc(place.bytes);
        await handle.read(bytes, 0, place.bytes, place.offset);
        const record = parseRecord(bytes.toString('utf8'));
        if (record !== null) records.push(record);
      }
    } finally {
      await Promise.all([...handles.values()].map((handle) => handle.close()));
    }
    return records;
  }
}
