/** Finds the workspace of a folder: the nearest ancestor that holds a `.signalbox` folder. Reads nothing in it. */
import { lstatSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Absolute path of the workspace root, or null. The folder itself counts as its first ancestor. */
export function findWorkspace(cwd: string): string | null {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    // A link named .signalbox is left alone: what it points to is not what the owner of this tree wrote.
    if (lstatSync(workspaceFolder(folder), { throwIfNoEntry: false })?.isDirectory()) return folder;
    if (dirname(folder) === folder) return null;
  }
}

export function workspaceFolder(workspace: string): string {
  return join(workspace, '.signalbox');
}

export function workspaceServersFile(workspace: string): string {
  return join(workspaceFolder(workspace), 'servers.json');
}
