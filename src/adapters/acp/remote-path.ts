/** Which server and path a local-looking path of an agent means. Pure; a path that means nothing gets an answer that lists what does. */
import { posix } from 'node:path';
import { refusal } from './refusal.ts';

export interface RemotePlace {
  readonly server: string;
  /** Absolute on the server; null for the work folder of the only server: the login folder. */
  readonly path: string | null;
}

/**
 * `<workFolder>/<server>/…` means that server. With exactly one server any other absolute path means it too, except what is
 * below the work folder: that is a real local folder, and its other names exist on no server.
 * Throws RequestError SERVER_NOT_FOUND or INVALID_ARGUMENT.
 */
export function toRemotePlace(given: string, workFolder: string, servers: readonly string[]): RemotePlace {
  if (!given.startsWith('/') || given.includes('\0')) {
    throw refusal('INVALID_ARGUMENT', `"${given}" is not an absolute path. ${toHint(workFolder, servers)}`);
  }
  const path = withoutSlash(posix.normalize(given));
  const root = withoutSlash(posix.normalize(workFolder));
  const below = toBelow(path, root);
  const [only] = servers;
  if (below === null) {
    if (only !== undefined && servers.length === 1) return { server: only, path };
  } else if (below === '') {
    if (only !== undefined && servers.length === 1) return { server: only, path: null };
  } else {
    const end = below.indexOf('/');
    const server = end === -1 ? below : below.slice(0, end);
    if (servers.includes(server)) return { server, path: end === -1 ? '/' : below.slice(end) };
  }
  throw refusal('SERVER_NOT_FOUND', `"${given}" belongs to no server. ${toHint(workFolder, servers)}`);
}

/** What is below a folder, without the separator; null when the path is outside. `/a/s10` is not below `/a/s1`. */
function toBelow(path: string, folder: string): string | null {
  if (path === folder) return '';
  const prefix = folder === '/' ? '/' : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function toHint(workFolder: string, servers: readonly string[]): string {
  if (servers.length === 0) return 'No server is in scope of this session.';
  return `Valid are paths below ${servers.map((server) => posix.join(workFolder, server)).join(', ')}.`;
}
