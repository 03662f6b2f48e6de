/** Whether a folder is one's own: nobody else made it, and nobody else can put another in its place. Looks at names and owners only. */
import { lstatSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

export interface ForeignFolder {
  readonly path: string;
  /** The user it belongs to; null when it is no folder, but a link or a file. */
  readonly uid: number | null;
}

/**
 * The folder that is not one's own: this one, or its parent, whose owner could exchange it (root may own the parent). Null when both
 * are, and for a folder that does not exist yet. A shared folder such as /tmp lets everybody make the name that another will use.
 */
export function findForeignFolder(folder: string): ForeignFolder | null {
  const { uid } = userInfo();
  const own = lstatSync(folder, { throwIfNoEntry: false });
  if (own === undefined) return null;
  if (!own.isDirectory()) return { path: folder, uid: null };
  if (own.uid !== uid) return { path: folder, uid: own.uid };
  const above = lstatSync(dirname(folder));
  return above.uid === uid || above.uid === 0 ? null : { path: dirname(folder), uid: above.uid };
}
