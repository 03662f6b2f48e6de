/** The page a card is written on: labels in one column, values in the other, wrapped lines marked. It knows nothing of what a card says. */
import { escapeExact, escapeProse } from '../base/display/escape.ts';
import { type Charset, wrapSentence, wrapText } from '../base/display/wrap.ts';
import type { CardLine, CardRole } from './card.ts';

/** Labels begin in the first column and values never do, so a value cannot pass for a label. */
const indent = 12;

export class CardPage {
  readonly #columns: number;
  readonly #charset: Charset;
  readonly #lines: CardLine[] = [];

  constructor(columns: number, charset: Charset) {
    this.#columns = columns;
    this.#charset = charset;
  }

  get lines(): readonly CardLine[] {
    return this.#lines;
  }

  heading(text: string): void {
    this.#push(escapeExact(text), 0, 'heading');
  }

  /** A label and a value in which every character counts: argv, paths, ids. */
  exact(label: string, value: string, role: CardRole = 'value'): void {
    this.#field(label, escapeExact(value), role);
  }

  /** A label and a name that somebody else chose. */
  prose(label: string, value: string, role: CardRole = 'value'): void {
    this.#field(label, this.#prose(value), role);
  }

  /** A label and a sentence of our own, which may name what is foreign. */
  sentence(label: string, value: string, role: CardRole = 'value'): void {
    this.#field(label, this.#prose(value), role, wrapSentence);
  }

  /** A label and what we counted: no foreign character is in it. */
  own(label: string, value: string, role: CardRole = 'value'): void {
    this.#field(label, value, role);
  }

  /** From one to another, in words of our own. */
  get arrow(): string {
    return this.#charset === 'ascii' ? '->' : '→';
  }

  /** A remark of our own below the last value; `depth` columns further in, where a value could look like it. */
  note(text: string, role: CardRole, depth = 0): void {
    this.#push(this.#prose(text), indent + depth, role, wrapSentence);
  }

  /** One more exact value below the last one; `mark` stands before it and is ours. */
  more(value: string, role: CardRole = 'value', mark = ''): void {
    this.#push(mark + escapeExact(value), indent, role);
  }

  /** A line of foreign content below a mark of ours, such as a diff's sign. */
  content(mark: string, text: string, role: CardRole): void {
    this.#push(mark + this.#prose(text), 2, role);
  }

  /** A label that stands alone above content. */
  label(label: string): void {
    this.#push(label, 0, 'label');
  }

  #field(label: string, escaped: string, role: CardRole, wrap = wrapText): void {
    const rows = wrap(escaped, this.#columns - indent, this.#charset);
    rows.forEach((row, index) => {
      this.#lines.push({ text: (index === 0 ? label : '').padEnd(indent) + row, role });
    });
  }

  #push(escaped: string, margin: number, role: CardRole, wrap = wrapText): void {
    for (const row of wrap(escaped, this.#columns - margin, this.#charset)) {
      this.#lines.push({ text: ' '.repeat(margin) + row, role });
    }
  }

  /** In ASCII no letter of another script may stay. A space at the end could not be seen, so it is shown as an escape. */
  #prose(text: string): string {
    const escaped = this.#charset === 'ascii' ? escapeProse(text, 'ascii') : escapeProse(text);
    return escaped.endsWith(' ') ? `${escaped.slice(0, -1)}\\x20` : escaped;
  }
}
