/**
 * A dialog as data: sentences, fields and what is chosen. Knows how the focus moves through it and what its values are; draws nothing.
 */

import type { Action } from './keymap.ts';
import { toText } from './present/text.ts';
import type { StyledLine } from './styled.ts';
import { Editor } from './widgets/editor.ts';

export interface Option {
  readonly id: string;
  readonly label: StyledLine;
  /** Why it cannot be chosen; null when it can. */
  readonly disabled: string | null;
}

export type FieldSpec =
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly placeholder?: string;
      readonly value?: string;
      /** What is typed is shown as dots. */
      readonly isSecret?: true;
      readonly note?: readonly StyledLine[];
      /** Label and text on one line, for forms of many fields. */
      readonly layout?: 'below' | 'beside';
      /** What is wrong with what stands there, as one types; null when nothing is. */
      readonly check?: (text: string) => string | null;
    }
  /** Exactly one, or any number, of the options. */
  | {
      readonly kind: 'one' | 'many';
      readonly name: string;
      readonly label: string;
      readonly options: readonly Option[];
      readonly chosen: readonly string[];
      readonly note?: readonly StyledLine[];
      /** The only chosen one can be unchosen again, and Enter chooses nothing by itself. */
      readonly isOptional?: boolean;
    };

export interface FormSpec {
  readonly title: string;
  /** What is asked, in sentences. Laid out for the width by the dialog. */
  readonly intro: readonly StyledLine[];
  readonly fields: readonly FieldSpec[];
  /** The word on the confirming key. */
  readonly verb: string;
  /** It is confirmed only once every row of it was on the screen. */
  readonly isReadFirst?: true;
  /** Hidden fields are typed anew after a wrong answer, since nobody sees what stands there. */
  readonly emptiesSecrets?: true;
  /** What leaving it does; `cancel` when absent. */
  readonly leave?: string;
  /** Where its keys are; `form` when absent. */
  readonly scope?: 'form' | 'agentForm';
  /** Keys of its own beside those of every dialog. */
  readonly actions?: Partial<Record<Action, () => void>>;
  /** Null closes the dialog; a sentence says what is wrong and leaves it open. */
  submit(values: FormValues): Promise<string | null> | string | null;
  /** Called when it is closed without being done. */
  handleCancel?(): void;
}

export interface FormValues {
  text(name: string): string;
  chosen(name: string): readonly string[];
}

/** A place the focus can be: a text field, or one option. */
export interface Stop {
  readonly field: FieldSpec;
  readonly option: Option | null;
}

export class FormModel implements FormValues {
  readonly spec: FormSpec;
  readonly #editors = new Map<string, Editor>();
  readonly #chosen = new Map<string, Set<string>>();
  #stops: readonly Stop[];
  #at = 0;
  /** Only options of this list that have the text are shown; empty: all of them are. */
  #sought: { readonly field: FieldSpec | null; readonly text: string } = { field: null, text: '' };

  constructor(spec: FormSpec) {
    this.spec = spec;
    for (const field of spec.fields) {
      if (field.kind === 'text') {
        const editor = new Editor({
          lines: 'one',
          shown: field.isSecret ? 'dots' : 'text',
          ...(field.placeholder === undefined ? {} : { placeholder: field.placeholder }),
        });
        editor.setText(field.value ?? '');
        this.#editors.set(field.name, editor);
      } else this.#chosen.set(field.name, new Set(field.chosen));
    }
    this.#stops = this.#toStops();
  }

  get stop(): Stop | null {
    return this.#stops[this.#at] ?? null;
  }

  /** Places the focus can be. */
  get stopCount(): number {
    return this.#stops.length;
  }

