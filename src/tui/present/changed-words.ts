/**
 * Which words of a line became which in the line that took its place: the longest text in common is left, the rest is the change. Pure;
 * knows no diff.
 */

/** Positions in the text, the end exclusive and beyond the beginning. */
export interface Change {
  readonly from: number;
  readonly to: number;
}

export interface Changes {
  readonly before: readonly Change[];
  readonly after: readonly Change[];
}

/** A shorter common part is chance: marking nearly all of a line says nothing. */
const commonShareMin = 0.3;
/** Pairs of words that are compared for a line; beyond, everything between the first difference and the last is the change. */
const pairsMax = 10_000;
/** What two changes have between them is one with them where it has fewer signs: marks for single commas are hard to read. */
const keptSignsMin = 2;

/** In their order; null when the lines have little in common. */
export function toChanges(before: string, after: string): Changes | null {
  const [old, now] = [toWords(before), toWords(after)];
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  const middle = toCommon(old.slice(start, old.length - end), now.slice(start, now.length - end));
  const common = [
    ...old.slice(0, start).map((_, at): Pair => [at, at]),
    ...middle.map(([a, b]): Pair => [a + start, b + start]),
    ...old.slice(old.length - end).map((_, at): Pair => [old.length - end + at, now.length - end + at]),
  ];
  const kept = toRuns(common).filter((run) => {
    const [first, last] = [run[0], run.at(-1)];
    const isAtEnd = first?.every((at) => at === 0) || (last?.[0] === old.length - 1 && last[1] === now.length - 1);
    return isAtEnd || countSigns(run.map(([at]) => old[at] ?? '').join('')) >= keptSignsMin;
  });
  const signs = kept.flat().reduce((sum, [at]) => sum + countSigns(old[at] ?? ''), 0);
  if (signs < commonShareMin * Math.max(countSigns(before), countSigns(after))) return null;
  const pairs = kept.flat();
  return {
    before: toRest(
      old,
      pairs.map(([at]) => at),
    ),
    after: toRest(
      now,
      pairs.map(([, at]) => at),
    ),
  };
}

/** The numbers of a word in the one line and in the other. */
type Pair = readonly [before: number, after: number];

/** The common words that have the most signs, in their order (longest common subsequence, by dynamic programming). */
function toCommon(old: readonly string[], now: readonly string[]): readonly Pair[] {
  if (old.length * now.length > pairsMax) return [];
  const width = now.length + 1;
  // A blank counts less than any sign, and more than nothing.
  const best = new Uint32Array((old.length + 1) * width);
  const at = (a: number, b: number): number => best[a * width + b] ?? 0;
  const both = (a: number, b: number): number =>
    old[a] === now[b] ? at(a + 1, b + 1) + 1 + 4 * countSigns(old[a] ?? '') : 0;
  for (let a = old.length - 1; a >= 0; a -= 1)
    for (let b = now.length - 1; b >= 0; b -= 1) {
      best[a * width + b] = Math.max(both(a, b), at(a + 1, b), at(a, b + 1));
    }
  const pairs: Pair[] = [];
  for (let a = 0, b = 0; a < old.length && b < now.length; ) {
    if (old[a] === now[b] && at(a, b) === both(a, b)) pairs.push([a++, b++]);
    else if (at(a, b) === at(a + 1, b)) a += 1;
    else b += 1;
  }
  return pairs;
}

/** Pairs that follow each other in both lines. */
function toRuns(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  const runs: Pair[][] = [];
  for (const pair of pairs) {
    const last = runs.at(-1)?.at(-1);
    if (last && last[0] + 1 === pair[0] && last[1] + 1 === pair[1]) runs.at(-1)?.push(pair);
    else runs.push([pair]);
  }
  return runs;
}

/** Where the words are that are not among these. */
function toRest(words: readonly string[], kept: readonly number[]): readonly Change[] {
  const isKept = new Set(kept);
  const changes: { from: number; to: number }[] = [];
  let at = 0;
  words.forEach((word, index) => {
    const last = changes.at(-1);
    if (isKept.has(index)) at += word.length;
    else if (last?.to === at) last.to = at += word.length;
    else changes.push({ from: at, to: (at += word.length) });
  });
  return changes;
}

function countSigns(text: string): number {
  return text.replace(/\s+/g, '').length;
}

/** Words, runs of blanks, and every other sign for itself; a letter with its marks is never taken apart. */
function toWords(text: string): readonly string[] {
  return text.match(/[\p{L}\p{M}\p{N}_]+|\s+|[^\p{L}\p{M}\p{N}_\s]\p{M}*/gu) ?? [];
}
