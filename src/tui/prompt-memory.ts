/**
 * What was written before: the prompts of this person, over sessions and restarts, and what was begun in each session. Where it is kept is handed
 * in; knows no editor.
 */

/** Keeps prompts and drafts beyond this screen. */
export interface PromptStore {
  /** What is kept; history oldest first. */
  load(): Promise<{ readonly history: readonly string[]; readonly drafts: ReadonlyMap<string, string> }>;
  keepPrompt(text: string): void;
  /** An empty text takes the draft away. */
  keepDraft(session: string, text: string): void;
}

/** Prompts that the up key and the search go through: more than anyone looks through. */
const historyMax = 1_000;

export class PromptMemory {
  readonly #store: PromptStore | null;
  readonly #changed: () => void;
  #history: readonly string[] = [];
  #drafts: ReadonlyMap<string, string> = new Map();

  /** `changed` is called when what is kept was read. */
  constructor(store: PromptStore | null, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
  }

  /** Oldest first; each text once. */
  get history(): readonly string[] {
    return this.#history;
  }

  /** Reads what is kept; what was written meanwhile is newer. A store that cannot be read is an empty one. */
  async load(): Promise<void> {
    if (!this.#store) return;
    const kept = await this.#store.load();
    this.#history = withoutRepetitions([...kept.history, ...this.#history]);
    this.#drafts = kept.drafts;
    this.#changed();
  }

  addPrompt(text: string): void {
    if (text.trim() === '') return;
    this.#history = withoutRepetitions([...this.#history, text]);
    this.#store?.keepPrompt(text);
  }

  /** What was begun in this session on another screen or before; told once. */
  takeDraft(session: string): string | null {
    const draft = this.#drafts.get(session) ?? null;
    if (draft !== null) this.#drafts = new Map([...this.#drafts].filter(([id]) => id !== session));
    return draft;
  }

  keepDraft(session: string, text: string): void {
    this.#store?.keepDraft(session, text);
  }
}

/** The last one of equal texts stays. */
function withoutRepetitions(texts: readonly string[]): readonly string[] {
  return [...new Set([...texts].reverse())].slice(0, historyMax).reverse();
}
