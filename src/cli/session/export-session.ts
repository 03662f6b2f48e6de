/** `session export`: a whole session as Markdown for people or as JSON for programs, from its redacted transcript; also of one that ended. */
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { OperationError } from '../../core/codes.ts';
import {
  type AttachmentNote,
  type OperationEntry,
  readTranscript,
  type TranscriptEntry,
} from '../../host/sessions/read-transcript.ts';
import type { ShelvedSession } from '../../host/sessions/session-shelf.ts';
import { toTranscriptPath } from '../../host/sessions/transcript-file.ts';
import type { ConversationItem } from '../../protocol/view.ts';
import { toPaths } from '../../runtime/paths.ts';
import { type CliIo, printNote } from '../output.ts';
import { toReadableText, toSafeJson } from '../safe-text.ts';
import { toMarkdown } from './to-markdown.ts';
import { withDiffs } from './written-diffs.ts';

/** In the order in which things were said and done. */
export type ExportedEntry =
  | { readonly kind: 'item'; readonly item: ConversationItem; readonly files: readonly AttachmentNote[] }
  | ({ readonly kind: 'operation'; readonly operation: OperationEntry } & WrittenDiff)
  | { readonly kind: 'agent'; readonly agent: string; readonly atMs: number };

/** What an operation changed in a file, redacted; nothing where it changed none, or where it was not kept. */
export interface WrittenDiff {
  readonly diff?: string;
  readonly isDiffLong?: true;
}

export interface ExportedSession extends Omit<ShelvedSession, 'bytes'> {
  readonly workspace: string | null;
  readonly entries: readonly ExportedEntry[];
}

export interface ExportOptions {
  readonly format: 'md' | 'json';
  readonly output?: string;
}

/** Throws INVALID_ARGUMENT when the file exists already or cannot be written. */
export async function exportSession(io: CliIo, shelved: ShelvedSession, options: ExportOptions): Promise<void> {
  const session = await readExport(io, shelved);
  // Also in a file nothing may act on the terminal that shows it one day.
  const text = options.format === 'json' ? `${toSafeJson(session, 2)}\n` : toReadableText(toMarkdown(session));
  if (options.output === undefined) {
    io.stdout.write(text);
    return;
  }
  const path = resolve(io.cwd, options.output);
  await writeFile(path, text, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw new OperationError('INVALID_ARGUMENT', toProblem(path, error));
  });
  printNote(io, `Session ${shelved.id} was written to ${path}.`);
}

function toProblem(path: string, { code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EEXIST':
      return `${path} exists already; name another file or remove it.`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no folder ${dirname(path)}; make it, or name a file in another one.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `You may not write in ${dirname(path)}; name a file in another folder.`;
    default:
      return `${path} could not be written (${code ?? message}).`;
  }
}

async function readExport(io: CliIo, { bytes: _bytes, ...shelved }: ShelvedSession): Promise<ExportedSession> {
  const path = toTranscriptPath(toPaths(io.env).sessionsFolder, shelved.id);
  const entries = new Map<string, ExportedEntry>();
  const files = new Map<number, readonly AttachmentNote[]>();
  let workspace: string | null = null;
  let switches = 0;
  for await (const entry of readTranscript(path)) {
    if (entry.type === 'open') workspace = entry.workspace;
    else if (entry.type === 'attachments') files.set(entry.item, entry.files);
    else if (entry.type === 'agent') switches += 1;
    const exported = toExported(entry);
    // A tool call that was told again is the same one, in its first place.
    if (exported) entries.set(toKey(exported, switches), exported);
  }
  const withFiles = [...entries.values()].map((entry) =>
    entry.kind === 'item' ? { ...entry, files: files.get(entry.item.id) ?? [] } : entry,
  );
  return { ...shelved, workspace, entries: await withDiffs(io, withFiles) };
}

function toExported(entry: TranscriptEntry): ExportedEntry | null {
  if (entry.type === 'item') return { kind: 'item', item: entry.item, files: [] };
  if (entry.type === 'operation') return { kind: 'operation', operation: entry };
  return entry.type === 'agent' ? { kind: 'agent', agent: entry.agent, atMs: entry.atMs } : null;
}

function toKey(entry: ExportedEntry, switches: number): string {
  if (entry.kind === 'item') return `item ${entry.item.id}`;
  return entry.kind === 'operation' ? `operation ${entry.operation.id}` : `agent ${switches}`;
}
