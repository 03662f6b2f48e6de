/** Reads transcripts: where one is, and what was last said in it. Lines that say nothing to us are passed over. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { bounds } from '../../protocol/bounds.ts';
import type { ConversationItem } from '../../protocol/view.ts';

/** Enough for a conversation as long as a screen keeps it. */
const endBytes = 4 * bounds.conversationCharactersMax;

export function toTranscriptPath(sessionsFolder: string, id: string): string {
  return join(sessionsFolder, `${id}.jsonl`);
}

export interface TranscriptEnd {
  /** Oldest first, no more than a view keeps; none when there is no transcript. */
  readonly items: readonly ConversationItem[];
  /** A prompt whose turn has no end here; null when all have. */
  readonly openPrompt: string | null;
}

export async function readTranscriptEnd(path: string): Promise<TranscriptEnd> {
  const text = await readEnd(path);
  const items = new Map<number, ConversationItem>();
  let openPrompt: string | null = null;
  for (const line of text.split('\n')) {
    const item = toItem(line);
    if (item) items.set(item.id, item);
    if (item?.kind === 'user') openPrompt = item.text;
    else if (line.startsWith('{"type":"turn",')) openPrompt = null;
  }
  const sorted = [...items.values()].sort((a, b) => a.id - b.id);
  return { items: sorted.slice(-bounds.conversationItemsMax), openPrompt };
}

async function readEnd(path: string): Promise<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - endBytes);
    const bytes = Buffer.alloc(size - from);
    await file.read(bytes, 0, bytes.length, from);
    const text = bytes.toString('utf8');
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

/** Our own writing, read back: the shape is known once it is one of our lines. */
function toItem(line: string): ConversationItem | null {
  if (!line.startsWith('{"type":"item",')) return null;
  try {
    const { item } = JSON.parse(line) as { readonly item?: ConversationItem };
    return typeof item?.id === 'number' ? item : null;
  } catch {
    return null;
  }
}
