/**
 * What was typed into a search line, as something that finds: a regular expression that takes linear time, or the plain text when it is none.
 * Small letters mean capitals, too; a capital letter means itself. Pure.
 */
import { patternFinder, type TextRange } from '../../base/pattern/find-pattern.ts';
import { PatternError } from '../../base/pattern/pattern-syntax.ts';

export interface SearchQuery {
  readonly text: string;
  /** Why it is searched for as plain text, as part of a sentence; null when it is a pattern or has nothing special in it. */
  readonly problem: string | null;
  /** Places that do not overlap, from left to right; none for an empty query. */
  find(text: string): readonly TextRange[];
}

/** Longer patterns are no search; the rest is not looked at. */
export const queryCharactersMax = 1_000;

export function toSearchQuery(typed: string): SearchQuery {
  const text = typed.slice(0, queryCharactersMax);
  const isExact = /\p{Lu}/u.test(text.replace(/\\./gu, ''));
  if (!/[\\^$.*+?()[\]{}|]/.test(text)) return { text, problem: null, find: toPlain(text, isExact) };
  try {
    const finder = patternFinder(text, isExact ? same : foldCode);
    return { text, problem: null, find: (row) => finder.find(row) };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return { text, problem: error.message, find: toPlain(text, isExact) };
  }
}

function toPlain(text: string, isExact: boolean): SearchQuery['find'] {
  const fold = isExact ? (row: string): string => row : foldText;
  const needle = fold(text);
  return (row) => {
    const found: TextRange[] = [];
    if (needle === '') return found;
    const folded = fold(row);
    for (let at = folded.indexOf(needle); at !== -1; at = folded.indexOf(needle, at + needle.length))
      found.push({ from: at, to: at + needle.length });
    return found;
  };
}

/** In small letters, every character where it was: where one would become longer it stays as it is. */
function foldText(text: string): string {
  const small = text.toLowerCase();
  if (small.length === text.length) return small;
  return Array.from(text, (character) => {
    const one = character.toLowerCase();
    return one.length === character.length ? one : character;
  }).join('');
}

function foldCode(code: number): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
  const small = String.fromCodePoint(code).toLowerCase();
  const folded = small.codePointAt(0) ?? code;
  return String.fromCodePoint(folded) === small ? folded : code;
}

function same(code: number): number {
  return code;
}
