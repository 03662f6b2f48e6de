/** Gives screens the recording of an operation, page by page. Which file it is, the log says; who reads it is a port. */
import type { AuditRecord } from '../core/audit/record.ts';
import { OperationError } from '../core/codes.ts';
import { toFollowers, toPlayed } from '../core/later-results.ts';
import type { AuditLog } from '../core/ports.ts';
import { parseEventLine, parseHeaderLine } from '../core/recording/asciicast.ts';
import type { Result } from '../protocol/methods.ts';

export interface RecordingFiles {
  /** At most `bytesMax` bytes from `offset` on. Throws FILE_NOT_FOUND. */
  read(name: string, offset: number, bytesMax: number): Promise<{ readonly bytes: Uint8Array; readonly size: number }>;
  /** The sha256 of the whole file, or of so many bytes from its beginning. */
  hash(name: string, bytes?: number): Promise<string>;
}

/** One frame to a screen stays far below its bound, escaped text included; a longer line was not written by us. */
const pageBytes = 2 * 1024 * 1024;

/** Throws INVALID_ARGUMENT when the operation has no recording, FILE_NOT_FOUND when its file is gone. */
export async function readRecordingPage(
  parts: { readonly audit: Pick<AuditLog, 'records'>; readonly recordings: RecordingFiles },
  id: string,
  offset: number,
): Promise<Result<'audit.recording'>> {
  const records = await parts.audit.records(id);
  const registered = findRecording(id, records);
  const { name } = registered;
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
    registered: offset > 0 ? 'same' : await compare(registered, size, parts.recordings),
    events: lines
      .map(parseEventLine)
      .flatMap((event) => (event?.kind === 'output' ? [{ atSeconds: event.atSeconds, text: event.text }] : [])),
    next: isLast ? null : offset + end,
    ...(offset > 0 ? {} : { followedBy: await findFollowers(records, parts.audit) }),
  };
}

/** Those that have seen something. */
async function findFollowers(
  records: readonly AuditRecord[],
  audit: Pick<AuditLog, 'records'>,
): Promise<readonly string[]> {
  const all = await Promise.all(toFollowers(records).map(async (id) => ({ id, records: await audit.records(id) })));
  return toPlayed(all.filter((one) => one.records.some(({ recording }) => recording !== undefined))).map(
    ({ id }) => id,
  );
}

/** While there is no end, the log tells of the beginning alone: what follows it is newer, or was when the host was killed. */
async function compare(
  { name, sha256, soFarBytes }: Registered,
  size: number,
  recordings: RecordingFiles,
): Promise<Result<'audit.recording'>['registered']> {
  if (sha256 === null || (soFarBytes !== null && size < soFarBytes)) return 'no end yet';
  if (soFarBytes !== null) return (await recordings.hash(name, soFarBytes)) === sha256 ? 'no end yet' : 'other';
  return (await recordings.hash(name)) === sha256 ? 'same' : 'other';
}

/** What the log says of a recording. */
interface Registered {
  readonly name: string;
  readonly sha256: string | null;
  /** Bytes that the sum is of while the recording has no end; null: all of it. */
  readonly soFarBytes: number | null;
}

function findRecording(id: string, records: readonly AuditRecord[]): Registered {
  const last = records.findLast(({ recording }) => recording !== undefined);
  if (last?.recording !== undefined) {
    const soFarBytes = last.type === 'progress' ? (last.recordingBytes ?? null) : null;
    return { name: last.recording, sha256: last.recordingSha256 ?? null, soFarBytes };
  }
  throw new OperationError(
    'INVALID_ARGUMENT',
    `Operation ${id} has no recording: only commands that printed something have one.`,
  );
}
