/**
 * What the operator did to the screen and can take back: the newest first. Only what stays on this screen or is asked of the host again;
 * nothing that was done on a server.
 */

export interface UndoStep {
  /** What is taken back, as it follows "Undone:". Foreign names are in it; it is escaped where it is shown. */
  readonly words: string;
  undo(): void;
}

/** Nobody remembers more. */
const stepsMax = 20;

export class UndoStack {
  #steps: readonly UndoStep[] = [];

  /** The words of what `undo` would take back; null when there is nothing. */
  get next(): string | null {
    return this.#steps.at(-1)?.words ?? null;
  }

  push(words: string, undo: () => void): void {
    this.#steps = [...this.#steps, { words, undo }].slice(-stepsMax);
  }

  /** Takes the newest back; its words, or null when there is nothing. */
  undo(): string | null {
    const step = this.#steps.at(-1);
    if (!step) return null;
    this.#steps = this.#steps.slice(0, -1);
    step.undo();
    return step.words;
  }
}
