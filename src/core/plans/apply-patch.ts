/** A unified diff applied to a text, strictly: one file, at least one hunk, no fuzz, line ends kept. Garbage is an error, never a success. */
import { applyPatch as applyHunks, parsePatch, type StructuredPatch } from 'diff';
import { OperationError } from '../codes.ts';

export interface ParsedPatch {
  readonly patch: StructuredPatch;
  readonly hunks: number;
}

/**
 * Parses before anything is read. Throws PATCH_FAILED for anything but exactly one text file with at least one hunk, and
 * for a header that names another file than `path` (the prefixes `a/` and `b/` and a missing leading slash are usual).
 */
export function parseOnePatch(text: string, path: string): ParsedPatch {
  if (/^(rename|copy) (from|to) |^GIT binary patch|^Binary files /m.test(text)) {
    throw failed('it renames, copies or is binary; send a plain unified diff of one text file');
  }
  let patches: StructuredPatch[];
  try {
    patches = parsePatch(text);
  } catch (error) {
    throw failed(`it is not a unified diff (${error instanceof Error ? error.message.split('\n')[0] : 'unreadable'})`);
  }
  const [patch, ...others] = patches;
  if (!patch || patch.hunks.length === 0)
    throw failed('it has no hunk; a hunk begins with "@@ -line,count +line,count @@"');
  if (others.length > 0) throw failed('it names more than one file; send one patch a file');
  for (const name of [patch.oldFileName, patch.newFileName]) {
    if (name === '/dev/null') throw failed('it creates or deletes the file; use remote_write_file to create one');
    if (name !== undefined && name !== '' && !isSamePath(name, path))
      throw failed(`its header names ${name}; let its two header lines name ${path}`);
  }
  let end = 0;
  for (const hunk of patch.hunks) {
    if (hunk.oldStart < end)
      throw failed('its hunks overlap or are out of order; sort them and merge those that touch');
    end = hunk.oldStart + hunk.oldLines;
  }
  return { patch, hunks: patch.hunks.length };
}

export interface Applied {
  readonly text: string;
  /** "hunk 2 applies 14 lines further down than the patch says"; empty when all sit where they say. */
  readonly offsets: readonly string[];
}

/**
 * Applies to `before`. `sameLine` may accept a context or removed line that only looks like the real one (a redacted
 * placeholder); the real line is what stays or goes. Throws PATCH_FAILED when a hunk does not fit or nothing changes.
 */
export function applyOnePatch(
  before: string,
  parsed: ParsedPatch,
  sameLine: (real: string, patched: string) => boolean,
): Applied {
  const text = applyHunks(before, parsed.patch, {
    fuzzFactor: 0,
    compareLine: (_number, real, _operation, patched) => real === patched || sameLine(real, patched),
  });
  if (text === false) {
    throw failed('its context does not match the file as it is now; read the file again and make the patch anew');
  }
  if (text === before) throw failed('it changes nothing');
  return { text, offsets: toOffsets(before, parsed.patch, sameLine) };
}

/** Where each hunk really sits, searched as the library does: outwards from the line it names, moved by the hunk before. */
function toOffsets(
  before: string,
  patch: StructuredPatch,
  sameLine: (real: string, patched: string) => boolean,
): string[] {
  const lines = before.split(/\r?\n/);
  const notes: string[] = [];
  let moved = 0;
  patch.hunks.forEach((hunk, index) => {
    const wanted = hunk.lines
      .filter((line) => line[0] === ' ' || line[0] === '-')
      .map((line) => line.slice(1).replace(/\r$/, ''));
    const fits = (at: number): boolean =>
      at >= 0 &&
      wanted.every(
        (line, row) =>
          lines[at + row] !== undefined && (lines[at + row] === line || sameLine(lines[at + row] ?? '', line)),
      );
    const named = (hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1) + moved;
    for (let distance = 0; distance <= lines.length; distance += 1) {
      const shift = fits(named + distance) ? distance : fits(named - distance) ? -distance : null;
      if (shift === null) continue;
      moved += shift;
      if (moved !== 0)
        notes.push(
          `hunk ${index + 1} applies ${Math.abs(moved)} lines ${moved > 0 ? 'further down' : 'higher up'} than the patch says`,
        );
      return;
    }
  });
  return notes;
}

function isSamePath(name: string, path: string): boolean {
  const bare = path.replace(/^\/+/, '');
  return [path, bare, `a/${bare}`, `b/${bare}`, `a${path}`, `b${path}`].includes(name);
}

function failed(why: string): OperationError {
  return new OperationError('PATCH_FAILED', `The patch was not applied: ${why}.`);
}
