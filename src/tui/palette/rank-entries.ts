/**
 * Which entries of the palette a text finds, the best first, and which letters of them it found. Pure.
 */
import { matchFuzzy } from '../fuzzy.ts';
import { foreign } from '../present/text.ts';
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
  readonly title: string;
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
    const title = foreign(entry.title);
    const detail = foreign(entry.detail);
    const tail = `${entry.command ?? ''} ${entry.group} ${detail}`.toLowerCase();
    return { entry, title, detail, tail, recentAt: places.get(entry.id) ?? null };
  });
}

/** All of them in their order, those used last first, when nothing was typed. Every word must be found: in the title by its letters, or whole behind it. */
export function findEntries(ready: readonly ReadyEntry[], text: string): readonly FoundEntry[] {
  const words = text.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...ready].sort(byRecent).map((one) => toFound(one, [], []));
  const line = words.join(' ').toLowerCase();
  const found: { readonly score: number; readonly entry: FoundEntry }[] = [];
  for (const one of ready) {
    const match = matchEntry(one, words, line);
    if (match) found.push(match);
  }
  return found.sort((a, b) => b.score - a.score).map(({ entry }) => entry);
}

function matchEntry(
  one: ReadyEntry,
  words: readonly string[],
  line: string,
): { readonly score: number; readonly entry: FoundEntry } | null {
  const { command, disabled } = one.entry;
  let score = (one.recentAt === null ? 0 : recentBonus) - (disabled === null ? 0 : disabledMalus);
  if (command === line) score += sameCommand;
  else if (command?.startsWith(line)) score += beginsCommand;
  const titleAt: number[] = [];
  const detailAt: number[] = [];
  for (const word of words) {
    const inTitle = matchFuzzy(word, one.title);
    if (inTitle) {
      score += inTitle.score * titleWeight;
      titleAt.push(...inTitle.at);
      continue;
    }
    const at = one.tail.indexOf(word.toLowerCase());
    if (at === -1) return null;
    score += word.length;
    const inDetail = one.detail.toLowerCase().indexOf(word.toLowerCase());
    if (inDetail !== -1) for (let offset = 0; offset < word.length; offset += 1) detailAt.push(inDetail + offset);
  }
  return { score, entry: toFound(one, titleAt, detailAt) };
}

function toFound(
  { entry, title, detail }: ReadyEntry,
  titleAt: readonly number[],
  detailAt: readonly number[],
): FoundEntry {
  return { entry, title, detail, titleAt, detailAt };
}

function byRecent(a: ReadyEntry, b: ReadyEntry): number {
  return (a.recentAt ?? Number.POSITIVE_INFINITY) === (b.recentAt ?? Number.POSITIVE_INFINITY)
    ? 0
    : (a.recentAt ?? Number.POSITIVE_INFINITY) - (b.recentAt ?? Number.POSITIVE_INFINITY);
}
