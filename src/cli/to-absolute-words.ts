/** Makes the paths in an agent's command absolute: agents run in a folder of their own, where a path relative to this one names nothing. */
import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { escapeExact } from '../base/display/escape.ts';
import { type CliIo, printNote } from './output.ts';

/**
 * A word with a "/" that does not begin with "-" and names a file, seen from the current folder, becomes its absolute path, and one line on
 * stderr says so. With "./" or "../" before it, a folder counts as well. Every other word stays: it may be a package or the name of a model.
 */
export function toAbsoluteWords(io: CliIo, words: readonly string[]): readonly string[] {
  return words.map((word) => {
    if (!word.includes('/') || word.startsWith('-') || isAbsolute(word)) return word;
    const path = resolve(io.cwd, word);
    if (!isThere(path, /^\.\.?\//.test(word) ? 'file or folder' : 'file')) return word;
    const [before, after] = [escapeExact(word), escapeExact(path)];
    printNote(io, `${before} is taken as ${after}, since agents run in a folder of their own.`);
    return path;
  });
}

function isThere(path: string, kind: 'file' | 'file or folder'): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found !== undefined && (kind === 'file or folder' || !found.isDirectory());
  } catch {
    // A word that no path can be (too long, a zero byte, below a file) names nothing here.
    return false;
  }
}
