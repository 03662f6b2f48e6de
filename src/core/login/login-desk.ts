/**
 * What a login needs that only a person knows: a passphrase, a one-time code. Asked once for all who wait for the same thing, answered by
 * whoever is there first. It keeps no answer, and knows nothing of screens or of SSH.
 */
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { promiseWithResolvers } from '../../base/promise-with-resolvers.ts';
import type { Redactor } from '../audit/redactor.ts';
import { OperationError } from '../codes.ts';
import { limits } from '../limits.ts';

export interface LoginPrompt {
  /** Of a server, for what it asks itself: foreign text. */
  readonly label: string;
  readonly echo: 'shown' | 'hidden';
}

/** A question, or with no prompts a note about something that a person has to do elsewhere: touch a key. */
export interface LoginQuestion {
  /** Questions of the same key are one question with one answer. */
  readonly key: string;
  /** The id of the server whose login it is; null: for no login. */
  readonly server: string | null;
  /** `the passphrase of /home/me/.ssh/id_ed25519`: what is missing without an answer. */
  readonly what: string;
  /** What the server says beside it, or why it is asked again; foreign text. */
  readonly note: string | null;
  /** The note is a sentence of this program, with nothing foreign in it. */
  readonly isNoteOurs?: true;
  /** A command of this machine that the question is about, whole: shown character for character. */
  readonly command?: string;
  readonly prompts: readonly LoginPrompt[];
  /** What is wrong with an answer, where that can be told at once: then it is asked on, a few times. */
  readonly check?: (answers: readonly string[]) => string | null | Promise<string | null>;
}

export interface WaitingQuestion extends LoginQuestion {
  readonly id: string;
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
}

/** What makes a login may ask. */
export interface LoginQuestions {
  /**
   * One answer a prompt. Throws CREDENTIALS_UNAVAILABLE: declined, nobody answered in time, nobody is there; CANCELLED when the signal
   * aborts. A question that nobody wants answered any more goes away.
   */
  ask(question: LoginQuestion, signal?: AbortSignal): Promise<readonly string[]>;
  /** Shown until it is disposed. */
  tell(note: Omit<LoginQuestion, 'prompts'>): Disposable;
}

export interface LoginDeskOptions {
  readonly clock: Clock;
  readonly redactor: Pick<Redactor, 'hold'>;
  readonly newId: () => string;
}

interface Asked {
  /** How many wait for the answer. */
  askers: number;
  /** Answers that were wrong. */
  misses: number;
  readonly question: WaitingQuestion;
  readonly answer: Promise<readonly string[]>;
  readonly settle: (result: readonly string[] | OperationError) => void;
}

export class LoginDesk implements LoginQuestions {
  readonly #options: LoginDeskOptions;
  readonly #asked = new Map<string, Asked>();
  readonly #notes = new Map<string, WaitingQuestion>();
  readonly #changed = new Emitter<readonly WaitingQuestion[]>();
  #attendants = 0;
  #isDisposed = false;

  constructor(options: LoginDeskOptions) {
    this.#options = options;
  }

  /** All that wait now, oldest first, after each change. */
  readonly onChange = this.#changed.event;

