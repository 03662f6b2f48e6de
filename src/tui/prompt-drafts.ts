/**
 * One editor a session, so that what was begun in one waits there while another is shown, with its undo and its folded pastes. Draws nothing.
 */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { PromptMemory } from './prompt-memory.ts';
import { Editor } from './widgets/editor.ts';

/** Editors kept; the one that was shown longest ago goes first, an empty one before others. */
const editorsMax = 64;
/** A draft is kept this long after its last change: not with each key. */
const keepAfterMs = 1_500;

export class PromptDrafts implements Disposable {
  readonly #memory: PromptMemory;
  readonly #clock: Clock;
  readonly #editors = new Map<string, Editor>();
  /** Sessions whose draft has changed since it was kept. */
  readonly #changed = new Set<string>();
  #timer: Disposable | null = null;
  #session = '';
  #editor: Editor;

  constructor(memory: PromptMemory, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
    this.#editor = this.#open('');
  }

  /** The one of the session that is shown. */
  get editor(): Editor {
    return this.#editor;
  }

  /** Shows the editor of a session. What was written while none was there goes into the first one. */
  show(session: string): void {
    if (session === this.#session) return;
    const before = this.#editor;
    const wasNone = this.#session === '';
    this.#session = session;
    this.#editor = this.#open(session);
    if (wasNone && !before.isEmpty && this.#editor.isEmpty) {
      this.#editor.setText(before.text);
      before.clear();
    }
  }

  /** The editor of a session that need not be the one that is shown. */
  of(session: string): Editor {
    return this.#open(session);
  }

  /** What was kept is known now: it goes where nothing was written yet. */
  handleLoaded(): void {
    for (const [session, editor] of this.#editors) {
      editor.setHistory(this.#memory.history);
      this.#restore(session, editor);
    }
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#keep();
  }

  #open(session: string): Editor {
    const known = this.#editors.get(session);
    const editor = known ?? new Editor({ lines: 'many', placeholder: 'Write to the agent', pastes: 'folded' });
    this.#editors.delete(session);
    this.#editors.set(session, editor);
    editor.setHistory(this.#memory.history);
    if (known) return editor;
    this.#restore(session, editor);
    editor.onChange(() => this.#handleChange(session));
    this.#trim();
    return editor;
  }

  #restore(session: string, editor: Editor): void {
    const draft = editor.isEmpty ? this.#memory.takeDraft(session) : null;
    if (draft !== null) editor.setText(draft);
  }

  #handleChange(session: string): void {
    if (session === '') return;
    this.#changed.add(session);
    this.#timer ??= this.#clock.after(keepAfterMs, () => {
      this.#timer = null;
      this.#keep();
    });
  }

  #keep(): void {
    for (const session of this.#changed) this.#memory.keepDraft(session, this.#editors.get(session)?.text ?? '');
    this.#changed.clear();
  }

  #trim(): void {
    while (this.#editors.size > editorsMax) {
      const others = [...this.#editors].filter(([session]) => session !== this.#session && session !== '');
      const [session] = others.find(([, editor]) => editor.isEmpty) ?? others[0] ?? [];
      if (session === undefined) return;
      this.#keep();
      this.#editors.delete(session);
    }
  }
}
