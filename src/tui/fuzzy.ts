/**
 * Fuzzy matching: which texts hold the letters of a query in order, how well, and where. Pure; knows nothing of what the texts are.
 */

export interface FuzzyMatch {
  /** Larger is better; comparable only for the same query. */
  readonly score: number;
  /** Offsets of the matched code units, ascending. */
  readonly at: readonly number[];
}

/** A letter that follows the one matched before it, one that begins a word, and what a letter in between costs. */
const adjacent = 6;
const wordStart = 7;
const textStart = 2;
const gap = 1;
/** A jump costs this at most, so that a word far away is found as well as one near by. */
const gapMax = 8;
const separators = new Set([...' \t/-_.:@('].map((sign) => sign.charCodeAt(0)));
/** Texts are looked at this far; nothing that is read on one line is longer. */
const charactersMax = 240;

/** A text made ready once, to be searched with each key. */
export interface SearchedText {
  readonly text: string;
  readonly lower: string;
}

export function toSearchedText(text: string): SearchedText {
  return { text, lower: fold(text) };
}

/** The score of `matchFuzzy` for one word without blanks, for lists of thousands: where the letters are is asked of those in sight. */
export function scoreWord(word: string, { text, lower }: SearchedText): number | null {
  const folded = fold(word);
  if (!isSubsequence(folded, lower)) return null;
  const from = findWhole(folded, lower, text);
  if (from !== -1) return scoreWhole(folded, text, from);
  const last = align(folded, lower, text);
  let best = none;
  for (const score of last) if (score > best) best = score;
  return best === none ? null : best;
}

/** Every word of the query, in any case, must be in the text as a subsequence; the best place of each counts. Null when one is not. */
export function matchFuzzy(query: string, text: string): FuzzyMatch | null {
  const lower = fold(text);
  let score = 0;
  const at = new Set<number>();
  for (const word of fold(query).split(/\s+/)) {
    if (word === '') continue;
    const match = matchWord(word, lower, text);
    if (!match) return null;
    score += match.score;
    for (const offset of match.at) at.add(offset);
  }
  return { score, at: [...at].sort((a, b) => a - b) };
}

/** Lower case of the same length: offsets must stay what they are. */
function fold(text: string): string {
  const cut = text.slice(0, charactersMax);
  const lower = cut.toLowerCase();
  return lower.length === cut.length ? lower : cut;
}

function isSubsequence(word: string, text: string): boolean {
  let from = 0;
  for (let index = 0; index < word.length; index += 1) {
    from = text.indexOf(word.charAt(index), from) + 1;
    if (from === 0) return false;
  }
  return true;
}

/** The word as it stands, at the beginning of a word: nothing is better, and most of what people type is that. Its offset, or -1. */
function findWhole(word: string, lower: string, text: string): number {
  let from = lower.indexOf(word);
  while (from !== -1 && startBonus(text, from) === 0) from = lower.indexOf(word, from + 1);
  return from;
}

function scoreWhole(word: string, text: string, from: number): number {
  return startBonus(text, from) + word.length + adjacent * (word.length - 1);
}

/** What the alignment works in: kept, since a list of thousands would make thousands of them with each key. */
const spare = {
  before: new Float64Array(charactersMax),
  here: new Float64Array(charactersMax),
  bonus: new Float64Array(charactersMax),
  from: [] as Int16Array[],
};

const none = Number.NEGATIVE_INFINITY;

function matchWord(word: string, lower: string, text: string): FuzzyMatch | null {
  if (!isSubsequence(word, lower)) return null;
  const whole = findWhole(word, lower, text);
  if (whole !== -1)
    return {
      score: scoreWhole(word, text, whole),
      at: Array.from({ length: word.length }, (_, index) => whole + index),
    };
  return trace(align(word, lower, text), spare.from.slice(0, word.length));
}

/**
 * The best alignment, by dynamic programming over (letter of the word, place in the text): the best score with the letter at this very place
 * comes from the letter before it, directly before or with a gap. Scores by the place of the last letter; where each came from is in `spare`.
 */
function align(word: string, lower: string, text: string): Float64Array {
  const columns = lower.length;
  for (let place = 0; place < columns; place += 1) spare.bonus[place] = 1 + startBonus(text, place);
  let { before, here } = spare;
  for (let row = 0; row < word.length; row += 1) {
    spare.from[row] ??= new Int16Array(charactersMax);
    alignLetter(word.charCodeAt(row), lower, row === 0 ? null : before, here, spare.from[row] ?? new Int16Array(0));
    [before, here] = [here, before];
  }
  return before.subarray(0, columns);
}

function alignLetter(
  letter: number,
  lower: string,
  before: Float64Array | null,
  here: Float64Array,
  from: Int16Array,
): void {
  // The best place of the letter before that lies further back than the neighbour.
  let far = none;
  let farAt = -1;
  for (let place = 0; place < lower.length; place += 1) {
    const near = before === null || place === 0 ? none : (before[place - 1] ?? none);
    const farScore = far - Math.min(gapMax, gap * (place - farAt));
    here[place] = none;
    from[place] = -1;
    if (lower.charCodeAt(place) === letter) {
      const own = spare.bonus[place] ?? 0;
      const isNear = near + adjacent >= farScore;
      here[place] = own + (before === null ? 0 : isNear ? near + adjacent : farScore);
      if (before !== null) from[place] = isNear ? place - 1 : farAt;
    }
    if (near >= farScore) {
      far = near;
      farAt = place - 1;
    }
  }
}

function trace(last: Float64Array, from: readonly Int16Array[]): FuzzyMatch | null {
  let place = 0;
  for (let index = 1; index < last.length; index += 1) if ((last[index] ?? 0) > (last[place] ?? 0)) place = index;
  const score = last[place] ?? Number.NEGATIVE_INFINITY;
  if (score === Number.NEGATIVE_INFINITY) return null;
  const at: number[] = [];
  for (let row = from.length - 1; row >= 0; row -= 1) {
    at.unshift(place);
    place = from[row]?.[place] ?? -1;
  }
  return { score, at };
}

/** More for a letter that begins a word, by a blank, a sign or a capital before it. */
function startBonus(text: string, place: number): number {
  if (place === 0) return wordStart + textStart;
  const before = text.charCodeAt(place - 1);
  if (separators.has(before)) return wordStart;
  const here = text.charCodeAt(place);
  return before >= 97 && before <= 122 && here >= 65 && here <= 90 ? wordStart : 0;
}
