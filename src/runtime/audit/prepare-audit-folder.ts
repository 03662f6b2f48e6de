/** Makes the log's folder private, and refuses one that somebody else could have prepared. */
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { OperationError } from '../../core/codes.ts';

/** Throws AUDIT_UNAVAILABLE for a link or another user's folder; file system errors as they are. */
export function prepareAuditFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory())
    throw new OperationError(
      'AUDIT_UNAVAILABLE',
      `${folder} is not a folder; move it away so that the audit log can be kept there.`,
    );
  if (stat.uid !== userInfo().uid)
    throw new OperationError(
      'AUDIT_UNAVAILABLE',
      `${folder} belongs to user ${stat.uid}; the audit log needs a folder of your own.`,
    );
  if ((stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
