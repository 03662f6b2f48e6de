/**
 * Where widgets ask how wide text is: the cells that each grapheme takes on the screen, ready to be put there. The last place where a
 * character that acts, hides or reorders is caught; it deliberately does not know whose text it is.
 */
import { isEmoji } from '../../base/display/emoji.ts';
import { actingCharacter, escapeCharacter } from '../../base/display/escape.ts';
import { graphemeWidth, isPlainText, graphemes as splitGraphemes } from '../../base/display/width.ts';
import type { Charset } from '../../base/display/wrap.ts';

/** What takes one place on the screen: its text and 0, 1 or 2 cells. */
export interface Grapheme {
  readonly text: string;
  readonly width: number;
}

/** Non-ASCII graphemes, and short texts with some: costly to take apart, and drawn again in every frame. */
const known = new Map<string, readonly Grapheme[]>();
const knownTexts = new Map<string, readonly Grapheme[]>();
const knownMax = 10_000;
const knownTextsMax = 4_000;
const knownTextLengthMax = 256;

/** One process has one terminal; a terminal that is no UTF-8 one may read a byte of a letter as a command. */
let charset: Charset = 'unicode';

/** Says what the terminal can show; with `ascii`, everything else is drawn as its escape. */
export function setDrawnCharset(next: Charset): void {
  if (next === charset) return;
  charset = next;
  known.clear();
  knownTexts.clear();
}

export function drawnCharset(): Charset {
  return charset;
}

/**
 * Cuts text into cells. A tab is a space; every other control, and what is invisible, joins or reorders, is drawn as its marked escape, so
 * nothing drawn can be a command or hide. A cluster that would be wider than two cells is taken apart, because no terminal shows it in one place.
 */
export function graphemes(text: string): readonly Grapheme[] {
  if (text.length > knownTextLengthMax) return split(text);
  let cells = knownTexts.get(text);
  if (!cells) {
    cells = split(text);
    if (knownTexts.size >= knownTextsMax) knownTexts.clear();
    knownTexts.set(text, cells);
  }
  return cells;
}

/** Cells of a whole text, exactly as it will be drawn. */
export function cellWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += grapheme.width;
  return width;
}

function split(text: string): readonly Grapheme[] {
  if (charset === 'unicode' && isPlainText(text))
    return Array.from(text, (character) => ({ text: character, width: 1 }));
  const found: Grapheme[] = [];
  for (const cluster of splitGraphemes(text)) {
    let cells = known.get(cluster);
    if (!cells) {
      cells = toCells(cluster);
      if (known.size >= knownMax) known.clear();
      known.set(cluster, cells);
    }
    for (const cell of cells) found.push(cell);
  }
  return found;
}

function toCells(cluster: string): readonly Grapheme[] {
  if (cluster === '\t') return [{ text: ' ', width: 1 }];
  if (isActing(cluster)) return Array.from(cluster).flatMap(toEscapedCells);
  const width = graphemeWidth(cluster);
  if (width <= 2) return [{ text: cluster, width }];
  const parts: { text: string; width: number }[] = [];
  for (const character of cluster) {
    const wide = graphemeWidth(character);
    const last = parts.at(-1);
    if (wide === 0 && last) last.text += character;
    else parts.push({ text: character, width: wide });
  }
  return parts;
}

/** More marks than this on one letter belong to no language and reach into the rows above and below. */
const marksMax = 2;
function isActing(cluster: string): boolean {
  if (charset === 'ascii') return !/^[\x20-\x7e]*$/.test(cluster);
  const marks = cluster.match(/[\p{Mn}\p{Me}]/gu)?.length ?? 0;
  if (!actingCharacter.test(cluster) && marks <= marksMax) return false;
  // Emoji are whole clusters with joiners and selectors of their own.
  return !isEmoji(cluster);
}

function toEscapedCells(character: string): readonly Grapheme[] {
  const isPlain = /^[\p{L}\p{N}\p{P}\p{S} ]$/u.test(character) && !isActing(character);
  if (isPlain) return [{ text: character, width: graphemeWidth(character) }];
  return Array.from(escapeCharacter(character), (text) => ({ text, width: 1 }));
}
