/**
 * Logging in with a password: by the two methods that servers ask for one with, from the record, from what was typed before and kept, or from a
 * person. It knows no other way to log in.
 */
import type { AnyAuthMethod } from 'ssh2';
import { present } from '../../base/assert.ts';
import { limits } from '../../core/limits.ts';
import type { AuthChoice } from '../../core/login/auth-choice.ts';
import type { SecretSource } from '../../core/server.ts';
import { Interview, type InterviewOptions } from './interview.ts';
import type { KeyContext } from './private-key.ts';
import type { TypedPassword } from './typed-password.ts';

export interface PasswordOptions extends Pick<KeyContext, 'secrets'>, InterviewOptions {
  readonly typed: TypedPassword;
}

export interface Method {
  /** The name of RFC 4252 that the server lists. */
  readonly wireName: string;
  readonly words: string;
  /** A person is likely to be asked. */
  readonly asks?: true;
  /** Null: the server has seen it already, or may not see it. Throws CREDENTIALS_UNAVAILABLE. */
  prepare(): Promise<AnyAuthMethod | null>;
  /** What is tried next when the server has refused it: the same again, where a person has mistyped. Null for nothing. */
  again?(): Method | null;
}

export const interactive = 'keyboard-interactive';

/** The same password by both methods servers ask for it with, or by those that are wanted. */
export function toPasswordMethods(
  options: PasswordOptions,
  { secret, methods }: AuthChoice & { kind: 'password' },
): Method[] {
  const { username, secrets, questions, server } = options;
  const reveal = (source: SecretSource): Promise<string> =>
    secrets.reveal(source, `password of ${username}`, { server, questions });
  // What a person is to type, the server itself words best.
  const all =
    secret === null
      ? [toInteractiveMethod(options, 'a person'), toAskedPassword(options, 1)].map(toAsking)
      : [toKnownPassword(options, () => reveal(secret)), toInteractiveMethod(options, () => reveal(secret))];
  return methods === undefined
    ? all
    : methods.map((name) =>
        present(
          all.find(({ wireName }) => wireName === name),
          'There are no others.',
        ),
      );
}

function toAsking(method: Method): Method {
  return { ...method, asks: true };
}

function toKnownPassword({ username }: PasswordOptions, reveal: () => Promise<string>): Method {
  return {
    wireName: 'password',
    words: 'the password',
    prepare: async () => ({ type: 'password', username, password: await reveal() }),
  };
}

/** As ssh does, a password that was refused is asked for again (NumberOfPasswordPrompts); one that was kept is given first. */
function toAskedPassword(options: PasswordOptions, tries: number): Method {
  const { username, questions, server, typed } = options;
  let answered: 'kept' | 'typed' | null = null;
  return {
    wireName: 'password',
    words: 'the password',
    async prepare() {
      const kept = typed.take();
      if (kept !== null) {
        answered = 'kept';
        return { type: 'password', username, password: kept };
      }
      const [password = ''] = await questions.ask({
        ...{ key: `password:${server}:${tries}`, server, what: `the password of ${username}` },
        note: tries === 1 ? null : 'The server refused that password; type it again.',
        isNoteOurs: true,
        prompts: [{ label: 'Password', echo: 'hidden' }],
      });
      answered = 'typed';
      typed.note(password);
      return { type: 'password', username, password };
    },
    again() {
      if (answered === null) return null;
      typed.handleRefused(answered);
      // What was kept is no try of a person's.
      if (answered === 'kept') return toAskedPassword(options, tries);
      return tries < limits.loginTriesMax ? toAskedPassword(options, tries + 1) : null;
    },
  };
}

/**
 * The server asks what it likes: a password that is known, or was typed and kept, answers what asks for it, once; a person the others, again when
 * they were refused.
 */
export function toInteractiveMethod(
  options: PasswordOptions,
  source: 'a person' | (() => Promise<string>),
  tries = 1,
): Method {
  const { typed } = options;
  let interview: Interview | null = null;
  return {
    wireName: interactive,
    words: 'the password (keyboard-interactive)',
    async prepare() {
      const known = source === 'a person' ? typed.peek() : await source();
      const begun = new Interview(options, known, tries);
      interview = begun;
      return {
        type: interactive,
        username: options.username,
        prompt: (name, instructions, _language, prompts, answer) =>
          void begun.answer({ name, instructions, prompts }).then(answer),
      };
    },
    again() {
      if (interview === null) return null;
      const wasKept = source === 'a person' && interview.wasGiven;
      typed.handleRefused(wasKept ? 'kept' : 'typed');
      if (wasKept && !interview.wasAnswered) return toInteractiveMethod(options, 'a person', tries);
      if (!interview.wasAnswered || tries >= limits.loginTriesMax) return null;
      return toInteractiveMethod(options, interview.wasGiven ? 'a person' : source, tries + 1);
    },
  };
}
