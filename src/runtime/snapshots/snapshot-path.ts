/** Where a remote file is kept in the snapshot repository: one path a file, and no name that means something to git or to a file system. */
import { Buffer } from 'node:buffer';

/**
 * `<server>/<component>/…`: every component percent-encoded (RFC 3986 §2.1) outside `A-Z a-z 0-9 _ - + = @ , .`, and a leading dot too, so that
 * `.git`, `.` and `..` do not occur. Different real paths have different snapshot paths.
 */
export function toSnapshotPath(server: string, realPath: string): string {
  const components = realPath.split('/').filter((component) => component !== '');
  // The root itself is no file; it still gets a name of its own.
  return [server, ...(components.length === 0 ? ['/'] : components)].map(encodeComponent).join('/');
}

/** Beside the content: what it is, with mode and owner. A server's id cannot begin with `%`. */
export function toStatePath(server: string, realPath: string): string {
  return `%state/${toSnapshotPath(server, realPath)}`;
}

function encodeComponent(component: string): string {
  let encoded = '';
  let isFirst = true;
  for (const character of component) {
    const isPlain = /^[A-Za-z0-9_\-+=@,.]$/.test(character) && !(isFirst && character === '.');
    encoded += isPlain ? character : toPercent(character);
    isFirst = false;
  }
  return encoded;
}

function toPercent(character: string): string {
  return [...toBytes(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** A lone surrogate gets the three bytes UTF-8 would give it if it could: no other text encodes to them. */
function toBytes(character: string): Uint8Array {
  if (character.isWellFormed()) return Buffer.from(character, 'utf8');
  const unit = character.charCodeAt(0);
  return Uint8Array.of(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
}
