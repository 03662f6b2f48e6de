/**
 * The field where the operator writes to the agent. Keeps its own history; what cannot be sent is said and stays in the field.
 */
import type { Key } from '../input/key.ts';
import type { Action } from '../keymap.ts';
import { drawFrame, type FocusState, type Pane, type Stage } from '../pane.ts';
import { plain, span } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Editor } from '../widgets/editor.ts';
import type { Surface } from '../widgets/surface.ts';

export class PromptPane implements Pane {
  readonly #stage: Stage;
  readonly #editor = new Editor({ lines: 'many', placeholder: 'Write to the agent' });

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get text(): string {
    return this.#editor.text;
  }

  /** Rows that the text needs inside a border of this outer width. */
  rowsAt(columns: number): number {
    return this.#editor.heightAt(Math.max(4, columns - 6));
  }

  paint(surface: Surface, focus: FocusState): void {
    const { session } = this.#stage.model;
    const { glyphs } = this.#stage.page(surface.width);
    const title: StyledLine = session
      ? [span(' To ', 'muted'), span(session.agent, 'title', { bold: true }), span(' ')]
      : plain(' Prompt ', 'muted');
    const inner = drawFrame(surface, focus, title);
    inner.put(1, 0, plain(glyphs.prompt, focus === 'focused' ? 'accent' : 'muted', { bold: true }));
    this.#editor.draw(inner.part({ x: 3, y: 0, width: inner.width - 4, height: inner.height }), focus);
  }

  handleAction(action: Action): boolean {
    if (action === 'send') void this.#send();
    else if (action === 'newLine') this.#editor.handlePaste('\n');
    else return false;
    return true;
  }

  handleKey(key: Key): void {
    this.#editor.handleKey(key);
  }

  handlePaste(text: string): void {
    this.#editor.handlePaste(text);
  }

  async #send(): Promise<void> {
    const { session } = this.#stage.model;
    const { text } = this.#editor;
    if (!session || text.trim() === '') return;
    this.#editor.addHistory(text);
    this.#editor.clear();
    const sent = await this.#stage.call('session.prompt', { session: session.id, text });
    // What did not reach the host is not lost: it goes back, unless something else was written meanwhile.
    if (!sent && this.#editor.isEmpty) this.#editor.setText(text);
    this.#stage.invalidate();
  }
}
