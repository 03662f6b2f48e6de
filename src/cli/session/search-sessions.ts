/** `session search`: looks through all transcripts, newest first, line by line and within bounds. What is found was redacted when it was written. */
import { OperationError } from '../../core/codes.ts';
import { readTranscript } from '../../host/sessions/read-transcript.ts';
import { listShelved, type ShelvedSession } from '../../host/sessions/session-shelf.ts';
import { toTranscriptPath } from '../../host/sessions/transcript-file.ts';
import type { ConversationItem } from '../../protocol/view.ts';
import { toPaths } from '../../runtime/paths.ts';
import { type CliIo, printJson, printLine, printNote } from '../output.ts';
import { toReadableLine } from '../safe-text.ts';
import { toLocalMinute } from '../spans.ts';
import { readLive } from './list-sessions.ts';

/** Some seconds of reading; older transcripts than fit are named as not searched. */
const bytesMax = 1024 * 1024 * 1024;
/** A line as long as a screen is wide a few times over; the match is in the middle of a longer one. */
const lineCharactersMax = 200;

export interface FoundLine {
  readonly session: string;
  readonly title: string;
  readonly atMs: number;
  readonly kind: ConversationItem['kind'];
  /** The first line of the item that holds one of the words, cut around it. */
  readonly line: string;
}

export interface SearchOptions {
  readonly limit: number;
  readonly json?: true;
}

/** An item matches when it holds all words, in any case and order. Throws INVALID_ARGUMENT without a word. */
export async function searchSessions(io: CliIo, given: readonly string[], options: SearchOptions): Promise<void> {
  const words = given.flatMap((one) => one.toLowerCase().split(/\s+/)).filter((word) => word !== '');
  if (words.length === 0) throw new OperationError('INVALID_ARGUMENT', 'Name at least one word to look for.');
  const { sessionsFolder } = toPaths(io.env);
  await readLive(io);
  const found: FoundLine[] = [];
  let bytes = 0;
  let left = 0;
  for (const session of await listShelved(sessionsFolder)) {
    bytes += session.bytes;
    if (found.length >= options.limit || (bytes > bytesMax && bytes !== session.bytes)) left += 1;
    else found.push(...(await searchOne(sessionsFolder, session, words)));
  }
  const shown = found.slice(0, options.limit);
  if (options.json) printJson(io, shown);
  else for (const one of shown) printFound(io, one);
  if (shown.length === 0 && !options.json) printLine(io, 'Nothing was found.');
  if (left > 0) printNote(io, `${left} older sessions were not searched; --limit finds more.`);
}

async function searchOne(folder: string, session: ShelvedSession, words: readonly string[]): Promise<FoundLine[]> {
  const found = new Map<number, FoundLine>();
  const mayMatch = toLineFilter(words);
  for await (const entry of readTranscript(toTranscriptPath(folder, session.id), mayMatch)) {
    if (entry.type !== 'item') continue;
    const { item } = entry;
    const text = item.kind === 'tool' ? `${item.title}\n${item.detail}` : item.text;
    const lower = text.toLowerCase();
    if (!words.every((word) => lower.includes(word))) continue;
    const { id, title } = session;
    found.set(item.id, { session: id, title, atMs: item.atMs, kind: item.kind, line: toLine(text, words) });
  }
  return [...found.values()].reverse();
}

/** Most lines are passed over without being parsed; a word that JSON writes otherwise cannot be looked for like this. */
function toLineFilter(words: readonly string[]): (line: string) => boolean {
  const plain = words.find((word) => JSON.stringify(word) === `"${word}"`);
  return plain === undefined ? () => true : (line) => line.toLowerCase().includes(plain);
}

function toLine(text: string, words: readonly string[]): string {
  const lines = text.split('\n');
  const line = lines.find((one) => words.some((word) => one.toLowerCase().includes(word))) ?? '';
  const at = Math.min(...words.map((word) => line.toLowerCase().indexOf(word)).filter((index) => index >= 0));
  const from = line.length <= lineCharactersMax ? 0 : Math.max(0, at - lineCharactersMax / 2);
  const part = line.slice(from, from + lineCharactersMax).trim();
  return `${from > 0 ? '...' : ''}${part}${from + lineCharactersMax < line.length ? '...' : ''}`;
}

function printFound(io: CliIo, { session, title, atMs, kind, line }: FoundLine): void {
  printLine(io, `${session}  ${toLocalMinute(atMs)}  ${toReadableLine(title)}`);
  printLine(io, `    ${kind}: ${toReadableLine(line)}`);
}
