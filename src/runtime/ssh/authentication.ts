/**
 * Logging in: the choices of a record, tried in their order, each secret read or asked for only when its turn comes and after the host
 * key was accepted. It knows nothing of sockets or host keys.
 */
import type { AnyAuthMethod, AuthHandlerMiddleware } from 'ssh2';
import { unreachable } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, Disposables } from '../../base/lifecycle.ts';
import { OperationError } from '../../core/codes.ts';
import type { AuthChoice } from '../../core/login/auth-choice.ts';
import { OfferedKeys } from './certificates/offered-keys.ts';
import { prepareAgent, prepareCertificate, prepareSecurityKey } from './certificates/prepare-keys.ts';
import type { LoginAttempt } from './connect-story.ts';
import { readKeyFile } from './key-file.ts';
import {
  interactive,
  type Method,
  type PasswordOptions,
  toInteractiveMethod,
  toPasswordMethods,
} from './password-methods.ts';
import { type KeyContext, openPrivateKey } from './private-key.ts';
import { TypedPassword } from './typed-password.ts';

export interface Authentication {
  readonly handler: AuthHandlerMiddleware;
  /** Each refusal of the server: what it still takes, and whether what it got was right but not enough. */
  handleRefused(left: readonly string[], isPartial: boolean): void;
  /** The server is satisfied. */
  handleTaken(): void;
  /** What it took, in words. */
  readonly taken: string;
  /** What was tried so far, in its order. */
  readonly attempts: readonly LoginAttempt[];
  /** What was started for the login ends with it. */
  end(): void;
  /** The refusal, after ssh2 has said that nothing is left to try. */
  failure(address: string): OperationError;
}

export interface AuthenticationOptions extends KeyContext {
  readonly username: string;
  /** user@host:port, as it is connected to. */
  readonly address: string;
  readonly choices: readonly AuthChoice[];
  /** Algorithms of keys that the user's configuration lets be offered; absent or null: all. */
  readonly acceptedTypes?: readonly string[] | null;
  readonly clock: Clock;
  /** Before a person is asked and when nothing is left: what the server takes and cannot be offered here is a reason to leave. Default: none. */
  readonly leave?: (offered: readonly string[]) => Promise<OperationError | null>;
  /** Around everything that may wait for a person or a local program; the handshake's deadline stands still meanwhile. */
  readonly onWaiting: (isWaiting: 'waiting' | 'done') => void;
}

