/**
 * Where a pattern occurs in a line of text, in time that is linear in the text: for searching while somebody types. Matches are the leftmost and
 * longest ones and never empty. Knows no screen.
 */
import { toProgram } from './pattern-program.ts';
import { type PatternNode, parsePattern } from './pattern-syntax.ts';
import { PatternWalk, type Places } from './pattern-walk.ts';

/** Code-unit offsets; `to` is behind the last one. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

export interface PatternFinder {
  /** All places that do not overlap, from left to right. */
  find(text: string): readonly TextRange[];
  /** Characters read in all searches so far, so that the bound can be held against what was done. */
  steps(): number;
}

/** Reading on for the longest match is done so many times the length of a text; after that the shortest match is taken. */
const overrunMax = 8;

/**
 * `^` at the beginning and `$` at the end anchor the whole pattern. `fold` maps every character of a text before it is compared; the pattern must
 * be folded already. Throws PatternError for what is not a pattern, uses what is not known here, or is too large.
 */
export function patternFinder(source: string, fold: (codePoint: number) => number = (same) => same): PatternFinder {
  const node = parsePattern(source);
  const isAtStart = source.startsWith('^');
  const isAtEnd = /(^|[^\\])(\\\\)*\$$/.test(source);
  const forward = new PatternWalk(toProgram(node));
  const reversed = toReversed(node);
  const backward = new PatternWalk(toProgram(isAtEnd ? reversed : { kind: 'sequence', parts: [anything, reversed] }));
  let steps = 0;

  const find = (text: string): readonly TextRange[] => {
    const { codes, offsets } = toCodes(text, fold);
    const starts = toStarts(backward, codes);
    steps += codes.length;
    const found: TextRange[] = [];
    let budget = overrunMax * (codes.length + 1);
    for (let at = 0; at <= codes.length; at += 1) {
      if (!starts[at] || (isAtStart && at > 0)) continue;
      const { end, read } = toEnd(forward, codes, at, { isAtEnd, budget });
      budget -= read;
      steps += read;
      if (end <= at) continue;
      found.push({ from: offsets[at] ?? 0, to: offsets[end] ?? text.length });
      at = end - 1;
    }
    return found;
  };
  return { find, steps: () => steps };
}

const anything: PatternNode = { kind: 'repeat', body: { kind: 'set', has: () => true }, min: 0, max: null };

function toReversed(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'set':
      return node;
    case 'sequence':
      return { kind: 'sequence', parts: node.parts.map(toReversed).reverse() };
    case 'choice':
      return { kind: 'choice', options: node.options.map(toReversed) };
    case 'repeat':
      return { ...node, body: toReversed(node.body) };
  }
}

/** Code points, and where each begins; one more offset for the end. */
function toCodes(text: string, fold: (codePoint: number) => number): { codes: number[]; offsets: number[] } {
  const codes: number[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    codes.push(fold(character.codePointAt(0) ?? 0));
    offsets.push(at);
    at += character.length;
  }
  offsets.push(at);
  return { codes, offsets };
}

/** Read from its end, a text tells at each place whether a match begins there. */
function toStarts(walk: PatternWalk, codes: readonly number[]): readonly boolean[] {
  const starts = new Array<boolean>(codes.length + 1);
  let places = walk.start();
  starts[codes.length] = places.isEnd;
  for (let at = codes.length - 1; at >= 0; at -= 1) {
    places = walk.after(places, codes[at] ?? 0);
    starts[at] = places.isEnd;
  }
  return starts;
}

/** The end of the longest match that begins at `from`, or of the shortest when the budget for reading on is used up. */
function toEnd(
  walk: PatternWalk,
  codes: readonly number[],
  from: number,
  bounds: { readonly isAtEnd: boolean; readonly budget: number },
): { readonly end: number; readonly read: number } {
  let places: Places = walk.start();
  let end = -1;
  let at = from;
  for (; at < codes.length && places.at.length > 0; ) {
    places = walk.after(places, codes[at] ?? 0);
    at += 1;
    if (places.isEnd && (!bounds.isAtEnd || at === codes.length)) end = at;
    if (end > from && at - from > bounds.budget) break;
  }
  return { end, read: at - from };
}
