/**
 * A dialog on the screen: draws a form model, takes its keys, and shows what was wrong. Knows no particular question.
 */

import { type FieldSpec, FormModel, type FormSpec } from '../form-model.ts';
import type { Key } from '../input/key.ts';
import { keyWord } from '../key-words.ts';
import type { Action, Scope } from '../keymap.ts';
import {
  drawFrame,
  drawThumb,
  type FocusState,
  type Overlay,
  putLines,
  type Stage,
  toDialogColumns,
  toMiddle,
} from '../pane.ts';
import type { Page } from '../present/page.ts';
import { cell, clip, columnsOf, foreign, plain, span, wrap, wrapExact, wrapProse } from '../present/text.ts';
import type { FormSituation } from '../situation.ts';
import type { StyledLine } from '../styled.ts';
import type { Editor } from '../widgets/editor.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

interface Row {
  readonly line: StyledLine;
  readonly editor: Editor | null;
  readonly isCurrent: boolean;
  /** Of the field with the focus. */
  readonly isOfField?: boolean;
  /** Column of the editor; after the sign of the line when absent. */
  readonly editorAt?: number;
}

const columnsWanted = 76;
const labelColumns = 16;
/** So many rows are found by looking. */
const fewOptions = 6;

export class FormOverlay implements Overlay {
  readonly scope: Scope;
  readonly #about: string | undefined;
  readonly #stage: Stage;
  readonly #model: FormModel;
  #problem: string | null = null;
  #isBusy = false;
  #top = 0;
  #height = 1;
  #isPaging = false;
  /** Rows that were on the screen, of how many there are at this width. */
  #seen: ReadonlySet<number> = new Set();
  #rowCount = 0;

  /** @param about the id of the waiting request that the dialog is about. */
  constructor(stage: Stage, spec: FormSpec, about?: string) {
    this.#stage = stage;
    this.#model = new FormModel(spec);
    this.scope = spec.scope ?? 'form';
    this.#about = about;
  }

  /** While its own answer is on the way, the request going away is no news. */
  get about(): string | undefined {
    return this.#isBusy ? undefined : this.#about;
  }

  toFormSituation(): FormSituation {
    const { spec, stopCount, stop } = this.#model;
    const isAtMany = stop?.field.kind === 'many' && stop.field.options.length > 1;
    return { fields: spec.fields.length, stops: stopCount, isAtOption: stop?.option != null, isAtMany };
  }

