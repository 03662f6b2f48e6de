/**
 * What the system's ssh asks for while it logs in, told apart by its words, and answered from the record of the server, what is kept in memory, or
 * a person. It knows no process.
 */
import { OperationError } from '../../../core/codes.ts';
import type { AuthChoice } from '../../../core/login/auth-choice.ts';
import type { SecretSource } from '../../../core/server.ts';
import { refusedAnswer } from '../interview.ts';
import { asksForPassword } from '../password-prompt.ts';
import { type KeyContext, revealPassphrase } from '../private-key.ts';
import type { Ask } from './ask-program.ts';

export interface LoginPromptsOptions extends KeyContext {
  readonly username: string;
  /** As ssh names it where it asks: what stands for the server in known_hosts, or else its address. */
  readonly host: string;
  readonly choices: readonly AuthChoice[];
  /** Around everything that may wait for a person or a local program. */
  readonly onWaiting: (isWaiting: 'waiting' | 'done') => void;
  /** Something was right and not enough: from then on the server may ask for a one-time code. */
  readonly isPartial: () => boolean;
}

const refusedPassword = 'The server refused that password; type it again.';
const refusedPin = 'That PIN was refused; type it again.';

function isInteractive(choice: AuthChoice): choice is AuthChoice & { kind: 'password' } {
  return choice.kind === 'password' && (choice.methods?.includes('keyboard-interactive') ?? true);
}

export class LoginPrompts {
  readonly #options: LoginPromptsOptions;
  readonly #answered = new Set<string>();
  /** When the server got the recorded password; null: not yet. */
  #given: 'for-nothing-yet' | 'for-more' | null = null;
  /** How often a person was asked for what. */
  readonly #tries = new Map<string, number>();
  /** Why questions got no answer, in their order. */
  readonly problems: OperationError[] = [];

  constructor(options: LoginPromptsOptions) {
    this.#options = options;
  }

  /** Null: no answer. Never throws. */
  async answer(ask: Ask): Promise<string | null> {
    const { onWaiting } = this.#options;
    onWaiting('waiting');
    try {
      if (ask.kind === 'none') return await this.#waitForTouch(ask);
      return ask.kind === 'confirm' ? null : await this.#answerSecret(ask.prompt);
    } catch (error) {
      const problem =
        error instanceof OperationError
          ? error
          : new OperationError('CREDENTIALS_UNAVAILABLE', 'What ssh asked could not be answered.', { cause: error });
      this.problems.push(problem);
      return null;
    } finally {
      onWaiting('done');
    }
  }

  /**
   * Since OpenSSH 8.5, what a server words itself begins with whose login it is, so that no server can ask in the words of ssh for a password or
   * for what opens a key; older ones are not used.
   */
  async #answerSecret(prompt: string): Promise<string | null> {
    const { username, host } = this.#options;
    const own = `(${username}@${host}) `;
    if (prompt.startsWith(own)) return await this.#answerServer(prompt.slice(own.length));
    if (prompt === `${username.slice(0, 30)}@${host.slice(0, 128)}'s password: `) return await this.#password();
    const path = /^Enter passphrase for key '(.*)': $/.exec(prompt)?.[1];
    if (path !== undefined) return await this.#answerPassphrase(path);
    const token = /^Enter PIN for '?(.*?)'?: $/.exec(prompt)?.[1];
    if (token !== undefined)
      return await this.#ask(`pin:${token}`, `the PIN of your token ${token}`, 'PIN', refusedPin);
    return await this.#ask(`ssh:${prompt}`, 'an answer to what ssh asks', prompt, refusedAnswer);
  }

  async #answerServer(prompt: string): Promise<string | null> {
    const password = this.#options.choices.find(isInteractive);
    if (password === undefined && !this.#options.isPartial()) return null;
    const { server, username } = this.#options;
    if (password && password.secret !== null && this.#mayGive() && asksForPassword(prompt, username))
      return await this.#give(password.secret);
    const key = `interview:${server}:${username}:${prompt}`;
    return await this.#ask(key, `an answer to what the server asks ${username}`, prompt, refusedAnswer);
  }

  async #answerPassphrase(path: string): Promise<string | null> {
    const { choices, passphrases } = this.#options;
    for (const choice of choices) {
      if (choice.kind !== 'privateKey' && choice.kind !== 'certificate') continue;
      const paths = choice.kind === 'privateKey' ? [choice.privateKeyPath] : choice.privateKeyPaths;
      // ssh names a hundred characters of it.
      const own = paths.find((each) => each.slice(0, 100) === path);
      if (own === undefined) continue;
      // Asked once more, what it was given was wrong.
      if (this.#answered.has(own)) passphrases.forget(own);
      this.#answered.add(own);
      return await revealPassphrase({ privateKeyPath: own, passphrase: choice.passphrase }, this.#options);
    }
    return null;
  }

  async #password(): Promise<string | null> {
    const { choices, username, server } = this.#options;
    const choice = choices.find(({ kind }) => kind === 'password');
    if (choice?.kind !== 'password') return null;
    if (choice.secret !== null && this.#mayGive()) return await this.#give(choice.secret);
    return await this.#ask(`password:${server}`, `the password of ${username}`, 'Password', refusedPassword);
  }

  /** Once; again only where the server has taken something since then, so that what is asked for now is another factor. */
  #mayGive(): boolean {
    return this.#given === null || (this.#given === 'for-nothing-yet' && this.#options.isPartial());
  }

  #give(secret: SecretSource): Promise<string> {
    const { secrets, username, server, questions, isPartial } = this.#options;
    this.#given = isPartial() ? 'for-more' : 'for-nothing-yet';
    return secrets.reveal(secret, `password of ${username}`, { server, questions });
  }

  /** ssh asks for the same once more where it was refused, which `again` says. */
  async #ask(about: string, what: string, label: string, again: string): Promise<string> {
    const { server, questions } = this.#options;
    const tries = (this.#tries.get(about) ?? 0) + 1;
    this.#tries.set(about, tries);
    const [typed = ''] = await questions.ask({
      ...{ key: `${about}:${tries}`, server, what, note: tries === 1 ? null : again, isNoteOurs: true },
      prompts: [{ label, echo: 'hidden' }],
    });
    return typed;
  }

  /** ssh ends its question when the key was touched. */
  async #waitForTouch({ prompt, onEnd }: Ask): Promise<null> {
    const { server, questions } = this.#options;
    const note = questions.tell({ key: `touch:${server}`, server, what: 'a touch of your security key', note: prompt });
    await new Promise<void>((resolve) => onEnd(resolve));
    note.dispose();
    return null;
  }
}
