/**
 * Paths in a line that is too long for its place: directories at their beginning give way, since the name at the end tells files apart.
 * Only for rows whose whole text is shown elsewhere, never for a card. Pure.
 */
import type { Span, StyledLine } from '../styled.ts';
import { clip, columnsOf, spread, textWidth } from './text.ts';

/** An absolute path of at least two names, or what is left of one. Quotes stay around it. */
const pathPattern = /(?<=^|[\s'"=:])(?:…|\.{3})?(?:\/[^\s/'"]+){2,}\/?/g;

/** A line that is far longer than any screen is only cut. */
const charactersMax = 2_000;

/** The text with as few directories left out as it takes to fit; what cannot be made to fit is as short as it gets. */
export function shortenPaths(text: string, columns: number, ellipsis: string): string {
  let shown = text;
  while (textWidth(shown) > columns && shown.length <= charactersMax) {
    const longest = [...shown.matchAll(pathPattern)].sort((a, b) => b[0].length - a[0].length)[0];
    if (!longest) break;
    const [path] = longest;
    const short = toShortPath(path, textWidth(shown) - columns, ellipsis);
    if (textWidth(short) >= textWidth(path)) break;
    shown = `${shown.slice(0, longest.index)}${short}${shown.slice(longest.index + path.length)}`;
  }
  return shown;
}

/** Without as many names as make it `over` cells shorter, or all but the last. */
function toShortPath(path: string, over: number, ellipsis: string): string {
  const ends = [...path.replace(/\/$/, '').matchAll(/\//g)]
    .slice(1)
    .map(({ index }) => `${ellipsis}${path.slice(index)}`);
  return ends.find((end) => textWidth(path) - textWidth(end) >= over) ?? ends.at(-1) ?? path;
}

/** `clip`, after the paths of the line's longest text gave what they have. */
export function clipPaths(line: StyledLine, columns: number, ellipsis: string): StyledLine {
  const over = columnsOf(line) - columns;
  if (over <= 0) return line;
  const longest = line.reduce<Span | null>(
    (most, part) => (part.text.length > (most?.text.length ?? 0) ? part : most),
    null,
  );
  const shorter = line.map((part) =>
    part === longest ? { ...part, text: shortenPaths(part.text, textWidth(part.text) - over, ellipsis) } : part,
  );
  return clip(shorter, columns, ellipsis);
}

/** `spread`, whose left side loses directories before it loses its end. */
export function spreadPaths(left: StyledLine, right: StyledLine, columns: number, ellipsis: string): StyledLine {
  const room = columns - columnsOf(right) - 1;
  return spread(clipPaths(left, Math.max(1, room), ellipsis), right, columns);
}
