/** The name of a session: the first words of its first prompt, until its agent or its operator gives another. The operator's word stays. */
import type { KeptSession } from '../../core/kept-session.ts';
import { toTitle } from './queued-prompt.ts';

export class SessionTitle {
  readonly #onChange: (title: string) => void;
  #text: string;
  #namedBy: KeptSession['namedBy'];

  constructor(kept: Pick<KeptSession, 'title' | 'namedBy'>, onChange: (title: string) => void) {
    this.#text = kept.title;
    this.#namedBy = kept.namedBy;
    this.#onChange = onChange;
  }

  get kept(): Pick<KeptSession, 'title' | 'namedBy'> {
    return { title: this.#text, namedBy: this.#namedBy };
  }

  handlePrompt(text: string): void {
    if (this.#namedBy === 'nobody') this.#set(toTitle(text), 'agent');
  }

  handleAgent(title: string): void {
    if (this.#namedBy !== 'operator') this.#set(toTitle(title), this.#namedBy);
  }

  handleOperator(title: string): void {
    this.#set(title, 'operator');
  }

  #set(text: string, namedBy: KeptSession['namedBy']): void {
    this.#text = text;
    this.#namedBy = namedBy;
    this.#onChange(text);
  }
}
