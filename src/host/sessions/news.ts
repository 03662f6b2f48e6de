/** What happened to the work of a session behind its agents' backs; each agent reads it with its own next tool result or prompt, once. */

/** More than this is not read; the newest matter. */
const newsMax = 50;

export class News {
  #sentences: readonly string[] = [];
  /** How many there were before those. */
  #forgotten = 0;
  /** How many each reader has heard. */
  readonly #heard = new Map<number, number>();

  add(sentence: string): void {
    const all = [...this.#sentences, sentence];
    this.#sentences = all.slice(-newsMax);
    this.#forgotten += all.length - this.#sentences.length;
  }

  /** What this reader was not told yet; it counts as told now. One that joins later is told what the others were. */
  take(reader: number): readonly string[] {
    const heard = this.#heard.get(reader) ?? 0;
    this.#heard.set(reader, this.#forgotten + this.#sentences.length);
    return this.#sentences.slice(Math.max(0, heard - this.#forgotten));
  }
}

/** Marked as the program's words, so that an agent does not take them for the operator's. */
export function withNews(news: readonly string[], text: string): string {
  if (news.length === 0) return text;
  return `${news.map((sentence) => `[signalbox] ${sentence}`).join('\n')}\n\n${text}`;
}
