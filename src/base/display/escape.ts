/**
 * Makes foreign text safe and unambiguous to show: escapes, never strips. Two different texts never come out the same. It knows nothing of
 * colours or screens. escape-readable.ts says which of the escapers is for which place.
 */
import { treatBesideEmoji } from './emoji.ts';
import { plainCharacters } from './plain-words.ts';

/**
 * For argv, paths and ids: every character outside printable ASCII becomes `\x1b`, `\u202e` or `\u{1f600}`. A backslash before
 * `x` or `u` becomes `\x5c`, so an escape that is written out is told from a real one. A space at either end becomes `\x20`,
 * because it could not be seen. Total: lone surrogates are escaped, too. The result is printable ASCII.
 */
export function escapeExact(text: string): string {
  const escaped = escapeProse(text, 'ascii');
  // Only one space can be at each end; where both ends are the same one, it is escaped once.
  const headed = escaped.startsWith(' ') ? `\\x20${escaped.slice(1)}` : escaped;
  return headed.endsWith(' ') ? `${headed.slice(0, -1)}\\x20` : headed;
}

/**
 * For content and prose: like `escapeExact`, but letters of one script stay readable (see plain-words.ts for which and why), unless
 * only ASCII is wanted. Line feeds and tabs are escaped as well: a caller that means lines splits them first. Spaces at the ends stay.
 */
export function escapeProse(text: string, charset: 'unicode' | 'ascii' = 'unicode'): string {
  if (/^[\x20-\x5b\x5d-\x7e]*$/.test(text)) return text;
  const characters = [...text];
  const plain = charset === 'ascii' ? null : plainCharacters(characters);
  return characters
    .map((character, index) => escapeAt(character, characters[index + 1], plain?.[index] === 1))
    .join('');
}

/** One character as a marked escape: `\x` and two hex digits, `\u` and four, or `\u{…}` beyond the first plane. */
export function escapeCharacter(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  const hex = codePoint.toString(16);
  if (codePoint <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return codePoint <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** Controls, invisible and private characters, half pairs, marks around a letter, and letters that a terminal may put from right to left. */
export const actingCharacter =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Me}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Made when it is first needed, since it takes long to make. */
let actingCharacters: RegExp | null = null;

/** The last net below everything that is printed, line ends, tabs and whole emoji apart: nothing that acts or hides gets out. It replaces no escaping, since it leaves backslashes alone. */
export function escapeActing(text: string): string {
  if (/^[\n\t\x20-\x7e]*$/.test(text)) return text;
  actingCharacters ??= new RegExp(`(?![\\n\\t])${actingCharacter.source}`, 'gu');
  const acting = actingCharacters;
  return treatBesideEmoji(text, (part) => part.replace(acting, escapeCharacter));
}

function escapeAt(character: string, next: string | undefined, isPlain: boolean): string {
  if (character === '\\') return next === 'x' || next === 'u' ? '\\x5c' : '\\';
  if (character >= ' ' && character <= '~') return character;
  return isPlain ? character : escapeCharacter(character);
}
