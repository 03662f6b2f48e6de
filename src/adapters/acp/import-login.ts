/** Copies a person's own login of an agent into the HOME that the agent has here: once, only the files its profile names. It asks nobody. */
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../core/codes.ts';
import type { Paths } from '../../core/paths.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { fieldsOf } from './fields.ts';
import { writeHomeFile } from './home-file.ts';
import { toAgentHome } from './launch.ts';

/** A login is a few tokens; what is larger is something else. */
const bytesMax = 1024 * 1024;

export interface LoginImport {
  /** Where the copies go. */
  readonly home: string;
  /** Paths below both HOMEs: what is there of the files that the profile names. */
  readonly files: readonly string[];
  /** Which of them is copied in part, and what of it; null for none. */
  readonly part: { readonly path: string; readonly keys: readonly string[] } | null;
  /** Why something that is there is not copied, one sentence each. */
  readonly warnings: readonly string[];
  /** Rejects with OperationError CONFIG_INVALID or TOO_LARGE; what was copied by then stays. */
  copy(): Promise<void>;
}

/** Looks, and copies nothing yet. Rejects with OperationError UNSUPPORTED for an agent of which nobody knows where it keeps a login. */
export async function prepareLoginImport(
  profile: Pick<AgentProfile, 'id' | 'label' | 'loginFiles' | 'modelSettings'>,
  paths: Pick<Paths, 'agentsFolder'>,
  operatorHome: string,
): Promise<LoginImport> {
  if (profile.loginFiles.length === 0 && profile.modelSettings === null)
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
  const { settings, warnings } = await readModelSettings(profile.modelSettings, operatorHome);
  if (settings)
    found.push({ path: settings.path, content: Buffer.from(`${JSON.stringify(settings.content, null, 2)}\n`) });
  return {
    home,
    part: settings ? { path: settings.path, keys: Object.keys(settings.content) } : null,
    warnings,
    files: found.map(({ path }) => path),
    async copy() {
      await mkdir(home, { recursive: true, mode: 0o700 });
      for (const { path, content } of found) await writeHomeFile(home, path, content);
    },
  };
}

/** Of a person's settings what says which model answers; null when they say nothing of it, or cannot be read. */
export async function readModelSettings(
  modelSettings: AgentProfile['modelSettings'],
  operatorHome: string,
): Promise<{ settings: { path: string; content: Record<string, unknown> } | null; warnings: readonly string[] }> {
  const bytes = modelSettings === null ? null : await readLogin(join(operatorHome, modelSettings.path));
  if (modelSettings === null || bytes === null) return { settings: null, warnings: [] };
  const { path, keys } = modelSettings;
  try {
    const fields = fieldsOf(JSON.parse(new TextDecoder().decode(bytes)));
    const content = Object.fromEntries(keys.flatMap((key) => (key in fields ? [[key, fields[key]]] : [])));
    return { settings: Object.keys(content).length === 0 ? null : { path, content }, warnings: [] };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const advice = `is not copied, because it is no plain JSON (comments are none); copy ${keys.join(', ')} by hand.`;
    return { settings: null, warnings: [`~/${path} ${advice}`] };
  }
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
