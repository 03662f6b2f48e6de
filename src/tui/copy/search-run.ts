/**
 * Looks for a query in frozen rows, a slice at a time, so that the screen goes on while it counts. Rows that were only broken at the side of
 * the screen are searched as the one line they are. Knows no key and draws nothing.
 */
import type { CopyPlace } from './copy-model.ts';
import type { CopyText } from './copy-text.ts';
import type { SearchQuery } from './search-query.ts';

export interface SearchMatch {
  /** Where it begins. */
  readonly start: CopyPlace;
  /** What of which rows it covers: more than one where a row was broken in it. */
  readonly parts: readonly { readonly row: number; readonly from: number; readonly to: number }[];
}

/** More matches than this are not told apart. */
export const matchesMax = 10_000;
/** Rows joined to one line at most: a file may be one line of megabytes. */
const joinedRowsMax = 64;
/** A slice takes about as long as half a frame. */
const sliceMs = 8;

export class SearchRun {
  readonly #text: CopyText;
  readonly #query: SearchQuery;
  readonly #matches: SearchMatch[] = [];
  readonly #byRow = new Map<number, SearchMatch[]>();
  #next = 0;

  constructor(text: CopyText, query: SearchQuery) {
    this.#text = text;
    this.#query = query;
  }

  /** So far, from the top. */
  get matches(): readonly SearchMatch[] {
    return this.#matches;
  }

  get isDone(): boolean {
    return this.#next >= this.#text.count || this.#matches.length >= matchesMax;
  }

  /** The matches that cover a part of a row. */
  inRow(row: number): readonly SearchMatch[] {
    return this.#byRow.get(row) ?? [];
  }

  /** Goes on for one slice of time. */
  advance(nowMs: () => number = () => performance.now()): void {
    const endMs = nowMs() + sliceMs;
    // One line costs more than asking for the time only when it is long.
    do this.#searchLine();
    while (!this.isDone && nowMs() < endMs);
  }

  /** The number of the match at a place, or of the first one behind it, around the end; null without matches. */
  after(place: CopyPlace, at: 'here too' | 'beyond'): number | null {
    const index = this.#matches.findIndex(({ start }) => compare(start, place) > (at === 'here too' ? -1 : 0));
    if (this.#matches.length === 0) return null;
    return index === -1 ? 0 : index;
  }

  /** The number of the last match before a place, around the beginning. */
  before(place: CopyPlace, at: 'here too' | 'beyond'): number | null {
    const index = this.#matches.findLastIndex(({ start }) => compare(start, place) < (at === 'here too' ? 1 : 0));
    if (this.#matches.length === 0) return null;
    return index === -1 ? this.#matches.length - 1 : index;
  }

  #searchLine(): void {
    const first = this.#next;
    if (first >= this.#text.count) return;
    let last = first;
    while (last + 1 < this.#text.count && last - first < joinedRowsMax && this.#text.isContinued(last + 1)) last += 1;
    this.#next = last + 1;
    if (first === last) {
      const { text } = this.#text.row(first);
      for (const { from, to } of this.#query.find(text)) this.#add([{ row: first, from, to }]);
    } else this.#searchJoined(first, last);
  }

  #searchJoined(first: number, last: number): void {
    const pieces: { readonly row: number; readonly from: number; readonly begin: number; readonly end: number }[] = [];
    let joined = '';
    for (let index = first; index <= last; index += 1) {
      const row = this.#text.row(index);
      const from = index === first ? 0 : row.from;
      if (index > first) joined += row.continues ?? '';
      pieces.push({ row: index, from, begin: joined.length, end: joined.length + row.to - from });
      joined += row.text.slice(from, row.to);
    }
    for (const match of this.#query.find(joined)) {
      const parts = pieces
        .filter(({ begin, end }) => begin < match.to && end > match.from)
        .map(({ row, from, begin, end }) => ({
          row,
          from: from + Math.max(match.from, begin) - begin,
          to: from + Math.min(match.to, end) - begin,
        }));
      if (parts.length > 0) this.#add(parts);
    }
  }

  #add(parts: SearchMatch['parts']): void {
    const [first] = parts;
    if (!first || this.#matches.length >= matchesMax) return;
    const match = { start: { row: first.row, at: first.from }, parts };
    this.#matches.push(match);
    for (const { row } of parts) this.#byRow.set(row, [...(this.#byRow.get(row) ?? []), match]);
  }
}

function compare(one: CopyPlace, other: CopyPlace): number {
  return one.row === other.row ? one.at - other.at : one.row - other.row;
}

/** `3 of 17`, and a plus while it counts; null without a query. */
export function toMatchCount(run: SearchRun | null, current: number | null): string | null {
  if (!run) return null;
  const more = run.isDone && run.matches.length < matchesMax ? '' : '+';
  if (run.matches.length === 0) return run.isDone ? 'not found' : 'searching';
  const count = `${run.matches.length.toLocaleString('en-US')}${more}`;
  return current === null ? `${count} found` : `${(current + 1).toLocaleString('en-US')} of ${count}`;
}
