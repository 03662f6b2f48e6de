/** Gives screens the recording of an operation, page by page. Which file it is, the log says; who reads it is a port. */
import type { AuditRecord } from '../core/audit/record.ts';
import { OperationError } from '../core/codes.ts';
import type { AuditLog } from '../core/ports.ts';
import { parseEventLine, parseHeaderLine } from '../core/recording/asciicast.ts';
import type { Result } from '../protocol/methods.ts';

export interface RecordingFiles {
  /** At most `bytesMax` bytes from `offset` on. Throws FILE_NOT_FOUND. */
  read(name: string, offset: number, bytesMax: number): Promise<{ readonly bytes: Uint8Array; readonly size: number }>;
  /** The sha256 of the whole file. */
  hash(name: string): Promise<string>;
}

/** One frame to a screen stays far below its bound, escaped text included; a longer line was not written by us. */
const pageBytes = 2 * 1024 * 1024;

/** Throws INVALID_ARGUMENT when the operation has no recording, FILE_NOT_FOUND when its file is gone. */
export async function readRecordingPage(
  parts: { readonly audit: Pick<AuditLog, 'records'>; readonly recordings: RecordingFiles },
  id: string,
  offset: number,
): Promise<Result<'audit.recording'>> {
  const { name, sha256 } = findRecording(id, await parts.audit.records(id));
  const { bytes, size } = await parts.recordings.read(name, offset, pageBytes);
  const isLast = offset + bytes.byteLength >= size;
  const end = isLast ? bytes.byteLength : Buffer.from(bytes).lastIndexOf(0x0a) + 1;
  if (end === 0 && !isLast)
    throw new OperationError('UNSUPPORTED', 'The recording is damaged: a line of it is too long to be one of ours.');
  const lines = new TextDecoder().decode(bytes.subarray(0, end)).split('\n');
  const header = offset === 0 ? parseHeaderLine(lines.shift() ?? '') : null;
  if (offset === 0 && header === null)
    throw new OperationError(
      'UNSUPPORTED',
      'The recording is damaged: it does not begin as an asciicast of version 2.',
    );
  return {
    header: header && { columns: header.columns, rows: header.rows, title: header.title },
    registered: offset > 0 ? 'same' : await compare(name, sha256, parts.recordings),
    events: lines
      .map(parseEventLine)
      .flatMap((event) => (event?.kind === 'output' ? [{ atSeconds: event.atSeconds, text: event.text }] : [])),
    next: isLast ? null : offset + end,
  };
}

async function compare(
  name: string,
  sha256: string | null,
  recordings: RecordingFiles,
): Promise<Result<'audit.recording'>['registered']> {
  if (sha256 === null) return 'no end yet';
  return (await recordings.hash(name)) === sha256 ? 'same' : 'other';
}

function findRecording(id: string, records: readonly AuditRecord[]): { name: string; sha256: string | null } {
  const last = records.findLast(({ recording }) => recording !== undefined);
  if (last?.recording !== undefined) return { name: last.recording, sha256: last.recordingSha256 ?? null };
  throw new OperationError(
    'INVALID_ARGUMENT',
    `Operation ${id} has no recording: only commands that printed something have one.`,
  );
}
