/** Copies a person's own login of an agent into the HOME that the agent has here: once, only the files its profile names. It asks nobody. */
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../core/codes.ts';
import type { Paths } from '../../core/paths.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { writeHomeFile } from './home-file.ts';
import { toAgentHome } from './launch.ts';

/** A login is a few tokens; what is larger is something else. */
const bytesMax = 1024 * 1024;

export interface LoginImport {
  /** Where the copies go. */
  readonly home: string;
  /** Paths below both HOMEs: what is there of the files that the profile names. */
  readonly files: readonly string[];
  /** Rejects with OperationError CONFIG_INVALID or TOO_LARGE; what was copied by then stays. */
  copy(): Promise<void>;
}

/** Looks, and copies nothing yet. Rejects with OperationError UNSUPPORTED for an agent of which nobody knows where it keeps a login. */
export async function prepareLoginImport(
  profile: Pick<AgentProfile, 'id' | 'label' | 'loginFiles'>,
  paths: Pick<Paths, 'agentsFolder'>,
  operatorHome: string,
): Promise<LoginImport> {
  if (profile.loginFiles.length === 0)
    throw new OperationError(
      'UNSUPPORTED',
      `It is not known where ${profile.label} keeps a login; use \`signalbox agent login ${profile.id}\` without --import.`,
    );
  const home = toAgentHome(paths, profile.id);
  const contents = await Promise.all(profile.loginFiles.map((path) => readLogin(join(operatorHome, path))));
  const found = profile.loginFiles.flatMap((path, at) => {
    const content = contents[at];
    return content ? [{ path, content }] : [];
  });
  return {
    home,
    files: found.map(({ path }) => path),
    async copy() {
      await mkdir(home, { recursive: true, mode: 0o700 });
      for (const { path, content } of found) await writeHomeFile(home, path, content);
    },
  };
}

/** Null for a file that is not there. A person may keep theirs elsewhere and link to it. */
async function readLogin(path: string): Promise<Uint8Array | null> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    // A pipe of that name must not make the command wait.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw new OperationError('CONFIG_INVALID', `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    const state = await file.stat();
    if (!state.isFile()) throw new OperationError('CONFIG_INVALID', `${path} is no file.`);
    if (state.size > bytesMax) throw new OperationError('TOO_LARGE', `${path} is too large for a login.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
