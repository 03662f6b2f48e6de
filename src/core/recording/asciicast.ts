/** Recordings of terminal output as asciicast v2: one JSON line a header, one an event. Pure; when and what is recorded is the gate's. */
import { escapeAscii, escapedBytesMax } from './escape-output.ts';

export interface CastHeader {
  readonly columns: number;
  readonly rows: number;
  /** Seconds since the epoch. */
  readonly startedAtSeconds: number;
  readonly title: string;
}

/** Output, or another size of the terminal; typed input is never recorded. */
export type CastEvent =
  | { readonly kind: 'output'; readonly atSeconds: number; readonly text: string }
  | { readonly kind: 'resize'; readonly atSeconds: number; readonly columns: number; readonly rows: number };

export function toHeaderLine({ columns, rows, startedAtSeconds, title }: CastHeader): string {
  return `${JSON.stringify({ version: 2, width: columns, height: rows, timestamp: startedAtSeconds, title })}\n`;
}

export function toEventLine(event: CastEvent): string {
  const at = Math.round(event.atSeconds * 1e6) / 1e6;
  if (event.kind === 'resize') return `${JSON.stringify([at, 'r', `${event.columns}x${event.rows}`])}\n`;
  return `${JSON.stringify([at, 'o', event.text])}\n`;
}

/** The most bytes that `toAsciiLine` takes. */
export const asciiBytesMax = 32 * 1024;

/**
 * The line of output that is plain ASCII, as `toEventLine` has it; only until the next call. With `withReturns`, a line feed that has no carriage return
 * before it gets one.
 */
export function toAsciiLine(atSeconds: number, bytes: Uint8Array, options: { readonly withReturns: boolean }): Buffer {
  const [before, after] = toEventLine({ kind: 'output', atSeconds, text: '' }).split('""');
  scratch ??= Buffer.alloc(lineBytesAround + asciiBytesMax * escapedBytesMax);
  let end = scratch.write(`${before}"`, 0, 'latin1');
  end = escapeAscii(bytes, scratch, end, options);
  end += scratch.write(`"${after}`, end, 'latin1');
  return scratch.subarray(0, end);
}

const lineBytesAround = 256;
/** One for all lines. */
let scratch: Buffer | null = null;

/** Null for what is no header of version 2. */
export function parseHeaderLine(line: string): CastHeader | null {
  const value = parse(line);
  if (typeof value !== 'object' || value === null) return null;
  const { version, width, height, timestamp, title } = value as Partial<Record<string, unknown>>;
  if (version !== 2 || typeof width !== 'number' || typeof height !== 'number') return null;
  return {
    columns: width,
    rows: height,
    startedAtSeconds: typeof timestamp === 'number' ? timestamp : 0,
    title: typeof title === 'string' ? title : '',
  };
}

/** Null for events of other kinds, and for a line that a crash cut off. */
export function parseEventLine(line: string): CastEvent | null {
  const value = parse(line);
  if (!Array.isArray(value)) return null;
  const [atSeconds, kind, data] = value as readonly unknown[];
  if (typeof atSeconds !== 'number' || !(atSeconds >= 0) || typeof data !== 'string') return null;
  if (kind === 'o') return { kind: 'output', atSeconds, text: data };
  const size = kind === 'r' ? /^(\d{1,4})x(\d{1,4})$/.exec(data) : null;
  return size ? { kind: 'resize', atSeconds, columns: Number(size[1]), rows: Number(size[2]) } : null;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
