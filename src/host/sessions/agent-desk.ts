/** What a person says to a running agent besides prompts: answers to its own questions, and choices among what it offers. */
import type { AgentLink, FormAnswer } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import type { Questions } from './questions.ts';
import type { Seat } from './seat.ts';

export interface AgentDeskOptions {
  /** Of the agent that answers. */
  seat(): Seat;
  onMode(change: { readonly currentMode: string }): void;
}

/** Everything here throws or rejects with OperationError INVALID_ARGUMENT while the agent does not run. */
export class AgentDesk {
  readonly #questions: Questions;
  readonly #options: AgentDeskOptions;

  constructor(questions: Questions, options: AgentDeskOptions) {
    this.#questions = questions;
    this.#options = options;
  }

  async setMode(mode: string): Promise<void> {
    await this.#running().setMode(mode);
    this.#options.seat().wear({ currentMode: mode });
    this.#options.onMode({ currentMode: mode });
  }

  /** Rejects with OperationError when the agent does not take this value. */
  async setOption(option: string, value: string | boolean): Promise<void> {
    await this.#running().setOption(option, value);
  }

  /** Throws INVALID_ARGUMENT when another screen was first, or the agent does not ask any more. */
  answerLocal(card: string, allow: boolean): void {
    this.#questions.answerLocal(card, allow, this.#running());
  }

  /** Throws INVALID_ARGUMENT as `answerLocal` does, and for a value that does not fit. */
  answerForm(form: string, answer: FormAnswer): void {
    this.#questions.answerForm(form, answer, this.#running());
  }

  #running(): AgentLink {
    const { link } = this.#options.seat();
    if (link) return link;
    throw new OperationError('INVALID_ARGUMENT', 'The agent does not run; a prompt starts it.');
  }
}
