/** What an agent asks its user for itself: about a local tool of its own, or a form to fill in. None of it grants anything on a server. */

import type { AgentForm, AgentLink, FormAnswer, LocalPermissionRequest } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import { bounds } from '../../protocol/bounds.ts';
import type { FormView, LocalCardView } from '../../protocol/view.ts';
import type { Transcript } from './transcript.ts';

export interface QuestionsOptions {
  readonly transcript: Transcript;
  nowMs(): number;
  /** One of the lists is another than before. */
  onChange(change: { readonly localCards?: readonly LocalCardView[]; readonly forms?: readonly FormView[] }): void;
}

/** Questions of one running agent. */
export class Questions {
  readonly #options: QuestionsOptions;
  #localCards: readonly LocalCardView[] = [];
  #forms: readonly FormView[] = [];

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#localCards.length + this.#forms.length;
  }

  /** Asks a person; more than the bound are refused at once. */
  handleLocalPermission(request: LocalPermissionRequest, link: AgentLink): void {
    const { id, title, detail, unexpected } = request;
    if (this.#localCards.length >= bounds.localCardsMax) {
      link.answerLocal(id, false);
      return;
    }
    this.#options.transcript.append({ type: 'local-question', ...request });
    this.#setLocalCards([...this.#localCards, { id, title, detail, unexpected, askedAtMs: this.#options.nowMs() }]);
  }

  handleForm(form: AgentForm, link: AgentLink): void {
    if (this.#forms.length >= bounds.localCardsMax) {
      link.answerForm(form.id, { action: 'cancel' });
      return;
    }
    this.#options.transcript.append({ type: 'form', id: form.id, message: form.message, url: form.url });
    this.#setForms([...this.#forms, { ...form, askedAtMs: this.#options.nowMs() }]);
  }

  handleFormWithdrawn(id: string): void {
    if (this.#forms.some((form) => form.id === id)) this.#setForms(this.#forms.filter((form) => form.id !== id));
  }

  /** Throws INVALID_ARGUMENT when another screen was first, or the agent does not ask any more. */
  answerLocal(card: string, allow: boolean, link: AgentLink): void {
    if (!this.#localCards.some((local) => local.id === card)) throw toLate();
    link.answerLocal(card, allow);
    this.#options.transcript.append({ type: 'local-answer', card, allow });
    this.#setLocalCards(this.#localCards.filter((local) => local.id !== card));
  }

  /** Throws INVALID_ARGUMENT as `answerLocal` does, and for a value that does not fit; then the form waits on. */
  answerForm(id: string, answer: FormAnswer, link: AgentLink): void {
    if (!this.#forms.some((form) => form.id === id)) throw toLate();
    link.answerForm(id, answer);
    // What was filled in may be a secret of the agent's: only that it was answered is kept.
    this.#options.transcript.append({ type: 'form-answer', id, action: answer.action });
    this.handleFormWithdrawn(id);
  }

  /** Nobody waits for an answer any more. */
  clear(): void {
    if (this.#localCards.length > 0) this.#setLocalCards([]);
    if (this.#forms.length > 0) this.#setForms([]);
  }

  #setLocalCards(localCards: readonly LocalCardView[]): void {
    this.#localCards = localCards;
    this.#options.onChange({ localCards });
  }

  #setForms(forms: readonly FormView[]): void {
    this.#forms = forms;
    this.#options.onChange({ forms });
  }
}

function toLate(): OperationError {
  return new OperationError('INVALID_ARGUMENT', 'This question was answered already, or the agent withdrew it.');
}
