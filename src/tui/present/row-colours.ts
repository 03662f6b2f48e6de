/**
 * The rows of a difference that is decided upon or looked up, in the colours of its file's language. Colours repeat nothing and hide nothing:
 * the text of a row stays letter for letter what it is, or it has none. Pure.
 */
import type { StyledLine } from '../styled.ts';
import { toLanguageOf } from './code-languages.ts';
import type { DiffRow } from './diff-rows.ts';
import type { CodeColours } from './prose.ts';

export interface DiffColours {
  readonly path: string;
  readonly toColours: CodeColours;
}

/** The same rows; with colours where the language is known, loaded, and the whole is not too much. */
export function withColours(rows: readonly DiffRow[], colours: DiffColours | null): readonly DiffRow[] {
  const language = colours && toLanguageOf(colours.path);
  if (!colours || language === null) return rows;
  const before = colourSide(rows, 'remove', language, colours.toColours);
  const after = colourSide(rows, 'add', language, colours.toColours);
  return rows.map((row) => {
    const code = (row.kind === 'remove' ? before : after).get(row);
    return code && code.map(({ text }) => text).join('') === row.text ? { ...row, code } : row;
  });
}

/** The file that a unified difference names as the one after, else before; empty where it names none. */
export function toPathOf(diff: string): string {
  const [, after] = /^\+\+\+ (?:b(?=\/))?([^\t\n]+)/m.exec(diff) ?? [];
  const [, before] = /^--- (?:a(?=\/))?([^\t\n]+)/m.exec(diff) ?? [];
  return (after === '/dev/null' ? before : after) ?? '';
}

/** All lines of one file as one text, so that a text of several lines is seen as one. */
function colourSide(
  rows: readonly DiffRow[],
  kind: 'remove' | 'add',
  language: string,
  toColours: CodeColours,
): ReadonlyMap<DiffRow, StyledLine> {
  const own = rows.filter((row) => row.kind === kind || row.kind === 'context');
  if (own.length === 0) return new Map();
  const coloured = toColours(language, own.map(({ text }) => text).join('\n')) ?? [];
  return new Map(own.flatMap((row, at) => (coloured[at] ? [[row, coloured[at]] as const] : [])));
}
