/** Reads a part of a recording. The name comes from the log, which somebody may have edited, so it is held against what names are. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../core/codes.ts';

export interface RecordingPart {
  readonly bytes: Uint8Array;
  /** Of the whole file. */
  readonly size: number;
}

/** Throws INVALID_ARGUMENT for a name that is none, FILE_NOT_FOUND when the file is gone or cannot be read. */
export function toRecordingPath(folder: string, name: string): string {
  if (/^[A-Za-z0-9-]{1,100}\.cast$/.test(name)) return join(folder, name);
  throw new OperationError('INVALID_ARGUMENT', `The log names a recording that cannot be one: ${name}.`);
}

export async function readRecordingPart(
  folder: string,
  name: string,
  offset: number,
  bytesMax: number,
): Promise<RecordingPart> {
  const path = toRecordingPath(folder, name);
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.max(0, Math.min(bytesMax, size - offset)));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
      return { bytes: bytes.subarray(0, bytesRead), size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw gone(path, error);
  }
}

/** The sha256 of the file, or of its first bytes, to be held against the log. */
export async function hashRecording(folder: string, name: string, bytes?: number): Promise<string> {
  const path = toRecordingPath(folder, name);
  const hash = createHash('sha256');
  if (bytes === 0) return hash.digest('hex');
  const part = bytes === undefined ? {} : { end: bytes - 1 };
  try {
    for await (const chunk of createReadStream(path, part)) hash.update(chunk as Buffer);
  } catch (error) {
    throw gone(path, error);
  }
  return hash.digest('hex');
}

function gone(path: string, cause: unknown): OperationError {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
    return new OperationError(
      'FILE_NOT_FOUND',
      `There is no recording ${path}: its command printed nothing, or none of it was on disk yet, or it was removed to make room.`,
      { cause },
    );
  const why = cause instanceof Error ? cause.message : String(cause);
  return new OperationError('FILE_NOT_FOUND', `The recording ${path} cannot be read (${why}).`, { cause });
}
