/** A segment that grows no more, through its index file; where that is missing or wrong, the segment is read and the index made anew. */
import { Buffer } from 'node:buffer';
import { type FileHandle, open, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseRecord } from '../../core/audit/chain-verifier.ts';
import type { AuditRecord } from '../../core/audit/record.ts';
import { limits } from '../../core/limits.ts';
import { decodeBody, decodeHeader, encodeIndex, type IndexBody, type IndexHeader } from './index-file.ts';
import { readSegmentLines, type SegmentFile } from './segment-files.ts';
import { type IndexedEntry, type Predecessors, SegmentIndex } from './segment-index.ts';
import { createTimeSlice } from './time-slice.ts';

/** Headers are some hundred bytes, unless much is unsettled. */
const headerChunkBytes = 16 * 1024;
/** What has to stay free on the disk when an index is written. */
const indexRoomBytes = 8 * limits.auditBallastBytes;
const headerBytesMax = 64 * 1024 * 1024;

export interface SealedSegment {
  readonly name: string;
  readonly path: string;
  readonly header: IndexHeader;
  /** The whole index, when it could not be stored. */
  readonly kept: Buffer | null;
}

/** Null when the stored index is not the one whose header was read: it has been damaged since. */
export async function readSealed(segment: SealedSegment): Promise<IndexBody | null> {
  const bytes = segment.kept ?? (await readWhole(toIndexPath(segment.path)));
  const end = bytes?.indexOf(0x0a) ?? -1;
  return bytes === null || end === -1 ? null : decodeBody(segment.header, bytes.subarray(end + 1));
}

export function readEntry(body: IndexBody, at: number): IndexedEntry | null {
  const from = body.rowOffsets[at];
  const to = body.rowOffsets[at + 1];
  if (from === undefined || to === undefined) return null;
  return JSON.parse(body.rows.toString('utf8', from, to - 1)) as IndexedEntry;
}

/** Null when its index is missing or belongs to another state of it. */
export async function openStored(segment: SegmentFile): Promise<SealedSegment | null> {
  const header = await readHeader(segment.path);
  return header === null ? null : { name: segment.name, path: segment.path, header, kept: null };
}

/** Null for a segment without a record. @param store whether a new index may be written beside the segment. */
export async function openSealed(
  segment: SegmentFile,
  before: Predecessors,
  store: 'store' | 'keep',
): Promise<SealedSegment | null> {
  const stored = await openStored(segment);
  if (stored !== null) return stored;
  return await sealSegment(segment, await scanSegment(segment, before), store);
}

/** Writes the index of a segment that grows no more. A disk without room costs time at the next start, nothing else. */
export async function sealSegment(
  segment: Pick<SegmentFile, 'name' | 'path'>,
  index: SegmentIndex,
  store: 'store' | 'keep',
): Promise<SealedSegment | null> {
  const encoded = encodeIndex(index);
  if (encoded === null) return null;
  const isStored = store === 'store' && (await writeIndex(segment.path, encoded.bytes));
  return { name: segment.name, path: segment.path, header: encoded.header, kept: isStored ? null : encoded.bytes };
}

/** Reads a whole segment, a slice of time at a time. */
export async function scanSegment(segment: SegmentFile, before: Predecessors): Promise<SegmentIndex> {
  const index = new SegmentIndex(segment.name, before);
  await scanInto(index, segment);
  return index;
}

/** Reads on where the index ends; returns the records that were added. A line without an end waits. */
export async function scanInto(index: SegmentIndex, segment: SegmentFile): Promise<AuditRecord[]> {
  const pause = createTimeSlice();
  const added: AuditRecord[] = [];
  for (const line of await readSegmentLines(segment.path, index.bytes, index.lines + 1)) {
    if (!line.isWhole) break;
    const record = parseRecord(line.text);
    if (record === null) index.addDamaged(line.offset, line.bytes);
    else {
      index.add(record, line.offset, line.bytes);
      added.push(record);
    }
    await pause();
  }
  return added;
}

export async function removeIndex(segmentPath: string): Promise<void> {
  await rm(toIndexPath(segmentPath), { force: true });
}

async function writeIndex(segmentPath: string, bytes: Buffer): Promise<boolean> {
  const path = toIndexPath(segmentPath);
  const draft = `${path}.new`;
  try {
    // The last room of a disk is for records: an index can be made again.
    const { bavail, bsize } = await statfs(dirname(path));
    if (bavail * bsize < bytes.length + indexRoomBytes) return false;
    await writeFile(draft, bytes, { mode: 0o600 });
    await rename(draft, path);
    return true;
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
    return false;
  }
}

/** Null unless the index belongs to the segment as it is: same size, and the last record where and what it was. */
async function readHeader(segmentPath: string): Promise<IndexHeader | null> {
  const handle = await openOrNull(toIndexPath(segmentPath));
  if (handle === null) return null;
  try {
    const line = await readFirstLine(handle);
    const header = line === null ? null : decodeHeader(line);
    return header !== null && (await isOf(segmentPath, header)) ? header : null;
  } finally {
    await handle.close();
  }
}

async function isOf(segmentPath: string, header: IndexHeader): Promise<boolean> {
  if ((await stat(segmentPath)).size !== header.bytes) return false;
  const bytes = await readAt(segmentPath, header.lastOffset, header.bytes - header.lastOffset);
  // A damaged line may follow the last record.
  const record = parseRecord(bytes.toString('utf8').split('\n')[0] ?? '');
  return record !== null && record.seq === header.headSeq && record.hash === header.headHash;
}

async function readAt(path: string, offset: number, length: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function readFirstLine(handle: FileHandle): Promise<string | null> {
  for (let size = headerChunkBytes; size <= headerBytesMax; size *= 8) {
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    const end = bytes.subarray(0, bytesRead).indexOf(0x0a);
    if (end !== -1) return bytes.toString('utf8', 0, end);
    if (bytesRead < size) return null;
  }
  return null;
}

async function readWhole(path: string): Promise<Buffer | null> {
  const handle = await openOrNull(path);
  if (handle === null) return null;
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function openOrNull(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function toIndexPath(segmentPath: string): string {
  return segmentPath.replace(/\.jsonl$/, '.index');
}

export function toSegmentFile(folder: string, name: string): SegmentFile {
  return { name, path: join(folder, name), number: Number(/(\d+)/.exec(name)?.[1] ?? 0) };
}
