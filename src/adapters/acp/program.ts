/** Finds an agent's program and the folders it cannot run without. It starts nothing. */
import { access, constants, realpath, stat } from 'node:fs/promises';
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
  const candidates = name.includes('/')
    ? [name]
    : searchPath.split(':').flatMap((folder) => (folder.startsWith('/') ? [join(folder, name)] : []));
  for (const candidate of candidates) {
    if (!isAbsolute(candidate) || !(await isExecutable(candidate))) continue;
    const path = await realpath(candidate);
    return { path, folders: [without(forbidden, await toInstallFolder(path), path)] };
  }
  return null;
}

/**
 * The narrowest place that holds a program and what it loads: the outermost node_modules of an npm package; the prefix of a
 * `bin` folder when it has a `lib` beside it and is no home folder; else the program's own file.
 */
export async function toInstallFolder(path: string): Promise<string> {
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
