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

/**
 * Latin, Greek and Cyrillic letters, kana and ideographs always begin a grapheme (UAX 29: they are of no class that joins what is before
 * them), and so does ASCII, except the second half of CR LF, which edited text never holds. Without these, each step through a long
 * text of such letters would take the whole window apart.
 */
function isSureStart(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  if (unit < 0x300) return true;
  return sureRanges.some(([first, last]) => unit >= first && unit <= last);
}

const sureRanges: readonly (readonly [number, number])[] = [
  [0x370, 0x3ff],
  [0x400, 0x482],
  [0x48a, 0x52f],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
];
