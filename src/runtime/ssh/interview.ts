/** What a server asks in words while one logs in (RFC 4256): answered by a password that is known, or by a person. It knows no other way to log in. */
import type { LoginQuestions } from '../../core/login/login-desk.ts';
import { asksForPassword } from './password-prompt.ts';
import type { TypedPassword } from './typed-password.ts';

export interface InterviewOptions {
  /** The id of the server whose login it is. */
  readonly server: string;
  readonly username: string;
  readonly questions: LoginQuestions;
  /** Hears of a password that a person typed where the server asked for that alone. */
  readonly typed: Pick<TypedPassword, 'note'>;
  /** Around the time in which a person is waited for. */
  readonly onWaiting: (isWaiting: 'waiting' | 'done') => void;
  /** Why a question got no answer. */
  readonly onProblem: (error: unknown) => void;
}

/** All of it is foreign text. */
export interface Request {
  readonly name: string;
  readonly instructions: string;
  readonly prompts: readonly { readonly prompt: string; readonly echo?: boolean }[];
}

export class Interview {
  readonly #options: InterviewOptions;
  #password: string | null;
  readonly #tries: number;
  #requests = 0;
  #wasAnswered = false;
  #wasGiven = false;

  /** `password` answers the first hidden question that asks for it alone; null: nothing is known. `tries` counts from 1. */
  constructor(options: InterviewOptions, password: string | null, tries = 1) {
    this.#options = options;
    this.#password = password;
    this.#tries = tries;
  }

  /** A person typed what the server got, and may have mistyped. */
  get wasAnswered(): boolean {
    return this.#wasAnswered;
  }

  /** The server got the password, and is not given it once more. */
  get wasGiven(): boolean {
    return this.#wasGiven;
  }

  /** One answer a prompt, empty ones when nobody answered: then the server refuses. */
  async answer({ name, instructions, prompts }: Request): Promise<string[]> {
    this.#requests += 1;
    if (prompts.length === 0) return [];
    const { server, username, questions, typed, onWaiting, onProblem } = this.#options;
    const known = this.#password;
    const [first, ...more] = prompts;
    const isPassword = first?.echo === false && more.length === 0 && asksForPassword(first.prompt, username);
    if (known !== null && isPassword) {
      this.#password = null;
      this.#wasGiven = true;
      return [known];
    }
    onWaiting('waiting');
    try {
      const answers = await questions.ask({
        ...{ key: `interview:${server}:${username}:${this.#tries}:${this.#requests}`, server },
        what: `an answer to what the server asks ${username}`,
        note:
          [this.#tries > 1 ? refusedAnswer : '', name, instructions].filter((text) => text.trim() !== '').join('\n') ||
          null,
        prompts: prompts.map(({ prompt, echo }) => ({ label: prompt, echo: echo === true ? 'shown' : 'hidden' })),
      });
      this.#wasAnswered = true;
      if (isPassword) typed.note(answers[0] ?? '');
      return [...answers];
    } catch (error) {
      onProblem(error);
      return prompts.map(() => '');
    } finally {
      onWaiting('done');
    }
  }
}

/** Said with a question that is asked again; it does not say which of several answers was wrong. */
export const refusedAnswer =
  'The server refused that answer; type it again. A one-time code is good once: wait for the next one.';
