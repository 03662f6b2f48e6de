/**
 * What this person wrote to agents, kept for the next screen: a history of prompts and the draft of each session, in files that only they can read.
 * A text that looks as if it held a secret is never written. Knows no screen.
 */
import { randomBytes } from 'node:crypto';
import { appendFile, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Serial } from '../../base/serial.ts';
import { createRedactor } from '../../core/audit/create-redactor.ts';
import { limits } from '../../core/limits.ts';
import { isErrno } from '../config-file.ts';
import { preparePrivateFolder } from '../paths.ts';

export interface PromptFiles {
  /** History oldest first. Rejects with an Error when a file is there and cannot be read. */
  load(): Promise<{ readonly history: readonly string[]; readonly drafts: ReadonlyMap<string, string> }>;
  keepPrompt(text: string): void;
  /** An empty text takes the draft away. */
  keepDraft(session: string, text: string): void;
  /** Resolves when all that was given is on disk. */
  settle(): Promise<void>;
}

export interface PromptFilesOptions {
  /** Made with mode 0700 by the first write. */
  readonly folder: string;
  /** Told once, when something could not be written. */
  onProblem(sentence: string): void;
}

const mode = 0o600;
/** Names of sessions are made by the host; another could lead out of the folder. */
const sessionPattern = /^[\w-]{1,64}$/;
const draftSuffix = '.draft';

export function createPromptFiles({ folder, onProblem }: PromptFilesOptions): PromptFiles {
  const redactor = createRedactor({ key: randomBytes(32) });
  const file = join(folder, 'history.ndjson');
  const serial = new Serial();
  let hasProblem = false;
  const isKept = (text: string): boolean =>
    text.length <= limits.promptKeptCharactersMax && redactor.redact(text).count === 0;
  const write = (task: () => Promise<void>): void => {
    serial
      .run(async () => {
        preparePrivateFolder(folder);
        await task();
      })
      .catch((error: Error) => {
        if (!hasProblem) onProblem(`What you write is not kept for the next screen: ${error.message}`);
        hasProblem = true;
      });
  };
  return {
    load: () =>
      serial.run(async () => {
        const history = await readHistory(file);
        if (history.isLong) await rewrite(file, history.texts);
        return { history: history.texts, drafts: await readDrafts(folder) };
      }),
    keepPrompt(text) {
      if (isKept(text)) write(() => appendFile(file, `${JSON.stringify(text)}\n`, { mode }));
    },
    keepDraft(session, text) {
      if (!sessionPattern.test(session)) return;
      const path = join(folder, `${session}${draftSuffix}`);
      // A draft that became secret takes its older self away, too.
      if (text === '' || !isKept(text)) write(() => rm(path, { force: true }));
      else write(() => writeFile(path, text, { mode }));
    },
    settle: () => serial.idle(),
  };
}

/** Lines that are no text, one that a crash cut among them, are left out. */
async function readHistory(file: string): Promise<{ readonly texts: readonly string[]; readonly isLong: boolean }> {
  const lines = (await readText(file)).split('\n').filter((line) => line !== '');
  const texts = lines.flatMap((line): readonly string[] => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'string' && value.length <= limits.promptKeptCharactersMax ? [value] : [];
    } catch {
      return [];
    }
  });
  const kept = [...new Set(texts.reverse())].slice(0, limits.promptsKeptMax).reverse();
  return { texts: kept, isLong: lines.length > 2 * limits.promptsKeptMax };
}

/** The newest drafts; those of sessions that nobody came back to go. */
async function readDrafts(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder).catch(toEmpty)).filter((name) => name.endsWith(draftSuffix));
  const found = await Promise.all(
    names.map(async (name) => ({ name, atMs: (await stat(join(folder, name))).mtimeMs })),
  );
  found.sort((a, b) => b.atMs - a.atMs);
  for (const { name } of found.slice(limits.draftsKeptMax)) await rm(join(folder, name), { force: true });
  const kept = found.slice(0, limits.draftsKeptMax);
  const texts = await Promise.all(
    kept.map(async ({ name }) => [name.slice(0, -draftSuffix.length), await readText(join(folder, name))] as const),
  );
  return new Map(texts.filter(([, text]) => text.length <= limits.promptKeptCharactersMax));
}

async function rewrite(file: string, texts: readonly string[]): Promise<void> {
  const draft = `${file}.new`;
  await writeFile(draft, texts.map((text) => `${JSON.stringify(text)}\n`).join(''), { mode });
  await rename(draft, file);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return '';
    throw error;
  }
}

function toEmpty(error: unknown): readonly string[] {
  if (isErrno(error, 'ENOENT')) return [];
  throw error;
}