  get waiting(): readonly WaitingQuestion[] {
    return [...[...this.#asked.values()].map(({ question }) => question), ...this.#notes.values()];
  }

  /** Somebody may answer from now on; without anybody, a question is refused at once. */
  attend(): Disposable {
    this.#attendants += 1;
    return toDisposable(() => {
      this.#attendants -= 1;
    });
  }

  async ask(question: LoginQuestion, signal?: AbortSignal): Promise<readonly string[]> {
    if (signal?.aborted) throw toCancelled();
    const asked = [...this.#asked.values()].find((one) => one.question.key === question.key) ?? this.#open(question);
    asked.askers += 1;
    return await new Promise((resolve, reject) => {
      const handleAbort = (): void => {
        asked.askers -= 1;
        reject(toCancelled());
        if (asked.askers === 0) this.#settle(asked.question.id, toCancelled());
      };
      signal?.addEventListener('abort', handleAbort, { once: true });
      asked.answer.then(resolve, reject).finally(() => signal?.removeEventListener('abort', handleAbort));
    });
  }

  /** Throws CREDENTIALS_UNAVAILABLE when it cannot be asked. */
  #open(question: LoginQuestion): Asked {
    if (this.#isDisposed) throw toUnanswered(question, shuttingDown);
    if (this.#attendants === 0)
      throw toUnanswered(
        question,
        'and nobody is here to ask; use a terminal, or let the record say where it comes from',
      );
    if (this.#asked.size >= limits.loginQuestionsMax)
      throw toUnanswered(question, 'and too many other questions wait; answer those first');
    const waiting = this.#toWaiting(question);
    const { promise, resolve, reject } = promiseWithResolvers<readonly string[]>();
    const deadline = this.#options.clock.after(limits.loginQuestionMs, () =>
      this.#settle(waiting.id, toUnanswered(question, 'and nobody answered in time; try again and answer on a screen')),
    );
    const asked: Asked = {
      ...{ misses: 0, askers: 0 },
      question: waiting,
      answer: promise,
      settle: (result) => {
        deadline.dispose();
        if (result instanceof OperationError) reject(result);
        else resolve(result);
      },
    };
    this.#asked.set(waiting.id, asked);
    this.#changed.fire(this.waiting);
    return asked;
  }

  tell(note: Omit<LoginQuestion, 'prompts'>): Disposable {
    const waiting = this.#toWaiting({ ...note, prompts: [] });
    this.#notes.set(waiting.id, waiting);
    this.#changed.fire(this.waiting);
    return toDisposable(() => {
      this.#notes.delete(waiting.id);
      this.#changed.fire(this.waiting);
    });
  }

  /** Rejects with INVALID_ARGUMENT when nobody waits for it any more, when there are not as many answers as prompts, or when they are wrong. */
  async answer(id: string, answers: readonly string[]): Promise<void> {
    const asked = this.#asked.get(id);
    if (!asked) throw toLate();
    const { prompts } = asked.question;
    if (answers.length !== prompts.length)
      throw new OperationError('INVALID_ARGUMENT', `This question wants ${prompts.length} answers.`);
    prompts.forEach(({ echo }, at) => {
      if (echo === 'hidden') this.#options.redactor.hold(answers[at] ?? '');
    });
    const problem = (await asked.question.check?.(answers)) ?? null;
    // It may have taken a while.
    if (this.#asked.get(id) !== asked) throw toLate();
    if (problem === null) return this.#settle(id, answers);
    asked.misses += 1;
    if (asked.misses >= limits.loginTriesMax)
      this.#settle(
        id,
        toUnanswered(asked.question, `and ${asked.misses} answers were wrong; try again with the right one`),
      );
    throw new OperationError('INVALID_ARGUMENT', problem);
  }

  /** Throws INVALID_ARGUMENT when nobody waits for it any more. */
  decline(id: string): void {
    const asked = this.#asked.get(id);
    if (!asked) throw toLate();
    this.#settle(id, toUnanswered(asked.question, 'since the question was declined'));
  }

  /** Declines all that wait, and asks nothing more. */
  dispose(): void {
    this.#isDisposed = true;
    for (const { question } of [...this.#asked.values()])
      this.#settle(question.id, toUnanswered(question, shuttingDown));
    this.#changed.dispose();
  }

  #toWaiting(question: LoginQuestion): WaitingQuestion {
    const askedAtMs = this.#options.clock.nowMs();
    return { ...question, id: this.#options.newId(), askedAtMs, expiresAtMs: askedAtMs + limits.loginQuestionMs };
  }

  #settle(id: string, result: readonly string[] | OperationError): void {
    const asked = this.#asked.get(id);
    if (!asked) return;
    this.#asked.delete(id);
    asked.settle(result);
    this.#changed.fire(this.waiting);
  }
}

const shuttingDown = 'since signalbox is shutting down';

function toUnanswered({ what, server }: LoginQuestion, why: string): OperationError {
  return new OperationError(
    'CREDENTIALS_UNAVAILABLE',
    `${server === null ? 'This' : `The login to ${server}`} needs ${what}, ${why}.`,
  );
}

function toLate(): OperationError {
  return new OperationError('INVALID_ARGUMENT', 'This question was answered already, or nobody waits for it any more.');
}

function toCancelled(): OperationError {
  return new OperationError('CANCELLED', 'Nobody waits for this login any more; nothing was sent to the server.');
}
