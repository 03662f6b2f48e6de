/** Finds an agent's program and the folders it cannot run without. It starts nothing. */
import { access, constants, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';

export interface Program {
  /** Absolute, links resolved. */
  readonly path: string;
  /** Folders that hold the program and what it loads. Never a home folder and never one that holds more than programs. */
  readonly folders: readonly string[];
}

/**
 * Looks the name up on PATH as a shell does; null when there is no executable file of that name. A folder that holds a
 * `forbidden` one (a home folder, our own configuration and data) is not among its folders: then the file stands alone.
 */
export async function findProgram(
  name: string,
  searchPath: string,
  forbidden: readonly string[] = [],
): Promise<Program | null> {
  const path = await findFile(name, searchPath);
  if (path === null) return null;
  const interpreter = await findInterpreter(path, searchPath);
  const files = interpreter === null ? [path] : [path, interpreter];
  const folders = await Promise.all(files.map((file) => toInstallFolder(file, forbidden)));
  return { path, folders };
}

/** First lines are short; the kernel itself reads no more. */
const firstLineBytesMax = 256;

/** What a script's first line names, looked up as the kernel and `env` do: an agent may need another Node than ours. Null for one of the system, which is always there. */
async function findInterpreter(path: string, searchPath: string): Promise<string | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(firstLineBytesMax), 0, firstLineBytesMax, 0);
    const [line = ''] = buffer.toString('latin1', 0, bytesRead).split('\n');
    const [, program = '', word = ''] = /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(line) ?? [];
    const name = basename(program) === 'env' ? word : program;
    // Options and assignments of `env` are left to it: then the interpreter must be one of the system.
    const found = name === '' || /^-|=/.test(name) ? null : await findFile(name, searchPath);
    return found === null || /^\/(usr|bin)\//.test(found) ? null : found;
  } finally {
    await file.close();
  }
}

async function findFile(name: string, searchPath: string): Promise<string | null> {
  for (const candidate of toCandidates(name, searchPath))
    if (isAbsolute(candidate) && (await isExecutable(candidate))) return await realpath(candidate);
  return null;
}

function toCandidates(name: string, searchPath: string): readonly string[] {
  if (name.includes('/')) return [name];
  return searchPath.split(':').flatMap((folder) => (folder.startsWith('/') ? [join(folder, name)] : []));
}

/**
 * The narrowest place that holds a program and what it loads: the outermost node_modules of an npm package; the prefix of a
 * `bin` folder when it has a `lib` beside it and is no home folder; else the program's own file, also where the place would hold a
 * `forbidden` folder.
 */
export async function toInstallFolder(path: string, forbidden: readonly string[] = []): Promise<string> {
  return without(forbidden, await toPlace(path), path);
}

async function toPlace(path: string): Promise<string> {
  const modules = path.indexOf('/node_modules/');
  if (modules !== -1) return path.slice(0, modules + '/node_modules'.length);
  const folder = dirname(path);
  const prefix = dirname(folder);
  const shared = prefix === '/' || basename(prefix) === '.local' || (await exists(join(prefix, '.ssh')));
  if (basename(folder) === 'bin' && !shared && (await exists(join(prefix, 'lib')))) return prefix;
  return path;
}

/**
 * Folders that the files named in a command line need: the npm package around each, never one that holds a `forbidden` folder
 * or a person's `.ssh`.
 */
export async function toFoldersOf(
  command: readonly string[],
  forbidden: readonly string[],
): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const word of command) {
    if (!isAbsolute(word) || !(await exists(word))) continue;
    const path = await realpath(word);
    const own = path.includes('/node_modules/') ? await toInstallFolder(path) : await toPackageFolder(path);
    folders.push(without(forbidden, own, path));
  }
  return [...new Set(folders)];
}

/** The folder, or the file alone when the folder holds what nobody may see. */
function without(forbidden: readonly string[], folder: string, file: string): string {
  return forbidden.some((one) => `${one}/`.startsWith(`${folder}/`)) ? file : folder;
}

/** The nearest folder with a package.json; the file alone when there is none or it would be a home folder. */
async function toPackageFolder(path: string): Promise<string> {
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
    if (await exists(join(folder, '.ssh'))) return path;
    if (await exists(join(folder, 'package.json'))) return folder;
  }
  return path;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
