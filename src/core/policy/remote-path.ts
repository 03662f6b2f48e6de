/** Paths on a server as text: joined and normalised without asking the server. Links are unknown here; real paths are judged later. */

/** The absolute path a command would open, unresolved: `..` stays, because behind a link it means another folder. Null when it depends on the login folder. */
export function toAbsolute(path: string, cwd: string | null): string | null {
  if (path.startsWith('/')) return path;
  if (cwd === null || !cwd.startsWith('/')) return null;
  return path === '' ? cwd : `${cwd}/${path}`;
}

/** Lexical normal form of an absolute path: no empty, `.` or `..` components, no slash at the end. */
export function normalisePath(path: string): string {
  const kept: string[] = [];
  for (const component of path.split('/')) {
    if (component === '' || component === '.') continue;
    if (component === '..') kept.pop();
    else kept.push(component);
  }
  return `/${kept.join('/')}`;
}

/** True when the normalised path is the folder itself or below it. */
export function isWithin(path: string, folder: string): boolean {
  const normal = normalisePath(folder);
  return normal === '/' || path === normal || path.startsWith(`${normal}/`);
}