export function toAuthentication(options: AuthenticationOptions): Authentication {
  const attempts: LoginAttempt[] = [];
  const tried: string[] = [];
  const taken: string[] = [];
  const problems: OperationError[] = [];
  const onProblem = (error: unknown): void =>
    void problems.push(toCredentialsError('The server got no answer to what it asked', error));
  const objections: string[] = [];
  const onObjection = (sentence: string): void => void objections.push(sentence);
  const offeredKeys = new OfferedKeys(options.acceptedTypes ?? null);
  const lifetimes = new Disposables();
  const onStarted = (lifetime: Disposable): void => void lifetimes.add(lifetime);
  const { server, address, passphrases } = options;
  const typed = new TypedPassword(`password:${server}:${address}`, passphrases);
  const methodOptions: MethodOptions = { ...options, typed, onProblem, onObjection, onStarted, offeredKeys };
  const methods = toMethods(methodOptions);
  let offered: readonly string[] | null = null;
  let wasPartial = false;
  let current: Method | null = null;
  let leaving: OperationError | null = null;

  /** What was right already is not thrown away. */
  async function leaves(): Promise<boolean> {
    if (taken.length > 0 || offered === null) return false;
    leaving = (await options.leave?.(offered)) ?? null;
    return leaving !== null;
  }

  /** The next method that can be tried; a choice that fails on this side is noted and passed over. */
  async function next(): Promise<AnyAuthMethod | false> {
    for (let method = methods.shift(); method; method = methods.shift()) {
      if (offered !== null && !offered.includes(method.wireName)) continue;
      if (method.asks && (await leaves())) return false;
      try {
        current = method;
        const prepared = await method.prepare();
        if (prepared === null) continue;
        if (!tried.includes(method.words)) tried.push(method.words);
        attempts.push({ words: method.words, outcome: null, refusals: 0, note: null });
        return prepared;
      } catch (error) {
        if (!(error instanceof OperationError)) throw error;
        problems.push(error);
        attempts.push({ words: method.words, outcome: 'not tried', refusals: 0, note: error.message });
      }
    }
    await leaves();
    return false;
  }

  return {
    handleRefused(left, isPartial) {
      offered = left;
      wasPartial ||= isPartial;
      if (isPartial) taken.push(...tried.slice(-1));
      noteRefusal(attempts.at(-1), left, isPartial);
      const again = isPartial ? null : (current?.again?.() ?? null);
      current = null;
      if (again !== null) methods.unshift(again);
    },
    handler(_methodsLeft, _partialSuccess, answer) {
      const partialSuccess = wasPartial;
      wasPartial = false;
      // The server wants something more after what was right: a one-time code, as no record names it.
      const asksMore = partialSuccess && !methods.some(({ wireName }) => wireName === interactive);
      if (asksMore) methods.push(toInteractiveMethod(methodOptions, 'a person'));
      options.onWaiting('waiting');
      const giveUp = (error: unknown): false => {
        problems.push(toCredentialsError('The login could not be prepared', error));
        return false;
      };
      next()
        .catch(giveUp)
        .then((method) => {
          options.onWaiting('done');
          Reflect.apply(answer, undefined, [method]);
        });
    },
    handleTaken() {
      typed.handleTaken();
    },
    get taken() {
      return [...taken, ...tried.slice(-1)].join(' and ');
    },
    attempts,
    end() {
      lifetimes.dispose();
    },
    failure(address) {
      if (leaving !== null) return leaving;
      const [problem] = problems;
      if (tried.length === 0 && problem) return problem;
      const accepted = offered === null ? '' : `; the server accepts ${[...offered].join(', ') || 'nothing more'}`;
      const more = [...objections, ...problems.map((each) => each.message)].map((each) => ` ${each}`).join('');
      return new OperationError(
        'AUTH_FAILED',
        `Login as ${address} was refused. Tried: ${tried.join(', ') || 'nothing'}${accepted}. ` +
          `Check the user name and the credentials of the server's record.${more}`,
        { data: { tried: [...tried], accepted: offered === null ? null : [...offered] } },
      );
    },
  };
}

/** Of what was not sent yet, the server has refused nothing: it only said what it takes. */
function noteRefusal(attempt: LoginAttempt | undefined, left: readonly string[], isPartial: boolean): void {
  if (attempt === undefined || attempt.outcome === 'not tried') return;
  attempt.outcome = isPartial ? 'taken, but not enough' : 'refused';
  if (!isPartial) attempt.refusals += 1;
  attempt.note = `the server takes ${left.join(', ') || 'nothing more'}`;
}

interface MethodOptions extends AuthenticationOptions, PasswordOptions {
  /** What speaks against a credential that is offered all the same, one sentence. */
  readonly onObjection: (sentence: string) => void;
  readonly onStarted: (lifetime: Disposable) => void;
  readonly offeredKeys: OfferedKeys;
}

function toMethods(options: MethodOptions): Method[] {
  const { username, choices } = options;
  return choices.flatMap((choice): Method[] => {
    switch (choice.kind) {
      case 'agent':
        return [
          {
            wireName: 'publickey',
            words: `the keys of the ssh-agent at ${choice.socket}`,
            prepare: async () => ({ type: 'agent', username, agent: await prepareAgent(choice, options) }),
          },
        ];
      case 'privateKey':
        return [
          {
            wireName: 'publickey',
            words: `the key ${choice.privateKeyPath}`,
            async prepare() {
              const file = await readKeyFile(choice.privateKeyPath);
              if (!(await options.offeredKeys.mayOfferFile(file))) return null;
              const agent = await prepareSecurityKey(choice, file, options);
              if (agent !== null) return { type: 'agent', username, agent };
              return { type: 'publickey', username, key: await openPrivateKey(file, choice.passphrase, options) };
            },
          },
        ];
      case 'certificate':
        return [
          {
            wireName: 'publickey',
            words: `the certificate ${choice.certificatePath}`,
            prepare: async () => ({ type: 'agent', username, agent: await prepareCertificate(choice, options) }),
          },
        ];
      case 'password':
        return toPasswordMethods(options, choice);
      default:
        return unreachable(choice);
    }
  });
}

function toCredentialsError(sentence: string, cause: unknown): OperationError {
  if (cause instanceof OperationError) return cause;
  return new OperationError('CREDENTIALS_UNAVAILABLE', `${sentence}.`, { cause });
}
