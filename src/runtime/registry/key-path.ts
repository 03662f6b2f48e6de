/** Makes the key and socket paths of server records absolute, by the one rule each scope has. Touches no file. */
import { isAbsolute, join } from 'node:path';
import type { Scope } from '../../core/server.ts';

export interface PathRule {
  readonly scope: Scope;
  /** Root of the workspace; null for the global file. */
  readonly workspace: string | null;
  /** What `~/` stands for. */
  readonly home: string;
}

/** The absolute path, or null when the rule does not allow this one: a relative path in the global file, or `~other/…`. */
export function toAbsolutePath(path: string, rule: PathRule): string | null {
  if (path.startsWith('~/')) return join(rule.home, path.slice(2));
  if (path.startsWith('~')) return null;
  if (isAbsolute(path)) return path;
  return rule.workspace === null ? null : join(rule.workspace, path);
}
