/** Where the packages that a program loads really are: node_modules above it, and what links in them lead to (npm link, pnpm). It starts nothing. */
import type { Dirent } from 'node:fs';
import { access, lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Linked packages of one program: a workspace has dozens. Past it the agent may miss one and says so itself. */
const foldersMax = 512;

/**
 * The folders given, and every folder outside of them that Node's resolution reaches from them: `node_modules` in folders above,
 * and the targets of links in any of these, as they are written and as they really are. Never a folder that holds a `forbidden`
 * one or a person's `.ssh`.
 */
export async function withLinkedModules(
  folders: readonly string[],
  forbidden: readonly string[],
): Promise<readonly string[]> {
  const found = new Set(folders);
  const isCovered = (path: string): boolean => [...found].some((one) => `${path}/`.startsWith(`${one}/`));
  // A set may be added to while it is gone through: what is found is looked into, too.
  for (const folder of found) {
    for (const next of await reachedFrom(folder)) {
      if (found.size >= foldersMax) return [...found];
      if (!isCovered(next) && !(await holdsPrivate(next, forbidden))) found.add(next);
    }
  }
  return [...found];
}

async function reachedFrom(folder: string): Promise<readonly string[]> {
  const above =
    basename(folder) === 'node_modules' ? [folder] : ancestors(folder).map((one) => join(one, 'node_modules'));
  const reached: string[] = [];
  for (const modules of above) {
    if (await isLink(modules)) reached.push(...(await targetsOf(modules)));
    else if (modules !== folder && (await exists(modules))) reached.push(modules);
    for (const entry of await linksIn(modules)) reached.push(...(await packagesAround(await targetsOf(entry))));
  }
  return reached;
}

/** The folder itself and those above it, but for the root. */
function ancestors(folder: string): readonly string[] {
  return folder === '/' ? [] : [folder, ...ancestors(dirname(folder))];
}

/** Links among the packages of a node_modules, those in scopes included. */
async function linksIn(modules: string): Promise<readonly string[]> {
  const links: string[] = [];
  for (const entry of await entriesOf(modules)) {
    const path = join(modules, entry.name);
    if (entry.isSymbolicLink()) links.push(path);
    else if (entry.name.startsWith('@') && entry.isDirectory())
      for (const scoped of await entriesOf(path)) if (scoped.isSymbolicLink()) links.push(join(path, scoped.name));
  }
  return links;
}

/** Where a link leads: as it is written, when that is another path, and really. Nothing when it leads nowhere. */
async function targetsOf(link: string): Promise<readonly string[]> {
  try {
    return [...new Set([resolve(dirname(link), await readlink(link)), await realpath(link)])];
  } catch {
    // A link to nothing is no package.
    return [];
  }
}

/** A package needs its siblings: the outermost node_modules it is in, or else itself. What is no package is not followed. */
async function packagesAround(paths: readonly string[]): Promise<readonly string[]> {
  const packages: string[] = [];
  for (const path of paths) {
    const modules = path.indexOf('/node_modules/');
    if (modules !== -1) packages.push(path.slice(0, modules + '/node_modules'.length));
    else if (await exists(join(path, 'package.json'))) packages.push(path);
  }
  return packages;
}

async function holdsPrivate(folder: string, forbidden: readonly string[]): Promise<boolean> {
  return forbidden.some((one) => `${one}/`.startsWith(`${folder}/`)) || (await exists(join(folder, '.ssh')));
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch(() => []);
}

async function isLink(path: string): Promise<boolean> {
  return await lstat(path).then(
    (stat) => stat.isSymbolicLink(),
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
