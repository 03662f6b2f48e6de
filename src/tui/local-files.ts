/**
 * Files of this machine that the operator attaches: completion of their paths, and their contents. Reads only what a person named; sends nothing.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import { bounds } from '../protocol/bounds.ts';
import type { AttachmentView } from '../protocol/methods.ts';
import type { Candidate } from './prompt-completion.ts';

/** Base64 takes four characters for three bytes. */
const imageBytesMax = (bounds.attachmentCharactersMax / 4) * 3;
const nameCharactersMax = 200;
const entriesMax = 1_000;

/** The first bytes of the images that agents take. */
const signatures: readonly (readonly [bytes: string, mediaType: string])[] = [
  ['89504e470d0a1a0a', 'image/png'],
  ['ffd8ff', 'image/jpeg'],
  ['474946383761', 'image/gif'],
  ['474946383961', 'image/gif'],
];

const mediaTypes: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  json: 'application/json',
  html: 'text/html',
  csv: 'text/csv',
  xml: 'application/xml',
};

/** The attachment, or one sentence that says why it cannot be one. */
export async function readAttachment(path: string): Promise<AttachmentView | string> {
  const place = toPlace(path);
  const name = basename(place).slice(0, nameCharactersMax);
  try {
    const { size } = await stat(place);
    const bytes = await readRegular(place, Math.max(imageBytesMax, bounds.attachmentCharactersMax));
    if (bytes === 'no file') return `${path} is no file; attach files one by one.`;
    if (bytes === 'too large')
      return `${path} is too large to be attached (${size} bytes; 8 MiB of text or 6 MiB of image at most).`;
    const mediaType = toImageType(bytes);
    if (mediaType !== null) {
      if (bytes.length > imageBytesMax) return `${path} is too large for an image (6 MiB at most).`;
      return { kind: 'image', name, mediaType, base64: bytes.toString('base64') };
    }
    const text = toText(bytes);
    if (text === null) return `${path} is neither text nor a PNG, JPEG, GIF or WebP image; only these can be attached.`;
    return { kind: 'file', name, mediaType: mediaTypes[name.split('.').at(-1) ?? ''] ?? 'text/plain', text };
  } catch (error) {
    return toSentence(path, error as NodeJS.ErrnoException);
  }
}

/** What a path could become; nothing where its folder cannot be read. */
export async function completePath(path: string): Promise<readonly Candidate[]> {
  const slash = path.lastIndexOf('/') + 1;
  const [folder, prefix] = [path.slice(0, slash), path.slice(slash)];
  try {
    const entries = await readdir(toPlace(folder === '' ? '.' : folder), { withFileTypes: true });
    return entries
      .filter(({ name }) => name.startsWith(prefix) && (prefix.startsWith('.') || !name.startsWith('.')))
      .slice(0, entriesMax)
      .sort((a, b) => a.name.localeCompare(b.name))
      .map((entry) => {
        const isFolder = entry.isDirectory();
        const word = `${folder}${entry.name}${isFolder ? '/' : ''}`;
        return { word, description: isFolder ? 'folder' : 'file', after: '' };
      });
  } catch {
    // A folder that is not there has nothing to offer; the one who reads the file is told.
    return [];
  }
}

function toPlace(path: string): string {
  return resolve(path === '~' || path.startsWith('~/') ? `${homedir()}${path.slice(1)}` : path);
}

/** Opened without waiting: a pipe would never end, a device never stop. */
async function readRegular(path: string, bytesMax: number): Promise<Buffer | 'no file' | 'too large'> {
  const info = await stat(path);
  if (!info.isFile()) return 'no file';
  if (info.size > bytesMax) return 'too large';
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(bytesMax + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, Math.min(buffer.length - length, 1 << 20), length);
      if (bytesRead === 0) return Buffer.from(buffer.subarray(0, length));
      length += bytesRead;
      if (length > bytesMax) return 'too large';
    }
  } finally {
    await file.close();
  }
}

function toImageType(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 12).toString('hex');
  const known = signatures.find(([signature]) => head.startsWith(signature));
  if (known) return known[1];
  return head.startsWith('52494646') && head.slice(16) === '57454250' ? 'image/webp' : null;
}

function toText(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function toSentence(path: string, { code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return `There is no file ${path} on this machine.`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by you.`;
    default:
      return `${path} could not be read (${message}).`;
  }
}
