/**
 * When each line of a command's output reached this screen, as far as it was watched. Lines are counted, so that nothing has to be parsed;
 * one entry a second is kept, and a bounded number.
 */

/** More than an hour of a log with a line a second; older lines are long out of sight. */
const entriesMax = 4_096;

export class OutputTimes {
  /** The first line of each second, from 1. */
  #entries: { readonly line: number; readonly second: number }[] = [];
  /** Lines that have begun. */
  #lines = 0;
  #isMidLine: boolean;

  /** @param before what was printed before anybody watched: its last line may go on. */
  constructor(before: string) {
    this.#isMidLine = before !== '' && !before.endsWith('\n');
    if (this.#isMidLine) this.#lines = 1;
  }

  note(text: string, atMs: number): void {
    if (text === '') return;
    let begun = this.#isMidLine ? 0 : 1;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) begun += 1;
    this.#isMidLine = !text.endsWith('\n');
    if (!this.#isMidLine) begun -= 1;
    const second = Math.floor(atMs / 1_000);
    if (begun > 0 && this.#entries.at(-1)?.second !== second) this.#entries.push({ line: this.#lines + 1, second });
    this.#lines += begun;
    if (this.#entries.length > entriesMax) this.#entries = this.#entries.slice(-(entriesMax >> 1));
  }

  /** When a line began, to the second, or null where nobody knows. @param fromEnd 0 is the last line. */
  timeOf(fromEnd: number): number | null {
    const line = this.#lines - fromEnd;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.line ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    const entry = this.#entries[low - 1];
    return entry ? entry.second * 1_000 : null;
  }
}
