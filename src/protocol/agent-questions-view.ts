/** What an agent lets its user choose, and what it asks to be filled in, as a screen shows it. Plain JSON. */

export interface OptionView {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly value: string | boolean;
  /** Null for one that is on or off. */
  readonly choices:
    | readonly {
        readonly value: string;
        readonly name: string;
        readonly description: string | null;
        readonly group: string | null;
      }[]
    | null;
}

export type FormValueView = string | number | boolean | readonly string[];

export interface FormView {
  readonly id: string;
  readonly message: string;
  /** A page to open instead of fields; the screen shows it and opens nothing. */
  readonly url: string | null;
  /** When the agent asked; absent where nobody knows. */
  readonly askedAtMs?: number;
  readonly fields: readonly {
    readonly name: string;
    readonly title: string;
    readonly description: string | null;
    readonly required: boolean;
    readonly kind: 'text' | 'number' | 'integer' | 'switch' | 'choice' | 'choices';
    readonly choices: readonly { readonly value: string; readonly title: string }[];
    readonly initial: FormValueView | null;
    readonly hint: string | null;
  }[];
}
