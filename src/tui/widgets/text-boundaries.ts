/** Where graphemes and words begin in a text that is edited. Works on code-unit offsets, looks at a small window only. */
import { graphemes } from '../../base/display/width.ts';

/** No real grapheme is longer; text made to be worse is cut there. */
const windowMax = 256;

/** The end of the grapheme that begins at `offset`. */
export function nextBoundary(text: string, offset: number): number {
  if (offset >= text.length) return text.length;
  const limit = Math.min(text.length, offset + windowMax);
  let end = offset + 1;
  while (end < limit && !isSureStart(text, end)) end += 1;
  const [first] = graphemes(text.slice(offset, end));
  return first === undefined ? end : offset + first.length;
}

/** The beginning of the grapheme that ends at `offset`. */
export function previousBoundary(text: string, offset: number): number {
  if (offset <= 0) return 0;
  const limit = Math.max(0, offset - windowMax);
  let start = offset - 1;
  while (start > limit && !isSureStart(text, start)) start -= 1;
  const last = graphemes(text.slice(start, offset)).at(-1);
  return last === undefined ? start : offset - last.length;
}

/** The nearest boundary at or before an offset that may lie inside a grapheme. */
export function boundaryAt(text: string, offset: number): number {
  const inside = Math.max(0, Math.min(offset, text.length));
  if (inside === 0 || inside === text.length) return inside;
  const start = previousBoundary(text, inside);
  return nextBoundary(text, start) === inside ? inside : start;
}

/** The end of the next word: skips what is between words first, as readline's forward-word does. */
export function wordEndAfter(text: string, offset: number): number {
  const found = /^[^\p{L}\p{N}_]*[\p{L}\p{M}\p{N}_]*/u.exec(text.slice(offset));
  return offset + (found?.[0].length ?? 0);
}

/** The beginning of the word before. */
export function wordStartBefore(text: string, offset: number): number {
  const characters = [...text.slice(0, offset)];
  let at = characters.length;
  while (at > 0 && !isWord(characters[at - 1])) at -= 1;
  while (at > 0 && isWord(characters[at - 1])) at -= 1;
  return characters.slice(0, at).join('').length;
}

/** The beginning of the run of non-blanks before: what Ctrl-W kills. */
export function blankWordStartBefore(text: string, offset: number): number {
  const found = /\S*\s*$/u.exec(text.slice(0, offset));
  return found ? found.index : 0;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{M}\p{N}_]/u.test(character);
}

/** ASCII and Latin letters always begin a grapheme (UAX 29), except the second half of CR LF, which edited text never holds. */
function isSureStart(text: string, offset: number): boolean {
  return text.charCodeAt(offset) < 0x300 && text.charCodeAt(offset) !== 0x200d;
}
