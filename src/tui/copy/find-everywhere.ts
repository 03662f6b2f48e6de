/**
 * Looks for one query in several texts, a slice at a time: the newest matches of each first. Draws nothing; a list shows what is found.
 */
import type { TabText } from '../screen-texts.ts';
import { CopyText } from './copy-text.ts';
import { type SearchQuery, toSearchQuery } from './search-query.ts';
import { type SearchMatch, SearchRun } from './search-run.ts';
import type { FrozenText } from './text-rows.ts';

export interface FoundRow {
  readonly place: FrozenPlace;
  readonly match: SearchMatch;
}

/** One text as it was when the search got it. */
export interface FrozenPlace {
  readonly shown: TabText;
  readonly frozen: FrozenText;
  readonly text: CopyText;
}

/** A list longer than this is not read; a longer query finds less. */
export const foundRowsMax = 2_000;

/** All texts together have as long as one has in copy mode. */
const sliceMs = 8;

export class FindEverywhere {
  readonly #places: FrozenPlace[] = [];
  readonly #changed: () => void;
  #runs: SearchRun[] = [];
  #query: SearchQuery = toSearchQuery('');
  #found: readonly FoundRow[] | null = [];
  #isDisposed = false;

  /** `changed` is called when more is found after `find` has returned. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Looks through those as well that it does not have yet, as they are now. Cheap for those that it has. */
  add(texts: readonly TabText[]): void {
    for (const shown of texts) {
      const { region, shell } = shown;
      if (this.#places.some((place) => place.shown.region === region && place.shown.shell === shell)) continue;
      const frozen = shown.source.freeze('open');
      const place = { shown, frozen, text: new CopyText(frozen.rows) };
      this.#places.push(place);
      if (this.#query.text === '') continue;
      const wasDone = this.isDone;
      this.#runs.push(new SearchRun(place.text, this.#query));
      // What goes on by itself takes it in.
      if (wasDone) this.#advance(this.#query);
    }
  }

  get places(): readonly FrozenPlace[] {
    return this.#places;
  }

  get query(): SearchQuery {
    return this.#query;
  }

  get isDone(): boolean {
    return this.#runs.every((run) => run.isDone);
  }

  /** Rows with a match, one for each row, the last row of each text first; what is found so far. */
  find(text: string): readonly FoundRow[] {
    if (text !== this.#query.text) {
      this.#query = toSearchQuery(text);
      this.#runs = text === '' ? [] : this.#places.map((place) => new SearchRun(place.text, this.#query));
      this.#advance(this.#query);
    }
    this.#found ??= this.#collect();
    return this.#found;
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  #advance(query: SearchQuery): void {
    if (this.#isDisposed || query !== this.#query) return;
    const endMs = performance.now() + sliceMs;
    for (const run of this.#runs) while (!run.isDone && performance.now() < endMs) run.advance();
    this.#found = null;
    if (this.isDone) return;
    setImmediate(() => {
      this.#advance(query);
      this.#changed();
    });
  }

  #collect(): readonly FoundRow[] {
    const found: FoundRow[] = [];
    this.#runs.forEach((run, index) => {
      const place = this.#places[index];
      let row = -1;
      for (let at = run.matches.length - 1; at >= 0 && found.length < foundRowsMax; at -= 1) {
        const match = run.matches[at];
        if (!place || !match || match.start.row === row) continue;
        row = match.start.row;
        found.push({ place, match });
      }
    });
    return found;
  }
}
