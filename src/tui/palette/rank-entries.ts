/**
 * Which entries of the palette a text finds, the best first, and which letters of them it found. Pure.
 */
import { matchFuzzy, type SearchedText, scoreWord, toSearchedText } from '../fuzzy.ts';
import { readable } from '../present/text.ts';
import type { PaletteEntry } from './palette-entry.ts';

/** An entry with what is shown of it, escaped; offsets count in these texts. */
export interface FoundEntry {
  readonly entry: PaletteEntry;
  readonly title: string;
  readonly detail: string;
  readonly titleAt: readonly number[];
  readonly detailAt: readonly number[];
}

/** Entries made ready once, to be searched with each key. */
export interface ReadyEntry {
  readonly entry: PaletteEntry;
  readonly title: SearchedText;
  readonly detail: string;
  /** Lower case; what is in it counts less than the title. */
  readonly tail: string;
  /** Place among what was used last; null when it was not. */
  readonly recentAt: number | null;
}

const sameCommand = 1_000;
const beginsCommand = 30;
/** A word found in the title weighs this much more than the same letters would elsewhere. */
const titleWeight = 3;
const recentBonus = 4;
const disabledMalus = 6;

export function toReadyEntries(entries: readonly PaletteEntry[], recent: readonly string[]): readonly ReadyEntry[] {
  const places = new Map(recent.map((id, at) => [id, at]));
  return entries.map((entry) => {
    const detail = readable(entry.detail);
    const tail = `${entry.command ?? ''} ${entry.group} ${detail}`.toLowerCase();
    const title = toSearchedText(readable(entry.title));
    return { entry, title, detail, tail, recentAt: places.get(entry.id) ?? null };
  });
}

/** All of them in their order, those used last first, when nothing was typed. Every word must be found: in the title by its letters, or whole behind it. */
export function findEntries(ready: readonly ReadyEntry[], text: string): readonly FoundEntry[] {
  return createEntrySearch(ready)(text);
}

/** The same for one text after another: what does not have the letters so far has no more of them. */
export function createEntrySearch(ready: readonly ReadyEntry[]): (text: string) => readonly FoundEntry[] {
  let last: { readonly line: string; readonly matched: readonly ReadyEntry[] } = { line: '', matched: ready };
  return (text) => {
    const words = text.trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) return toRecentFirst(ready).map((one) => new Found(one, []));
    const line = words.join(' ').toLowerCase();
    // Other letters may not have a lower case of the same length, and are compared as they are.
    const isLonger = line.startsWith(last.line) && /^[\x20-\x7e]*$/.test(text);
    const matched: ReadyEntry[] = [];
    const scores: number[] = [];
    for (const one of isLonger ? last.matched : ready) {
      const score = toScore(one, words, line);
      if (score === null) continue;
      matched.push(one);
      scores.push(score);
    }
    last = { line, matched };
    return toBestFirst(scores).map((at) => new Found(matched[at] as ReadyEntry, words));
  };
}

function toScore({ entry, title, tail, recentAt }: ReadyEntry, words: readonly string[], line: string): number | null {
  const { command, disabled } = entry;
  let score = (recentAt === null ? 0 : recentBonus) - (disabled === null ? 0 : disabledMalus);
  if (command === line) score += sameCommand;
  else if (command?.startsWith(line)) score += beginsCommand;
  for (const word of words) {
    const inTitle = scoreWord(word, title);
    if (inTitle !== null) score += inTitle * titleWeight;
    else if (tail.includes(word.toLowerCase())) score += word.length;
    else return null;
  }
  return score;
}

/** Offsets of the scores, which are whole numbers, the highest first and equal ones in their order: as numbers, since those are sorted ten times as fast. */
function toBestFirst(scores: readonly number[]): number[] {
  const count = scores.length;
  const keys = Float64Array.from(scores, (score, at) => at - score * count).sort();
  return Array.from(keys, (key) => ((key % count) + count) % count);
}

function toRecentFirst(ready: readonly ReadyEntry[]): readonly ReadyEntry[] {
  const recent = ready.filter(({ recentAt }) => recentAt !== null);
  recent.sort((a, b) => (a.recentAt ?? 0) - (b.recentAt ?? 0));
  return [...recent, ...ready.filter(({ recentAt }) => recentAt === null)];
}

/** Which letters were found is asked of the few in sight alone. */
class Found implements FoundEntry {
  readonly #ready: ReadyEntry;
  readonly #words: readonly string[];

  constructor(ready: ReadyEntry, words: readonly string[]) {
    this.#ready = ready;
    this.#words = words;
  }

  get entry(): PaletteEntry {
    return this.#ready.entry;
  }

  get title(): string {
    return this.#ready.title.text;
  }

  get detail(): string {
    return this.#ready.detail;
  }

  get titleAt(): readonly number[] {
    return this.#words.flatMap((word) => matchFuzzy(word, this.title)?.at ?? []);
  }

  get detailAt(): readonly number[] {
    const lower = this.detail.toLowerCase();
    return this.#words.flatMap((word) => {
      if (scoreWord(word, this.#ready.title) !== null) return [];
      const at = lower.indexOf(word.toLowerCase());
      return at === -1 ? [] : Array.from({ length: word.length }, (_, offset) => at + offset);
    });
  }
}
