/** Reads a whole transcript, entry by entry and within bounds: for exports, searches and lists, with or without a host. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ConversationItem } from '../../protocol/view.ts';

/** One line, as we wrote it. Fields that an older version did not write are absent. */
export type TranscriptEntry =
  | {
      readonly type: 'open';
      readonly id: string;
      readonly agent: string;
      readonly servers: readonly string[];
      readonly workspace: string | null;
      readonly atMs: number;
    }
  | { readonly type: 'item'; readonly item: ConversationItem }
  | { readonly type: 'turn'; readonly stop: string; readonly problem: string | null; readonly atMs?: number }
  /** Another agent answers from here on. */
  | { readonly type: 'agent'; readonly agent: string; readonly atMs: number }
  | { readonly type: 'title'; readonly title: string; readonly atMs: number }
  | OperationEntry
  /** What went along with the prompt of an item; never the content. */
  | { readonly type: 'attachments'; readonly item: number; readonly files: readonly AttachmentNote[] }
  | { readonly type: 'end'; readonly atMs?: number; readonly title?: string; readonly agents?: readonly string[] };

/** What the gate did for the session, under the id that it has in the log. */
export interface OperationEntry {
  readonly type: 'operation';
  readonly id: string;
  readonly tool: string;
  readonly server: string | null;
  readonly summary: string;
  readonly status: string;
  readonly code: string | null;
  readonly exitCode: number | null;
  readonly atMs: number;
}

export interface AttachmentNote {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
}

const types: ReadonlySet<string> = new Set([
  'open',
  'item',
  'turn',
  'agent',
  'title',
  'operation',
  'attachments',
  'end',
]);

/** Lines that say nothing to us are passed over, as are those for which `isWanted` says no. Rejects when there is no such file. */
export async function* readTranscript(
  path: string,
  isWanted: (line: string) => boolean = () => true,
): AsyncGenerator<TranscriptEntry> {
  const input = createReadStream(path, { encoding: 'utf8' });
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) {
      const entry = isWanted(line) ? toEntry(line) : null;
      if (entry) yield entry;
    }
  } finally {
    lines.close();
    input.destroy();
  }
}

/** Our own writing, read back: the shape is known once it is one of our lines. A line cut short by a crash is none. */
export function toEntry(line: string): TranscriptEntry | null {
  try {
    const value = JSON.parse(line) as { readonly type?: unknown; readonly item?: { readonly id?: unknown } };
    if (typeof value?.type !== 'string' || !types.has(value.type)) return null;
    return value.type === 'item' && typeof value.item?.id !== 'number' ? null : (value as TranscriptEntry);
  } catch {
    return null;
  }
}
