/**
 * One line of input at the bottom of the screen: a path with completion, a search, a filter. Knows none of them.
 */
import type { Key } from '../input/key.ts';
import type { Action, Scope } from '../keymap.ts';
import type { FocusState, Overlay, Stage } from '../pane.ts';
import { clip, plain, readable, span } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Editor } from '../widgets/editor.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

export interface LineRequest {
  readonly scope: 'attach' | 'export' | 'search' | 'filter' | 'auditSearch';
  readonly sign: string;
  readonly text: string;
  /** What is said when nothing completes it; nothing when absent. */
  readonly emptyText?: string;
  /** What is completed: the last word, or all of it, blanks included. */
  readonly unit?: 'word' | 'line';
  /** What the word at the end could become; shown above the line. */
  complete(text: string): readonly string[];
  handleChange(text: string): void;
  submit(text: string): void;
  cancel(): void;
}

export class LineOverlay implements Overlay {
  readonly scope: Scope;
  readonly #stage: Stage;
  readonly #request: LineRequest;
  readonly #editor = new Editor({ lines: 'one' });

  constructor(stage: Stage, request: LineRequest) {
    this.scope = request.scope;
    this.#stage = stage;
    this.#request = request;
    this.#editor.setText(request.text);
    this.#editor.onChange((text) => request.handleChange(text));
  }

  place(columns: number, rows: number): Rectangle {
    const height = this.scope === 'search' ? 1 : 2;
    return { x: 0, y: rows - height - 1, width: columns, height };
  }

  paint(surface: Surface, focus: FocusState): void {
    const y = surface.height - 1;
    if (y > 0) {
      surface.fill({ token: 'selection' }, { x: 0, y: 0, width: surface.width, height: 1 });
      surface.put(0, 0, this.#toCompletions(surface.width), { token: 'selection' });
    }
    const { sign } = this.#request;
    surface.put(0, y, plain(sign, 'accent', { bold: true }));
    this.#editor.draw(surface.part({ x: sign.length, y, width: surface.width - sign.length, height: 1 }), focus);
  }

  handleAction(action: Action): boolean {
    if (action === 'close') {
      this.#stage.close(this);
      this.#request.cancel();
    } else if (action === 'submit') {
      this.#stage.close(this);
      this.#request.submit(this.#editor.text);
    } else if (action === 'complete') this.#complete();
    else return false;
    return true;
  }

  handleKey(key: Key): void {
    this.#editor.handleKey(key);
  }

  handlePaste(text: string): void {
    this.#editor.handlePaste(text);
  }

  #toCompletions(columns: number): StyledLine {
    const found = this.#request.complete(this.#editor.text);
    if (found.length === 0) return plain(this.#request.emptyText ?? '', 'muted');
    return clip(
      found.flatMap((word) => [span(' '), span(readable(word), 'text'), span(' ')]),
      columns,
    );
  }

  /** The only completion, or what all of them begin with. */
  #complete(): void {
    const found = this.#request.complete(this.#editor.text);
    const first = found[0];
    if (first === undefined) return;
    const isLine = this.#request.unit === 'line';
    const words = isLine ? [''] : this.#editor.text.split(' ');
    const common = found.reduce((prefix, word) => {
      let length = 0;
      while (length < prefix.length && prefix[length] === word[length]) length += 1;
      return prefix.slice(0, length);
    }, first);
    // What asks for a value after it is not done yet.
    const done = found.length === 1 && !isLine && !first.endsWith(':') ? `${first} ` : common;
    this.#editor.setText([...words.slice(0, -1), done].join(' '));
  }
}