  /** The text field with the focus, or null. */
  get editor(): Editor | null {
    const { stop } = this;
    return stop?.field.kind === 'text' ? (this.#editors.get(stop.field.name) ?? null) : null;
  }

  editorOf(name: string): Editor | null {
    return this.#editors.get(name) ?? null;
  }

  isChosen(field: FieldSpec, option: Option): boolean {
    return this.#chosen.get(field.name)?.has(option.id) ?? false;
  }

  isAt(field: FieldSpec, option: Option | null): boolean {
    return this.stop?.field === field && this.stop.option === option;
  }

  move(step: 1 | -1): void {
    const count = this.#stops.length;
    if (count > 0) this.#at = (this.#at + step + count) % count;
    this.#leaveSearch();
  }

  /** What the list is searched for; empty while it is not. */
  soughtIn(field: FieldSpec): string {
    return this.#sought.field === field ? this.#sought.text : '';
  }

  /** The options of a list that are shown. */
  optionsOf(field: FieldSpec): readonly Option[] {
    if (field.kind === 'text') return [];
    const text = this.soughtIn(field).toLowerCase();
    return text === ''
      ? field.options
      : field.options.filter(({ label }) => toText(label).toLowerCase().includes(text));
  }

  /** Searches the list with the focus. Nothing changes, and the answer is false, where none of its options has the text. */
  seek(text: string): boolean {
    const { stop } = this;
    if (!stop?.option) return false;
    const before = this.#sought;
    this.#sought = { field: stop.field, text };
    if (this.optionsOf(stop.field).length === 0) {
      this.#sought = before;
      return false;
    }
    this.#place(stop);
    return true;
  }

  /** A search is for one look at one list. */
  #leaveSearch(): void {
    const { stop } = this;
    if (this.#sought.text === '' || !stop || stop.field === this.#sought.field) return;
    this.#sought = { field: null, text: '' };
    this.#place(stop);
  }

  /** The focus stays where it was, or goes to the first option that is left of the list. */
  #place({ field, option }: Stop): void {
    this.#stops = this.#toStops();
    const same = this.#stops.findIndex((stop) => stop.field === field && stop.option === option);
    this.#at = same === -1 ? this.#stops.findIndex((stop) => stop.field === field) : same;
  }

  #toStops(): readonly Stop[] {
    return this.spec.fields.flatMap((field): readonly Stop[] =>
      field.kind === 'text' ? [{ field, option: null }] : this.optionsOf(field).map((option) => ({ field, option })),
    );
  }

  /** To the next field: its chosen option, or its first. */
  moveField(step: 1 | -1): void {
    const { fields } = this.spec;
    const { stop } = this;
    if (!stop || fields.length === 0) return;
    const field = fields[(fields.indexOf(stop.field) + step + fields.length) % fields.length];
    const own = this.#stops.filter((entry) => entry.field === field);
    const chosen = own.find((entry) => entry.option && this.isChosen(entry.field, entry.option));
    const next = chosen ?? own[0];
    if (next) this.#at = this.#stops.indexOf(next);
    this.#leaveSearch();
  }

  /** And to the first of them. */
  emptySecrets(): void {
    const isEmptied = ({ field }: Stop): boolean => field.kind === 'text' && field.isSecret === true;
    for (const { field } of this.#stops.filter(isEmptied)) this.#editors.get(field.name)?.setText('');
    const at = this.#stops.findIndex(isEmptied);
    if (at !== -1) this.#at = at;
  }

  /** To the first text field whose text is wrong; nowhere when none is. */
  moveToProblem(): void {
    const isWrong = ({ field }: Stop): boolean =>
      field.kind === 'text' && (field.check?.(this.text(field.name)) ?? null) !== null;
    const at = this.#stops.findIndex(isWrong);
    if (at !== -1) this.#at = at;
  }

  /** Chooses the option with the focus; returns why it cannot be chosen, else null. */
  toggle(): string | null {
    const { stop } = this;
    if (!stop?.option) return null;
    if (stop.option.disabled !== null) return stop.option.disabled;
    const chosen = this.#chosen.get(stop.field.name) ?? new Set<string>();
    if (stop.field.kind === 'one') {
      const isUnchosen = stop.field.isOptional === true && chosen.has(stop.option.id);
      chosen.clear();
      if (!isUnchosen) chosen.add(stop.option.id);
    } else if (!chosen.delete(stop.option.id)) chosen.add(stop.option.id);
    return null;
  }

  /** Every option in sight that can be chosen, of a list that takes any number; none of them when all are. */
  toggleAll(): void {
    const field = this.stop?.field;
    if (field?.kind !== 'many') return;
    const open = this.optionsOf(field).filter(({ disabled }) => disabled === null);
    const areAll = open.every((option) => this.isChosen(field, option));
    const chosen = new Set(this.#chosen.get(field.name));
    for (const { id } of open) areAll ? chosen.delete(id) : chosen.add(id);
    this.#chosen.set(field.name, chosen);
  }

  text(name: string): string {
    return this.#editors.get(name)?.text ?? '';
  }

  chosen(name: string): readonly string[] {
    return [...(this.#chosen.get(name) ?? [])];
  }
}
