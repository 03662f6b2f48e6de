/** Makes foreign text safe and unambiguous to show: escapes, never strips. Two different texts never come out the same. It knows nothing of colours or screens. */
import { plainCharacters } from './plain-words.ts';

/**
 * For argv, paths and ids: every character outside printable ASCII becomes `\x1b`, `\u202e` or `\u{1f600}`. A backslash before
 * `x` or `u` becomes `\x5c`, so an escape that is written out is told from a real one. A space at either end becomes `\x20`,
 * because it could not be seen. Total: lone surrogates are escaped, too. The result is printable ASCII.
 */
export function escapeExact(text: string): string {
  const characters = [...text];
  return characters.map((character, index) => escapeAt(characters, character, index, isNothingPlain)).join('');
}

/**
 * For content and prose: like `escapeExact`, but letters of one script stay readable (see plain-words.ts for which and why).
 * Line feeds and tabs are escaped as well: a caller that means lines splits them first. Spaces at the ends stay.
 */
export function escapeProse(text: string): string {
  const characters = [...text];
  const plain = plainCharacters(characters);
  const escaped = characters.map((character, index) => escapeAt(characters, character, index, (at) => plain.has(at)));
  return escaped.join('');
}

/** One character as a marked escape: `\x` and two hex digits, `\u` and four, or `\u{…}` beyond the first plane. */
export function escapeCharacter(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  const hex = codePoint.toString(16);
  if (codePoint <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return codePoint <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

function escapeAt(
  characters: readonly string[],
  character: string,
  index: number,
  isPlain: (index: number) => boolean,
): string {
  if (character === ' ') return isAtEnd(characters, index) && isPlain === isNothingPlain ? '\\x20' : ' ';
  if (character === '\\') {
    const next = characters[index + 1];
    return next === 'x' || next === 'u' ? '\\x5c' : '\\';
  }
  if (character > ' ' && character <= '~' && character.length === 1) return character;
  return isPlain(index) ? character : escapeCharacter(character);
}

function isAtEnd(characters: readonly string[], index: number): boolean {
  return index === 0 || index === characters.length - 1;
}

function isNothingPlain(): boolean {
  return false;
}
