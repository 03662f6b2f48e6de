/**
 * A dialog on the screen: draws a form model, takes its keys, and shows what was wrong. Knows no particular question.
 */
import { type FieldSpec, FormModel, type FormSpec } from '../form-model.ts';
import type { Key } from '../input/key.ts';
import type { Action, Scope } from '../keymap.ts';
import { drawFrame, type FocusState, type Overlay, putLines, type Stage, toMiddle } from '../pane.ts';
import type { Page } from '../present/page.ts';
import { clip, plain, span, wrap } from '../present/text.ts';
import type { FormSituation } from '../situation.ts';
import type { StyledLine } from '../styled.ts';
import type { Editor } from '../widgets/editor.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

interface Row {
  readonly line: StyledLine;
  readonly editor: Editor | null;
  readonly isCurrent: boolean;
}

const columnsWanted = 76;

export class FormOverlay implements Overlay {
  readonly scope: Scope = 'form';
  readonly about?: string;
  readonly #stage: Stage;
  readonly #model: FormModel;
  #problem: string | null = null;
  #isBusy = false;
  #top = 0;

  /** @param about the id of the waiting request that the dialog is about. */
  constructor(stage: Stage, spec: FormSpec, about?: string) {
    this.#stage = stage;
    this.#model = new FormModel(spec);
    if (about !== undefined) this.about = about;
  }

  toFormSituation(): FormSituation {
    const { spec, stopCount, stop } = this.#model;
    return { fields: spec.fields.length, stops: stopCount, isAtOption: stop?.option != null };
  }

  place(columns: number, rows: number): Rectangle {
    const width = Math.min(columnsWanted, columns - 2);
    const page = this.#stage.page(Math.max(8, width - 4));
    return toMiddle(columns, rows, width, this.#toRows(page).length + this.#toProblemLines(page).length + 2);
  }

  paint(surface: Surface, focus: FocusState): void {
    const { title, verb } = this.#model.spec;
    const note = plain(` Enter ${verb}, Esc cancel `, 'muted');
    const inner = drawFrame(surface, focus, plain(` ${title} `, 'title', { bold: true }), note);
    const page = this.#stage.page(Math.max(8, inner.width - 2));
    const rows = this.#toRows(page);
    // A dialog may be longer than the screen; what is wrong stands below what scrolls, where it is always seen.
    const problem = this.#toProblemLines(page);
    const height = Math.max(1, inner.height - problem.length);
    putLines(inner.part({ x: 1, y: height, width: inner.width - 2, height: problem.length }), problem);
    const current = rows.findIndex((row) => row.isCurrent);
    if (current !== -1 && current < this.#top) this.#top = current;
    if (current >= this.#top + height) this.#top = current - height + 1;
    this.#top = Math.max(0, Math.min(this.#top, rows.length - height));
    rows.slice(this.#top, this.#top + height).forEach((row, y) => {
      const area = inner.part({ x: 1, y, width: inner.width - 2, height: 1 });
      if (row.isCurrent && !row.editor) area.fill({ token: 'selection' });
      area.put(0, 0, row.line, row.isCurrent && !row.editor ? { token: 'selection' } : {});
      if (row.editor)
        row.editor.draw(
          area.part({ x: 2, y: 0, width: area.width - 2, height: 1 }),
          row.isCurrent ? 'focused' : 'unfocused',
        );
    });
  }

  handleAction(action: Action): boolean {
    if (action === 'submit') void this.#submit();
    else if (action === 'nextField') this.#model.moveField(1);
    else if (action === 'previousField') this.#model.moveField(-1);
    else if (action === 'nextChoice') this.#model.move(1);
    else if (action === 'previousChoice') this.#model.move(-1);
    else if (action === 'toggleChoice') this.#toggle();
    else if (action === 'close') {
      this.#stage.close(this);
      this.#model.spec.handleCancel?.();
    } else return false;
    return true;
  }

  handleKey(key: Key): void {
    this.#problem = null;
    const { editor } = this.#model;
    if (editor) editor.handleKey(key);
    else if (key.name === 'j' || key.name === 'k') this.#model.move(key.name === 'j' ? 1 : -1);
  }

  handlePaste(text: string): void {
    this.#model.editor?.handlePaste(text);
  }

  #toggle(): void {
    if (this.#model.editor) this.#model.editor.handlePaste(' ');
    else this.#problem = this.#model.toggle();
  }

  async #submit(): Promise<void> {
    if (this.#isBusy) return;
    // In a list of one choice, Enter takes the row it is on.
    if (this.#model.stop?.field.kind === 'one') this.#problem = this.#model.toggle();
    if (this.#problem !== null && this.#model.stop?.option?.disabled === this.#problem) return this.#stage.invalidate();
    this.#isBusy = true;
    try {
      this.#problem = await this.#model.spec.submit(this.#model);
    } finally {
      this.#isBusy = false;
    }
    if (this.#problem === null) this.#stage.close(this);
    this.#stage.invalidate();
  }

  #toRows(page: Page): readonly Row[] {
    const rows: Row[] = [];
    const text = (line: StyledLine): void => void rows.push({ line, editor: null, isCurrent: false });
    for (const line of this.#model.spec.intro) for (const wrapped of wrap(line, page.columns)) text(wrapped);
    for (const field of this.#model.spec.fields) {
      text([]);
      if (field.label !== '') text(plain(field.label, 'title', { bold: true }));
      rows.push(...this.#toFieldRows(field, page));
    }
    return rows;
  }

  #toProblemLines(page: Page): readonly StyledLine[] {
    return this.#problem === null ? [] : [[], ...wrap([span(this.#problem, 'danger')], page.columns)];
  }

  #toFieldRows(field: FieldSpec, page: Page): readonly Row[] {
    if (field.kind === 'text') {
      const isCurrent = this.#model.isAt(field, null);
      const line = plain(page.glyphs.prompt, isCurrent ? 'accent' : 'muted', { bold: true });
      return [{ line, editor: this.#model.editorOf(field.name), isCurrent }];
    }
    const [on, off] =
      field.kind === 'one' ? [page.glyphs.chosen, page.glyphs.unchosen] : [page.glyphs.marked, page.glyphs.unmarked];
    return field.options.map((option) => {
      const isChosen = this.#model.isChosen(field, option);
      const mark = span(`${isChosen ? on : off} `, isChosen ? 'accent' : 'muted');
      return {
        line: clip([mark, ...option.label], page.columns),
        editor: null,
        isCurrent: this.#model.isAt(field, option),
      };
    });
  }
}
