/** Answers the agent's questions to its user (elicitation). They are about the agent itself and grant nothing. Unanswered means cancelled. */
import { randomBytes } from 'node:crypto';
import type { CreateElicitationResponse } from '@agentclientprotocol/sdk';
import { Emitter } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { AgentForm, FormAnswer, FormField } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { fieldsOf, textOf } from './fields.ts';
import { checkAnswer, toFormFields } from './form-fields.ts';

interface Waiting {
  readonly fields: readonly FormField[];
  /** The agent's id of a page, by which it says that it was completed. */
  readonly page: string | null;
  settle(answer: FormAnswer): void;
}

export class FormDesk implements Disposable {
  readonly #forms = new Emitter<AgentForm>();
  readonly #withdrawn = new Emitter<string>();
  readonly #waiting = new Map<string, Waiting>();
  /** An answer to an agent that ran before must not be taken for one to this. */
  readonly #run = randomBytes(4).toString('hex');
  #count = 0;
  #isCancelled = false;

  /** A person must answer with `answer`. */
  readonly onForm = this.#forms.event;
  /** The form with this id waits no more. */
  readonly onWithdrawn = this.#withdrawn.event;

  /** What cannot be shown is declined: nobody has refused it, and nobody could answer it. */
  async handleRequest(params: unknown, signal: AbortSignal): Promise<CreateElicitationResponse> {
    const request = fieldsOf(params);
    const url = request.mode === 'url' ? textOf(request.url) : null;
    const fields = request.mode === 'form' ? toFormFields(request.requestedSchema) : [];
    const isShowable = fields !== null && (request.mode === 'form' || (url !== null && isWebPage(url)));
    if (!isShowable) return { action: 'decline' };
    // One that belongs to a request of ours, as a login is, has no turn that could be over.
    if (signal.aborted || (this.#isCancelled && 'sessionId' in request)) return { action: 'cancel' };
    if (this.#forms.listenerCount === 0 || this.#waiting.size >= limits.waitingPerSessionMax)
      return { action: 'cancel' };
    this.#count += 1;
    const form: AgentForm = {
      id: `form-${this.#run}-${this.#count}`,
      message: (textOf(request.message) ?? '').slice(0, limits.agentTextCharactersMax),
      url,
      fields,
    };
    return toResponse(await this.#ask(form, textOf(request.elicitationId), signal));
  }

  /** The page that the agent named was completed elsewhere. */
  handleCompleted(params: unknown): void {
    const page = textOf(fieldsOf(params).elicitationId);
    for (const [id, waiting] of this.#waiting) {
      if (page === null || waiting.page !== page) continue;
      waiting.settle({ action: 'accept', values: {} });
      this.#withdrawn.fire(id);
    }
  }

  /** Throws OperationError INVALID_ARGUMENT when a value does not fit (the form waits on), or the form does not wait any more. */
  answer(id: string, answer: FormAnswer): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) throw new OperationError('INVALID_ARGUMENT', 'The agent does not wait for this answer any more.');
    waiting.settle(checkAnswer(waiting.fields, answer));
  }

  /** A prompt was sent: questions reach a person again. */
  beginTurn(): void {
    this.#isCancelled = false;
  }

  cancelAll(): void {
    this.#isCancelled = true;
    for (const [id, waiting] of [...this.#waiting]) {
      waiting.settle({ action: 'cancel' });
      this.#withdrawn.fire(id);
    }
  }

  dispose(): void {
    this.cancelAll();
    this.#forms.dispose();
    this.#withdrawn.dispose();
  }

  #ask(form: AgentForm, page: string | null, signal: AbortSignal): Promise<FormAnswer> {
    return new Promise((resolve) => {
      const withdraw = (): void => {
        settle({ action: 'cancel' });
        this.#withdrawn.fire(form.id);
      };
      const settle = (answer: FormAnswer): void => {
        if (!this.#waiting.delete(form.id)) return;
        signal.removeEventListener('abort', withdraw);
        resolve(answer);
      };
      signal.addEventListener('abort', withdraw, { once: true });
      this.#waiting.set(form.id, { fields: form.fields, page, settle });
      this.#forms.fire(form);
    });
  }
}

/** Other schemes could start a program. */
function isWebPage(url: string): boolean {
  return URL.canParse(url) && ['https:', 'http:'].includes(new URL(url).protocol);
}

function toResponse(answer: FormAnswer): CreateElicitationResponse {
  if (answer.action !== 'accept') return { action: answer.action };
  const content = Object.entries(answer.values).map(([name, value]) => [
    name,
    Array.isArray(value) ? [...value] : value,
  ]);
  return { action: 'accept', content: Object.fromEntries(content) };
}
