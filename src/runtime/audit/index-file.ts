/**
 * The form of a segment's index on disk: `segment-000001.index` beside `segment-000001.jsonl`. A line with a hash and JSON, a line of JSON a row, then two
 * tables of 32-bit offsets: of the records in the segment, and of the rows. It is derived: whatever is wrong with it, it is made anew.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type AuditEntryState, isUnsettled } from '../../core/audit/audit-entry.ts';
import type { Continuation, SegmentIndex } from './segment-index.ts';

export interface UnsettledEntry {
  /** Number of its row. */
  readonly at: number;
  readonly entry: AuditEntryState;
}

export interface IndexHeader {
  /** 1 took a refusal for an operation of its own when its intent stands in an earlier segment; 2 did not know which outcomes are unknown. */
  readonly v: 3;
  /** Size of the segment, and the place, number and hash of its last record: a segment that differs has another index. */
  readonly bytes: number;
  readonly lastOffset: number;
  readonly headSeq: number;
  readonly headHash: string;
  readonly firstSeq: number;
  readonly records: number;
  readonly rows: number;
  readonly lines: number;
  readonly damagedLines: number;
  readonly runId: string | null;
  readonly isClosed: boolean;
  /** Of the times at which its operations began; 0 without one. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Later segments may say more about these. */
  readonly unsettled: readonly UnsettledEntry[];
  readonly continuations: readonly Continuation[];
  readonly rowBytes: number;
  /** Of everything behind the header's line. */
  readonly sha256: string;
}

export interface IndexBody {
  readonly rows: Buffer;
  /** One more than there are records, and rows: the last one is the end. */
  readonly recordOffsets: Uint32Array;
  readonly rowOffsets: Uint32Array;
}

/** Null for a segment that holds no record. */
export function encodeIndex(index: SegmentIndex): { readonly header: IndexHeader; readonly bytes: Buffer } | null {
  const lastOffset = index.offsets.at(-1);
  if (lastOffset === undefined || index.firstSeq === null) return null;
  const parts: Buffer[] = [];
  const unsettled: UnsettledEntry[] = [];
  const rowOffsets = new Uint32Array(index.length + 1);
  let rowBytes = 0;
  for (let at = 0; at < index.length; at += 1) {
    const entry = index.entry(at);
    if (entry === null) continue;
    const line = Buffer.from(`${JSON.stringify(entry)}\n`, 'utf8');
    parts.push(line);
    rowBytes += line.length;
    rowOffsets[at + 1] = rowBytes;
    const { records: _records, ...state } = entry;
    if (isUnsettled(entry)) unsettled.push({ at, entry: state });
  }
  const recordOffsets = Uint32Array.from([...index.offsets, index.bytes]);
  const body = Buffer.concat([...parts, toBytes(recordOffsets), toBytes(rowOffsets)]);
  const header: IndexHeader = {
    v: 3,
    bytes: index.bytes,
    lastOffset,
    headSeq: index.head.seq,
    headHash: index.head.hash,
    firstSeq: index.firstSeq,
    records: index.offsets.length,
    rows: index.length,
    lines: index.lines,
    damagedLines: index.damagedLines,
    runId: index.runId,
    isClosed: index.isClosed,
    fromMs: index.length === 0 ? 0 : index.fromMs,
    untilMs: index.length === 0 ? 0 : index.untilMs,
    unsettled,
    continuations: index.continuations,
    rowBytes,
    sha256: hash(body),
  };
  return { header, bytes: Buffer.concat([Buffer.from(`${encodeHeader(header)}\n`, 'utf8'), body]) };
}

/** Its hash before it: a header that was damaged must not be believed either. */
function encodeHeader(header: IndexHeader): string {
  const text = JSON.stringify(header);
  return `${hash(text)} ${text}`;
}

/** Null when the line is no header of this version, or not as it was written. */
export function decodeHeader(line: string): IndexHeader | null {
  try {
    const text = line.slice(65);
    if (hash(text) !== line.slice(0, 64)) return null;
    const header = JSON.parse(text) as Partial<IndexHeader>;
    const numbers = [header.bytes, header.lastOffset, header.headSeq, header.firstSeq, header.records, header.rows];
    const isWhole =
      header.v === 3 &&
      [...numbers, header.rowBytes].every((value) => Number.isSafeInteger(value) && (value ?? -1) >= 0) &&
      typeof header.headHash === 'string' &&
      typeof header.sha256 === 'string' &&
      Array.isArray(header.unsettled) &&
      Array.isArray(header.continuations);
    return isWhole ? (header as IndexHeader) : null;
  } catch {
    return null;
  }
}

/** Null when the bytes behind the header are not the ones it speaks of. */
export function decodeBody(header: IndexHeader, body: Buffer): IndexBody | null {
  const recordsEnd = header.rowBytes + (header.records + 1) * 4;
  if (body.length !== recordsEnd + (header.rows + 1) * 4 || hash(body) !== header.sha256) return null;
  return {
    rows: body.subarray(0, header.rowBytes),
    recordOffsets: toNumbers(body.subarray(header.rowBytes, recordsEnd)),
    rowOffsets: toNumbers(body.subarray(recordsEnd)),
  };
}

/** Little-endian on every machine, so that a folder can be moved. */
function toBytes(numbers: Uint32Array): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [at, value] of numbers.entries()) bytes.writeUInt32LE(value, at * 4);
  return bytes;
}

function toNumbers(bytes: Buffer): Uint32Array {
  const numbers = new Uint32Array(bytes.length / 4);
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = bytes.readUInt32LE(at * 4);
  return numbers;
}

function hash(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
