/** Where widgets ask how wide text is: the cells that each grapheme takes on the screen, ready to be put there. */
import { graphemeWidth, graphemes as splitGraphemes } from '../../base/display/width.ts';

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

/**
 * Cuts text into cells. Controls become visible: a tab is a space, others are a replacement character, so nothing drawn can be a command.
 * A cluster that would be wider than two cells is taken apart, because no terminal shows it in one place.
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
  if (/\p{Cc}/u.test(cluster))
    return Array.from(cluster, (control) => ({ text: control === '\t' ? ' ' : '�', width: 1 }));
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