  place(columns: number, rows: number): Rectangle {
    const width = toDialogColumns(columns, columnsWanted);
    const page = this.#stage.page(Math.max(8, width - 4));
    return toMiddle(columns, rows, width, this.#toRows(page).length + this.#toProblemLines(page).length + 2);
  }

  paint(surface: Surface, focus: FocusState): void {
    const { title, verb, leave } = this.#model.spec;
    const asked = ` ${keyWord('form', 'submit')} ${verb}, ${keyWord('form', 'close')} ${leave ?? 'cancel'} `;
    const keys = this.#isBusy ? ' at work; keys count again when it is done ' : asked;
    const note = plain(keys, 'muted');
    const titleLine = plain(` ${title} `, 'title', { bold: true });
    const inner = drawFrame(surface, focus, titleLine, note);
    const page = this.#stage.page(Math.max(8, inner.width - 2));
    const rows = this.#toRows(page);
    // A dialog may be longer than the screen; what is wrong stands below what scrolls, where it is always seen.
    const problem = this.#toProblemLines(page);
    const height = Math.max(1, inner.height - problem.length);
    putLines(inner.part({ x: 1, y: height, width: inner.width - 2, height: problem.length }), problem);
    const current = rows.findIndex((row) => row.isCurrent);
    // Paging looks at what is asked, away from where the focus is; the next key goes back there.
    if (!this.#isPaging && current !== -1 && current < this.#top) this.#top = current;
    // Of a list, all choices are seen at once where they have room.
    const last = rows.findLastIndex((row) => row.isOfField);
    const end = Math.min(Math.max(current, last), current + height - 1);
    if (!this.#isPaging && end >= this.#top + height) this.#top = end - height + 1;
    this.#top = Math.max(0, Math.min(this.#top, rows.length - height));
    this.#height = height;
    this.#markSeen(height, rows.length);
    if (rows.length > height)
      drawFrame(surface, focus, titleLine, toPagingNote(this.#top, height, rows.length, keys, surface.width - 4));
    drawThumb(surface, 1, height, this.#top, rows.length);
    rows.slice(this.#top, this.#top + height).forEach((row, y) => {
      const area = inner.part({ x: 1, y, width: inner.width - 2, height: 1 });
      if (row.isCurrent && !row.editor) {
        area.fill({ token: 'selection' });
        inner.put(0, y, inner.borders.cursor, { token: 'accent', bold: true });
      }
      area.put(0, 0, row.line, row.isCurrent && !row.editor ? { token: 'selection' } : {});
      if (row.editor)
        row.editor.draw(
          area.part({ x: row.editorAt ?? 2, y: 0, width: area.width - (row.editorAt ?? 2), height: 1 }),
          row.isCurrent ? 'focused' : 'unfocused',
        );
    });
  }

  handleAction(action: Action): boolean {
    if (this.#isBusy && action !== 'close') return true;
    this.#isPaging = action === 'pageDown' || action === 'pageUp';
    if (action === 'submit') void this.#submit();
    else if (action === 'nextField') this.#model.moveField(1);
    else if (action === 'previousField') this.#model.moveField(-1);
    else if (action === 'nextChoice') this.#model.move(1);
    else if (action === 'previousChoice') this.#model.move(-1);
    else if (action === 'toggleChoice') this.#toggle();
    else if (action === 'toggleAll') this.#model.toggleAll();
    else if (action === 'pageDown') this.#top += Math.max(1, this.#height - 2);
    else if (action === 'pageUp') this.#top -= Math.max(1, this.#height - 2);
    else if (action === 'close') {
      this.#stage.close(this);
      this.#model.spec.handleCancel?.();
    } else return this.#handleOwn(action);
    return true;
  }

  #handleOwn(action: Action): boolean {
    const own = this.#model.spec.actions?.[action];
    own?.();
    return own !== undefined;
  }

  /** While it is at work, what is typed was meant for what comes next, and must not change what it says of itself. */
  handleKey(key: Key): void {
    if (this.#isBusy) return;
    this.#problem = null;
    this.#isPaging = false;
    const { editor } = this.#model;
    if (editor) editor.handleKey(key);
    else this.#handleKeyInList(key);
  }

  /** Letters search a list; where none is searched yet, two of them move in it, as everywhere. */
  #handleKeyInList(key: Key): void {
    const { stop } = this.#model;
    const sought = stop ? this.#model.soughtIn(stop.field) : '';
    if (sought === '' && (key.name === 'j' || key.name === 'k')) this.#model.move(key.name === 'j' ? 1 : -1);
    else if (key.name === 'backspace') this.#model.seek([...sought].slice(0, -1).join(''));
    else if (key.text !== '' && !this.#model.seek(sought + key.text))
      this.#problem = `No row of this list has "${sought}${key.text}".`;
  }

  handlePaste(text: string): void {
    if (!this.#isBusy) this.#model.editor?.handlePaste(text);
  }

  #toggle(): void {
    if (this.#model.editor) this.#model.editor.handlePaste(' ');
    else this.#problem = this.#model.toggle();
  }

  #markSeen(height: number, count: number): void {
    const before = count === this.#rowCount ? this.#seen : [];
    this.#seen = new Set([...before, ...Array.from({ length: Math.min(height, count) }, (_row, at) => this.#top + at)]);
    this.#rowCount = count;
  }

  async #submit(): Promise<void> {
    if (this.#isBusy) return;
    if (this.#model.spec.isReadFirst && this.#seen.size < this.#rowCount) {
      this.#problem = `Not all of it was on the screen yet; ${keyWord('form', 'pageUp')} shows what stands above.`;
      return this.#stage.invalidate();
    }
    // In a list of one choice, Enter takes the row it is on.
    const field = this.#model.stop?.field;
    if (field?.kind === 'one' && !field.isOptional) this.#problem = this.#model.toggle();
    if (this.#problem !== null && this.#model.stop?.option?.disabled === this.#problem) return this.#stage.invalidate();
    this.#isBusy = true;
    try {
      const answer = this.#model.spec.submit(this.#model);
      this.#stage.invalidate();
      // What answers at once is waited for by no key: the next one may have come in the same read.
      this.#problem = answer instanceof Promise ? await answer : answer;
    } finally {
      this.#isBusy = false;
    }
    if (this.#problem === null) this.#stage.close(this);
    else if (this.#model.spec.emptiesSecrets) this.#model.emptySecrets();
    else this.#model.moveToProblem();
    this.#stage.invalidate();
  }

  #toRows(page: Page): readonly Row[] {
    const rows: Row[] = [];
    const text = (line: StyledLine): void => void rows.push({ line, editor: null, isCurrent: false });
    for (const line of this.#model.spec.intro) for (const row of toIntroRows(line, page.columns)) text(row);
    for (const [index, field] of this.#model.spec.fields.entries()) {
      if (!isBeside(field) || !isBeside(this.#model.spec.fields[index - 1])) text([]);
      if (field.label !== '' && !isBeside(field)) text(clip(this.#toLabel(field), page.columns, page.glyphs.ellipsis));
      for (const line of field.note ?? []) for (const row of toIntroRows(line, page.columns)) text(row);
      rows.push(...this.#toFieldRows(field, page));
    }
    return rows;
  }

  #toLabel(field: FieldSpec): StyledLine {
    const label = span(field.label, 'title', { bold: true });
    const sought = this.#model.soughtIn(field);
    if (sought !== '' && field.kind !== 'text') {
      const count = `${this.#model.optionsOf(field).length} of ${field.options.length}`;
      return [label, span(`  only with "${foreign(sought)}", ${count}`, 'accent')];
    }
    const isLong = field.kind !== 'text' && field.options.length > fewOptions;
    return isLong ? [label, span('  letters search it', 'muted')] : [label];
  }

  #toProblemLines(page: Page): readonly StyledLine[] {
    return this.#problem === null ? [] : [[], ...wrapProse(this.#problem, 'danger', page.columns)];
  }

  #toFieldRows(field: FieldSpec, page: Page): readonly Row[] {
    if (field.kind === 'text') {
      const isCurrent = this.#model.isAt(field, null);
      const sign = span(`${page.glyphs.prompt} `, isCurrent ? 'accent' : 'muted', { bold: true });
      const label = isBeside(field) ? [span(cell(field.label, labelColumns), isCurrent ? 'title' : 'muted')] : [];
      const line = [...label, sign];
      const editorAt = columnsOf(line);
      const editor = this.#model.editorOf(field.name);
      const problem = field.check?.(editor?.text ?? '') ?? null;
      const wrong = problem === null ? [] : wrap([span(problem, 'danger')], page.columns, plain(' '.repeat(editorAt)));
      return [
        { line, editor, isCurrent, editorAt },
        ...wrong.map((row) => ({ line: row, editor: null, isCurrent: false })),
      ];
    }
    const [on, off] =
      field.kind === 'one' ? [page.glyphs.chosen, page.glyphs.unchosen] : [page.glyphs.marked, page.glyphs.unmarked];
    return this.#model.optionsOf(field).map((option) => {
      const isChosen = this.#model.isChosen(field, option);
      const mark = span(`${isChosen ? on : off} `, isChosen ? 'accent' : 'muted');
      return {
        line: clip([mark, ...option.label], page.columns),
        editor: null,
        isCurrent: this.#model.isAt(field, option),
        isOfField: this.#model.stop?.field === field,
      };
    });
  }
}

function isBeside(field: FieldSpec | undefined): boolean {
  return field?.kind === 'text' && field.layout === 'beside';
}

/** What is decided upon stands at the end of its line as code, and is laid out so that nothing of it can be dropped. */
function toIntroRows(line: StyledLine, columns: number): readonly StyledLine[] {
  const code = line.at(-1);
  if (code?.token !== 'code') return wrap(line, columns);
  const first = line.slice(0, -1);
  return wrapExact(code, columns, first, plain(' '.repeat(columnsOf(first))));
}

/** Where there is no room for the keys of the dialog, the line at the bottom of the screen has them alone. */
function toPagingNote(top: number, height: number, count: number, keys: string, columns: number): StyledLine {
  const lines = ` lines ${top + 1}-${Math.min(count, top + height)} of ${count}, `;
  const paging = [span(lines, 'muted'), span(`${keyWord('form', 'pageUp')} ${keyWord('form', 'pageDown')}`, 'key')];
  const whole = [...paging, span(`;${keys}`, 'muted')];
  return columnsOf(whole) <= columns ? whole : clip([...paging, span(' ')], columns);
}
