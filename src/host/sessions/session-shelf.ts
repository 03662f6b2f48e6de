/** All sessions that left something on this machine: those a host has or will bring back, and those that ended. Reads names, beginnings and ends only. */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeptSession, toKeptSession } from '../../core/kept-session.ts';
import { toTitle } from './queued-prompt.ts';
import { type TranscriptEntry, toEntry } from './read-transcript.ts';
import { toAgentName } from './seat.ts';
import { toTranscriptPath } from './transcript-file.ts';

export interface ShelvedSession {
  readonly id: string;
  readonly title: string;
  /** The one that answered last comes first. */
  readonly agents: readonly string[];
  readonly servers: readonly string[];
  /** Nothing goes on with it. */
  readonly isEnded: boolean;
  /** Null where the transcript does not say. */
  readonly createdAtMs: number | null;
  /** When something was last said. */
  readonly changedMs: number;
  /** Of its transcript. */
  readonly bytes: number;
}

/** Enough for the first prompt, and for the last line. */
const partBytes = 64 * 1024;
const transcriptName = /^([a-z0-9-]{1,64})\.jsonl$/;

/** Newest first; a folder that does not exist holds none. */
export async function listShelved(sessionsFolder: string): Promise<readonly ShelvedSession[]> {
  const names = await readdir(sessionsFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const kept = new Set(names.filter((name) => name.endsWith('.session.json')));
  const found: ShelvedSession[] = [];
  for (const name of names) {
    const id = transcriptName.exec(name)?.[1];
    if (id === undefined) continue;
    const state = kept.has(`${id}.session.json`) ? await readKept(sessionsFolder, id) : null;
    const session = await readShelved(toTranscriptPath(sessionsFolder, id), id, state);
    if (session) found.push(session);
  }
  return found.sort((one, other) => other.changedMs - one.changedMs);
}

async function readKept(folder: string, id: string): Promise<KeptSession | null> {
  // Gone or damaged since: then what the transcript says counts.
  const text = await readFile(join(folder, `${id}.session.json`), 'utf8').catch(() => '');
  return toKeptSession(text);
}

/** Null when it was removed meanwhile. */
async function readShelved(path: string, id: string, kept: KeptSession | null): Promise<ShelvedSession | null> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) return null;
  const { size: bytes, mtimeMs: changedMs } = facts;
  if (kept !== null) {
    const { title, servers, createdAtMs } = kept;
    const agents = kept.agents.map(({ agent }) => toAgentName(agent));
    return { id, title, agents, servers, isEnded: false, createdAtMs, changedMs, bytes };
  }
  const first = await readPart(path, 0);
  const last = bytes > partBytes ? await readPart(path, bytes - partBytes) : first;
  const opened = first.find((entry) => entry.type === 'open');
  const end = last.findLast((entry) => entry.type === 'end');
  const told = [...first, ...last].findLast((entry) => entry.type === 'title')?.title;
  return {
    ...{ id, isEnded: true, changedMs, bytes },
    title: end?.title ?? told ?? toFirstWords(first),
    agents: end?.agents ?? (opened ? [opened.agent] : []),
    servers: opened?.servers ?? [],
    createdAtMs: opened?.atMs ?? null,
  };
}

function toFirstWords(entries: readonly TranscriptEntry[]): string {
  for (const entry of entries) if (entry.type === 'item' && entry.item.kind === 'user') return toTitle(entry.item.text);
  return '';
}

async function readPart(path: string, from: number): Promise<readonly TranscriptEntry[]> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(partBytes);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    const lines = bytes.toString('utf8', 0, bytesRead).split('\n');
    return lines.flatMap((line) => toEntry(line) ?? []);
  } finally {
    await file.close();
  }
}
