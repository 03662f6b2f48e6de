/**
 * The audit log as the list needs it: rows by number, fetched in pages as they come into sight, with a bound on what is kept. Newest first.
 */
import type { AuditRowView, Params, Result } from '../protocol/methods.ts';

export type AuditFetch = (params: Params<'audit.page'>) => Promise<Result<'audit.page'> | null>;

const pageRows = 100;
/** Pages kept: some thousand rows around where one looks; the rest is fetched again. */
const pagesMax = 40;

export class AuditWindow {
  readonly #fetch: AuditFetch;
  readonly #changed: () => void;
  readonly #pages = new Map<number, readonly AuditRowView[]>();
  readonly #wanted = new Set<number>();
  #text = '';
  #total = 0;
  #isKnown = false;
  #version = 0;
  /** Rises with every reset: answers to older questions are dropped. */
  #generation = 0;

  /** `changed` is called when rows arrived. */
  constructor(fetch: AuditFetch, changed: () => void) {
    this.#fetch = fetch;
    this.#changed = changed;
  }

  get total(): number {
    return this.#total;
  }

  /** Rises whenever other rows are known. */
  get version(): number {
    return this.#version;
  }

  /** All rows that are known now. */
  get rows(): readonly AuditRowView[] {
    return [...this.#pages.values()].flat();
  }

  /** False until the first answer came. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  get text(): string {
    return this.#text;
  }

  setText(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.reset();
  }

  /** Forgets the rows: the log has grown or the filter changed. The total stays until the answer is there, so that nothing jumps. */
  reset(): void {
    this.#generation += 1;
    this.#pages.clear();
    this.#wanted.clear();
    void this.#load(0);
  }

  /** The row, or null while it is on its way. Row 0 is the newest. */
  row(index: number): AuditRowView | null {
    const page = Math.floor(index / pageRows);
    const rows = this.#pages.get(page);
    if (rows) return rows[index - page * pageRows] ?? null;
    void this.#load(page);
    return null;
  }

  async #load(page: number): Promise<void> {
    if (this.#wanted.has(page)) return;
    this.#wanted.add(page);
    const generation = this.#generation;
    const filter = this.#text === '' ? {} : { filter: this.#text };
    const answer = await this.#fetch({ offset: page * pageRows, limit: pageRows, ...filter });
    if (generation !== this.#generation) return;
    this.#wanted.delete(page);
    if (!answer) {
      // The sentence that says why is on the screen; rows of another question would contradict it.
      this.#total = 0;
      this.#isKnown = true;
      return this.#changed();
    }
    this.#pages.set(page, answer.rows);
    this.#version += 1;
    this.#total = answer.total;
    this.#isKnown = true;
    const oldest = this.#pages.keys().next();
    if (this.#pages.size > pagesMax && !oldest.done) this.#pages.delete(oldest.value);
    this.#changed();
  }
}
