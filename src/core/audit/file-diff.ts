/** Shows what changed between two images of a remote file as a unified diff. Pure; what the images are of is the caller's. */
import { Buffer } from 'node:buffer';
import { createTwoFilesPatch } from 'diff';
import { unreachable } from '../../base/assert.ts';
import { limits } from '../limits.ts';
import type { FileImage } from '../ports.ts';

export interface FileDiff {
  /** Unified diff with three lines of context; null when it cannot be shown as text or nothing in the text changed. */
  readonly diff: string | null;
  /** One sentence on what the diff does not show: mode, owner, binary, hash only, too different. */
  readonly note: string | null;
}

/** Computing a diff is quadratic in how different two texts are; past this many edits it would tell a reader nothing. */
const editsMax = 20_000;

/** @param path as it is on the server; absent files appear as `/dev/null`, as in every unified diff. */
export function toUnifiedDiff(before: FileImage, after: FileImage, path: string): FileDiff {
  const notes = toStateNotes(before, after);
  const texts = [toText(before), toText(after)] as const;
  const [old, now] = texts;
  let diff: string | null = null;
  if (old === null || now === null) {
    notes.unshift(toOpaqueNote(before, after));
  } else if (old !== now) {
    const patch = createTwoFilesPatch(
      toName(before, `a${path}`),
      toName(after, `b${path}`),
      old,
      now,
      undefined,
      undefined,
      {
        context: 3,
        maxEditLength: editsMax,
        timeout: limits.diffTimeoutMs,
      },
    );
    if (patch === undefined) notes.unshift('The two versions are too different to be shown as a diff.');
    else diff = patch.replace(/^=+\n/, '');
  } else if (before.kind === after.kind) notes.unshift('The content is the same.');
  else notes.unshift(after.kind === 'absent' ? 'An empty file was deleted.' : 'An empty file was created.');
  return { diff, note: notes.length === 0 ? null : notes.join(' ') };
}

/** Null for what is not text: bytes that are not UTF-8, NUL, or nothing but a hash. */
function toText(image: FileImage): string | null {
  switch (image.kind) {
    case 'absent':
      return '';
    case 'hash-only':
      return null;
    case 'content': {
      const bytes = Buffer.from(image.content.buffer, image.content.byteOffset, image.content.byteLength);
      if (bytes.includes(0)) return null;
      try {
        // A byte order mark is part of the file.
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        return null;
      }
    }
    default:
      return unreachable(image);
  }
}

function toName(image: FileImage, name: string): string {
  return image.kind === 'absent' ? '/dev/null' : name;
}

function toStateNotes(before: FileImage, after: FileImage): string[] {
  if (before.kind === 'absent' || after.kind === 'absent') return [];
  const notes: string[] = [];
  if (before.mode !== after.mode) notes.push(`Mode ${toOctal(before.mode)} became ${toOctal(after.mode)}.`);
  if (before.owner !== after.owner) notes.push(`Owner ${before.owner} became ${after.owner}.`);
  return notes;
}

function toOctal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

function toOpaqueNote(before: FileImage, after: FileImage): string {
  const isHashOnly = before.kind === 'hash-only' || after.kind === 'hash-only';
  const why = isHashOnly ? 'Only hashes are kept of this file' : 'The file is not text';
  return `${why}: ${toDigest(before)} became ${toDigest(after)}.`;
}

function toDigest(image: FileImage): string {
  switch (image.kind) {
    case 'absent':
      return 'an absent file';
    case 'content':
      return `sha256 ${image.sha256} (${image.content.byteLength} bytes)`;
    case 'hash-only':
      return `sha256 ${image.sha256} (${image.size} bytes)`;
    default:
      return unreachable(image);
  }
}
