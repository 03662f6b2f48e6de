/**
 * The whole-screen editor for a command or a file's content that an agent asked for. What cannot be seen in it is named below the text. When the
 * request goes meanwhile, what was written goes into a file.
 */

import { escapeExact } from '../../base/display/escape.ts';
import { keepWritten } from '../actions/keep-written.ts';
import { editOutside } from '../actions/outside-editor.ts';
import { type Key, keyId } from '../input/key.ts';
import { keyWord } from '../key-words.ts';
import type { Action, Scope } from '../keymap.ts';
import { drawFrame, type FocusState, type Overlay, type Stage } from '../pane.ts';
import { clip, plain, span } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Editor } from '../widgets/editor.ts';
import { editorCharactersMax } from '../widgets/editor-model.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

export interface EditRequest {
  readonly title: StyledLine;
  /** The id of the waiting request that is edited. */
  readonly about: string;
  readonly text: string;
  /** Where the cursor begins; at the end when absent. */
  readonly cursor?: number;
  /** Enter ends the editing of what is one line, and begins a line in any other text. */
  readonly enter: 'saves' | 'new line';
  /** What its file is called while another editor has it. */
  readonly fileName: string;
  save(text: string): void;
}

export class EditOverlay implements Overlay {
  readonly scope: Scope = 'editor';
  readonly about: string;
  readonly #stage: Stage;
  readonly #request: EditRequest;
  readonly #editor = new Editor({ lines: 'many' });
  /** Another editor has the text now. */
  #isOutside = false;
  #isOutdated = false;
  #keptWords: string | null = null;

  constructor(stage: Stage, request: EditRequest) {
    this.#stage = stage;
    this.#request = request;
    this.about = request.about;
    this.#editor.setText(request.text);
    if (request.cursor !== undefined) this.#editor.moveTo(request.cursor);
  }

  get keptWords(): string | null {
    return this.#keptWords;
  }

  /** What another editor has is kept when it comes back. */
  handleOutdated(): void {
    this.#isOutdated = true;
    if (!this.#isOutside) void this.#keep();
  }

  async #keep(): Promise<void> {
    if (this.#editor.text === this.#request.text) return;
    this.#keptWords = await keepWritten(this.#editor.text, this.#request.fileName);
    this.#stage.invalidate();
  }

  place(columns: number, rows: number): Rectangle {
    return { x: 0, y: 1, width: columns, height: rows - 2 };
  }

  paint(surface: Surface, focus: FocusState): void {
    const unseen = toUnseen(this.#editor.text);
    const note = unseen === '' ? [] : clip([span(` not shown as they are: ${unseen} `, 'danger')], surface.width - 4);
    const inner = drawFrame(surface, focus, this.#request.title, note);
    this.#editor.draw(inner.part({ x: 1, y: 0, width: inner.width - 2, height: inner.height }), focus);
  }

  handleAction(action: Action): boolean {
    if (action === 'close') this.#stage.close(this);
    else if (action === 'saveEdit') {
      if (this.#editor.text === this.#request.text) {
        this.#stage.say(
          `Nothing was changed; ${keyWord('editor', 'close')} leaves it, or approve it as it is.`,
          'warn',
        );
        return true;
      }
      this.#stage.close(this);
      this.#request.save(this.#editor.text);
    } else if (action === 'editOutside') void this.#editOutside();
    else return false;
    return true;
  }

  /** What comes back is looked at here before it is sent. */
  async #editOutside(): Promise<void> {
    const { programs } = this.#stage;
    if (!programs?.editor) return;
    const { fileName } = this.#request;
    this.#isOutside = true;
    const edit = await editOutside(
      {
        ...{ what: 'the change', text: this.#editor.text, fileName, kind: 'exact' },
        charactersMax: editorCharactersMax,
      },
      programs.editor,
      (argv) => this.#stage.lendTerminal(argv, 'return'),
    );
    this.#isOutside = false;
    if (edit.kind === 'changed') this.#editor.setText(edit.text);
    if (this.#isOutdated) await this.#keep();
    else if (edit.kind === 'unchanged') this.#stage.say('It was not changed.', 'muted');
    if (edit.kind === 'failed') this.#stage.say(edit.sentence, 'danger');
    this.#stage.invalidate();
  }

  handleKey(key: Key): void {
    if (keyId(key) !== 'enter') this.#editor.handleKey(key);
    else if (this.#request.enter === 'saves') this.handleAction('saveEdit');
    else this.#editor.handleKey({ ...key, shift: true });
  }

  handlePaste(text: string): void {
    this.#editor.handlePaste(text);
  }
}

/** Characters that a terminal shows as nothing or as something else, written out, each once. */
export function toUnseen(text: string): string {
  const found = new Set<string>();
  for (const character of text)
    if (/[\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{Zl}\p{Zp}\u00a0]/u.test(character) && character !== '\n') found.add(character);
  return [...found].slice(0, 12).map(escapeExact).join(' ');
}

/** The title of an edit. */
export function toEditTitle(server: string, what: string): StyledLine {
  return [
    ...plain(' Edit ', 'title', { bold: true }),
    span(what),
    span(' on ', 'muted'),
    span(`${server} `, 'title', { bold: true }),
  ];
}
