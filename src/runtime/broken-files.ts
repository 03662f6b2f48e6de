/**
 * Files of the program's own that are damaged, and files that stand where a folder belongs: one sentence each with what to do. Whatever reads
 * them goes on without them, so that nobody would know. Changes nothing.
 */
import { type Stats, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Paths } from '../core/paths.ts';
import { checkpointsName, readCheckpoints } from './audit/checkpoint-files.ts';
import { damagedHeadName, headName, readHead } from './audit/head-file.ts';
import { parseKnownHosts } from './ssh/known-hosts.ts';
import { createTrust } from './trust.ts';

export interface BrokenFile {
  readonly path: string;
  readonly problem: string;
}

/** In the order of what they are worth. Never throws. */
export async function findBrokenFiles(paths: Paths): Promise<readonly BrokenFile[]> {
  const history = join(paths.data, 'prompts', 'history.ndjson');
  const found = await Promise.all([
    ...toFolders(paths).map(async (path) => ({ path, problem: whyNoFolder(path) })),
    look(join(paths.auditFolder, headName), (path) => whyNoHead(path, paths.auditFolder)),
    look(join(paths.auditFolder, damagedHeadName), whyDamagedHead),
    look(join(paths.auditFolder, checkpointsName), whyNoCheckpoints),
    look(paths.trustFile, whyNoTrust),
    look(paths.knownHostsFile, whyNoHosts),
    look(history, whyNoHistory),
  ]);
  return found.flatMap(({ path, problem }) => (problem === null ? [] : [{ path, problem }]));
}

function toFolders(paths: Paths): readonly string[] {
  const { auditFolder, recordingsFolder, sessionsFolder, snapshotsRepository, agentsFolder, workFolder, data } = paths;
  const prompts = join(data, 'prompts');
  return [auditFolder, recordingsFolder, sessionsFolder, snapshotsRepository, agentsFolder, workFolder, prompts];
}

function whyNoFolder(path: string): string | null {
  // Below a file there is nothing, either.
  const found = statOrNull(path);
  return found === null || found.isDirectory()
    ? null
    : `${path} is not a folder; move it away, and the folder is made when it is needed.`;
}

async function look(path: string, why: (path: string) => Promise<string | null>): Promise<MaybeBroken> {
  const found = statOrNull(path);
  if (found === null) return { path, problem: null };
  if (found.isDirectory()) return { path, problem: `${path} is a folder where a file belongs; move it away.` };
  try {
    return { path, problem: await why(path) };
  } catch (error) {
    return { path, problem: `${path} cannot be read (${(error as Error).message}); check its owner and mode.` };
  }
}

async function whyNoHead(path: string, folder: string): Promise<string | null> {
  if ((await readHead(folder)) !== null) return null;
  return `${path} is damaged, and a log whose end was cut off could go unnoticed; run \`signalbox audit verify\`, then delete it: it is written anew.`;
}

/** A host that started has written another in its place. */
async function whyDamagedHead(path: string): Promise<string> {
  return `${path} was damaged when a host started, and a log whose end was cut off could go unnoticed; run \`signalbox audit verify\`, then delete it.`;
}

async function whyNoCheckpoints(path: string): Promise<string | null> {
  const read = await readCheckpoints(path, checkpointsName);
  // A kill in the middle of a write leaves a piece of a line, which is no damage.
  if (read === null || read.oddLines < 2) return null;
  return `${path} has ${read.oddLines} lines that are no checkpoints; put it back from a copy, and see what \`signalbox audit verify\` says.`;
}

async function whyNoTrust(path: string): Promise<string | null> {
  return await createTrust(path)
    .wasTrusted('/')
    .then(
      () => null,
      (error: Error) => error.message,
    );
}

async function whyNoHosts(path: string): Promise<string | null> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  const odd = lines.findIndex((line) => /^\s*[^\s#]/.test(line) && parseKnownHosts(line, path).length === 0);
  if (odd === -1) return null;
  return `${path}, line ${odd + 1} holds no host key, and is passed over; correct or remove that line.`;
}

async function whyNoHistory(path: string): Promise<string | null> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  const odd = lines.filter((line) => !isText(line)).length;
  if (odd < 2 && (odd === 0 || lines.length > 1)) return null;
  return `${path} has ${odd} of ${lines.length} lines that are no prompts, and they are passed over; delete it if you do not miss them.`;
}

function isText(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'string';
  } catch {
    return false;
  }
}

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

interface MaybeBroken {
  readonly path: string;
  readonly problem: string | null;
}
