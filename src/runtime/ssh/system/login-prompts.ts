/**
 * What the system's ssh asks for while it logs in, told apart by its words, and answered from the record of the server, what is kept in memory, or
 * a person. It knows no process.
 */
import { OperationError } from '../../../core/codes.ts';
import type { AuthChoice } from '../../../core/login/auth-choice.ts';
import { refusedAnswer } from '../interview.ts';
import { type KeyContext, revealPassphrase } from '../private-key.ts';
import type { Ask } from './ask-program.ts';

export interface LoginPromptsOptions extends KeyContext {
  readonly username: string;
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
   * Since OpenSSH 8.5, what a server words itself begins with whose login it is, so that no server can ask in the words of ssh for what opens a
   * key; older ones are not used.
   */
  async #answerSecret(prompt: string): Promise<string | null> {
    const { username } = this.#options;
    const ofServer = prompt.startsWith(`(${username}@`) ? /^\(.*?\) ([\s\S]*)$/.exec(prompt)?.[1] : undefined;
    if (ofServer !== undefined) return await this.#answerServer(ofServer);
    const path = /^Enter passphrase for key '(.*)': $/.exec(prompt)?.[1];
    if (path !== undefined) return await this.#answerPassphrase(path);
    const token = /^Enter PIN for '?(.*?)'?: $/.exec(prompt)?.[1];
    if (token !== undefined)
      return await this.#ask(`pin:${token}`, `the PIN of your token ${token}`, 'PIN', refusedPin);
    if (prompt.startsWith(`${username.slice(0, 30)}@`) && prompt.endsWith("'s password: "))
      return await this.#password();
    return await this.#ask(`ssh:${prompt}`, 'an answer to what ssh asks', prompt, refusedAnswer);
  }

  async #answerServer(prompt: string): Promise<string | null> {
    const password = this.#options.choices.find(isInteractive);
    if (password === undefined && !this.#options.isPartial()) return null;
    const isFirst = !this.#answered.has('server');
    this.#answered.add('server');
    if (isFirst && password && password.secret !== null) return await this.#reveal(password.secret);
    const { server, username } = this.#options;
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
    if (choice.secret !== null) return await this.#reveal(choice.secret);
    return await this.#ask(`password:${server}`, `the password of ${username}`, 'Password', refusedPassword);
  }

  #reveal(secret: NonNullable<(AuthChoice & { kind: 'password' })['secret']>): Promise<string> {
    const { secrets, username, server, questions } = this.#options;
    return secrets.reveal(secret, `password of ${username}`, { server, questions });
  }

  /** ssh asks for the same once more where it was refused, which `again` says. */
  async #ask(about: string, what: string, label: string, again: string): Promise<string> {
    const { server, questions } = this.#options;
    const tries = (this.#tries.get(about) ?? 0) + 1;
    this.#tries.set(about, tries);
    const [typed = ''] = await questions.ask({
      ...{ key: `${about}:${tries}`, server, what, note: tries === 1 ? null : again },
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
