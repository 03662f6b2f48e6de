/** A whole recording as events, read part by part: the same for the command line and for screens. What it finds damaged it leaves out and counts. */
import { OperationError } from '../codes.ts';
import { type CastHeader, parseEventLine, parseHeaderLine } from './asciicast.ts';

/** Reads at most `bytesMax` bytes from `offset` on; fewer at the end of the file. */
export type ReadPart = (offset: number, bytesMax: number) => Promise<{ readonly bytes: Uint8Array }>;

export interface LoadedRecording {
  readonly header: CastHeader;
  readonly events: readonly { readonly atSeconds: number; readonly text: string }[];
  /** Lines that could not be read: of other kinds, or cut off by a crash. */
  readonly linesLeftOut: number;
}

const partBytes = 1024 * 1024;

/** Throws UNSUPPORTED for a file that is no asciicast of version 2. Never reads more than `bytesMax`. */
export async function loadRecording(read: ReadPart, bytesMax: number): Promise<LoadedRecording> {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let rest = '';
  for (let offset = 0; offset < bytesMax; ) {
    const { bytes } = await read(offset, partBytes);
    if (bytes.byteLength === 0) break;
    offset += bytes.byteLength;
    const pieces = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  if (rest !== '') lines.push(rest);
  const header = parseHeaderLine(lines[0] ?? '');
  if (header === null)
    throw new OperationError(
      'UNSUPPORTED',
      'The recording is damaged: it does not begin as an asciicast of version 2.',
    );
  const parsed = lines.slice(1).map(parseEventLine);
  const events = parsed.flatMap((event) => (event?.kind === 'output' ? [event] : []));
  return { header, events, linesLeftOut: parsed.filter((event) => event === null).length };
}
