/** What this screen searched for in texts and copied last, over all of them. Keeps nothing on disk. */

/** Searches that are kept: more are never walked through with a key. */
const searchesMax = 100;

export class CopyMemory {
  #searches: readonly string[] = [];
  /** What was copied last; '' before that. */
  text = '';

  /** Oldest first. */
  get searches(): readonly string[] {
    return this.#searches;
  }

  /** Keeps a search for the up key and for n; one that was made before is the newest again. */
  keepSearch(search: string): void {
    this.#searches = [...this.#searches.filter((known) => known !== search), search].slice(-searchesMax);
  }
}
