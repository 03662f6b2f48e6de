/** Names, order and lines of the log's segment files. Knows nothing of what a line means. */
import { Buffer } from 'node:buffer';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `segment-000001.jsonl`: the number grows with every start and every rotation, so that the order of names is the order of records. */
const segmentPattern = /^segment-([0-9]{6,12})\.jsonl$/;
const lineFeed = 0x0a;

export interface SegmentFile {
  readonly name: string;
  readonly path: string;
  readonly number: number;
}

export interface SegmentLine {
  readonly text: string;
  /** Counted from 1, as editors do. */
  readonly line: number;
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  readonly bytes: number;
  /** False for a last line without a line end. */
  readonly isWhole: boolean;
}

export function toSegmentName(number: number): string {
  return `segment-${String(number).padStart(6, '0')}.jsonl`;
}

/** In order of their numbers; other files are left alone. A folder that does not exist holds none. */
export async function listSegments(folder: string): Promise<SegmentFile[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .flatMap((name) => {
      const number = segmentPattern.exec(name)?.[1];
      return number === undefined ? [] : [{ name, path: join(folder, name), number: Number(number) }];
    })
    .sort((a, b) => a.number - b.number);
}

/** Reads from a byte offset to the end of the file as it is now; `firstLine` is the number of the line at the offset. */
export async function readSegmentLines(path: string, offset = 0, firstLine = 1): Promise<SegmentLine[]> {
  const bytes = offset === 0 ? await readFile(path) : await readFrom(path, offset);
  const lines: SegmentLine[] = [];
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(lineFeed, from);
    const isWhole = end !== -1;
    const to = isWhole ? end : bytes.length;
    const text = bytes.toString('utf8', from, to);
    lines.push({ text, line: firstLine + lines.length, offset: offset + from, bytes: to - from, isWhole });
    from = to + 1;
  }
  return lines;
}

async function readFrom(path: string, offset: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.max(0, size - offset));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Makes a new name durable: on Linux a file's own sync does not cover its entry in the folder. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
