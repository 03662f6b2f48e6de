/**
 * Logging in: the choices of a record, tried in their order, each secret read only when its turn comes and after the host key was
 * accepted. It knows nothing of sockets or host keys.
 */
import { readFile } from 'node:fs/promises';
import ssh2, { type AnyAuthMethod, type AuthHandlerMiddleware, type ParsedKey } from 'ssh2';
import { unreachable } from '../../base/assert.ts';
import { OperationError } from '../../core/codes.ts';
import type { AuthChoice, Secrets } from '../../core/ports.ts';

export interface Authentication {
  readonly handler: AuthHandlerMiddleware;
  /** The refusal, after ssh2 has said that nothing is left to try. */
  failure(address: string): OperationError;
}

export interface AuthenticationOptions {
  readonly username: string;
  readonly choices: readonly AuthChoice[];
  readonly secrets: Secrets;
  /** Around everything that may wait for a person or a local program; the handshake's deadline stands still meanwhile. */
  readonly onWaiting: (isWaiting: 'waiting' | 'done') => void;
}

export function toAuthentication(options: AuthenticationOptions): Authentication {
  const methods = toMethods(options);
  const tried: string[] = [];
  const problems: OperationError[] = [];
  let offered: readonly string[] | null = null;

  /** The next method that can be tried; a choice that fails on this side is noted and passed over. */
  async function next(): Promise<AnyAuthMethod | false> {
    for (let method = methods.shift(); method; method = methods.shift()) {
      if (offered !== null && !offered.includes(method.wireName)) continue;
      try {
        const prepared = await method.prepare();
        tried.push(method.words);
        return prepared;
      } catch (error) {
        if (!(error instanceof OperationError)) throw error;
        problems.push(error);
      }
    }
    return false;
  }

  return {
    handler(methodsLeft, _partialSuccess, answer) {
      // Null on the first call; the types of the library leave that out.
      const left: readonly string[] | null = methodsLeft;
      offered = left ?? offered;
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
    failure(address) {
      const [problem] = problems;
      if (tried.length === 0 && problem) return problem;
      const accepted = offered === null ? '' : `; the server accepts ${[...offered].join(', ') || 'nothing more'}`;
      const more = problems.map((each) => ` ${each.message}`).join('');
      return new OperationError(
        'AUTH_FAILED',
        `Login as ${address} was refused. Tried: ${tried.join(', ') || 'nothing'}${accepted}. ` +
          `Check the user name and the credentials of the server's record.${more}`,
        { data: { tried: [...tried], accepted: offered === null ? null : [...offered] } },
      );
    },
  };
}

interface Method {
  /** The name of RFC 4252 that the server lists. */
  readonly wireName: string;
  readonly words: string;
  /** Throws CREDENTIALS_UNAVAILABLE. */
  prepare(): Promise<AnyAuthMethod>;
}

function toMethods({ username, choices, secrets }: AuthenticationOptions): Method[] {
  return choices.flatMap((choice): Method[] => {
    switch (choice.kind) {
      case 'agent':
        return [
          {
            wireName: 'publickey',
            words: `the keys of the ssh-agent at ${choice.socket}`,
            prepare: async () => ({ type: 'agent', username, agent: choice.socket }),
          },
        ];
      case 'privateKey':
        return [
          {
            wireName: 'publickey',
            words: `the key ${choice.privateKeyPath}`,
            prepare: async () => ({ type: 'publickey', username, key: await readKey(choice, secrets) }),
          },
        ];
      case 'password':
        return toPasswordMethods(username, () => secrets.reveal(choice.secret, `password of ${username}`));
      default:
        return unreachable(choice);
    }
  });
}

/** The same password by both methods servers ask for it with; a question that is not about one hidden answer gets none. */
function toPasswordMethods(username: string, reveal: () => Promise<string>): Method[] {
  return [
    {
      wireName: 'password',
      words: 'the password',
      prepare: async () => ({ type: 'password', username, password: await reveal() }),
    },
    {
      wireName: 'keyboard-interactive',
      words: 'the password (keyboard-interactive)',
      async prepare() {
        const password = await reveal();
        let isAnswered = false;
        return {
          type: 'keyboard-interactive',
          username,
          prompt(_name, _instructions, _language, prompts, answer) {
            const [only] = prompts;
            const isPassword = prompts.length === 1 && only?.echo === false && !isAnswered;
            isAnswered = true;
            answer(isPassword ? [password] : prompts.map(() => ''));
          },
        };
      },
    },
  ];
}

async function readKey(choice: AuthChoice & { kind: 'privateKey' }, secrets: Secrets): Promise<ParsedKey> {
  const path = choice.privateKeyPath;
  let text: Buffer;
  try {
    text = await readFile(path);
  } catch (error) {
    throw toCredentialsError(`The private key ${path} cannot be read; check the path and who may read it`, error);
  }
  const plain = toPrivateKey(text, undefined);
  if (!(plain instanceof Error)) return plain;
  if (!/encrypted|passphrase/i.test(plain.message))
    throw toCredentialsError(`${path} is not a private key that can be used here; name another key`, plain);
  if (choice.passphrase === null)
    throw toCredentialsError(
      `The private key ${path} needs a passphrase; name it with its passphrase in the record, or add it to an ssh-agent`,
      plain,
    );
  const opened = toPrivateKey(text, await secrets.reveal(choice.passphrase, `passphrase of ${path}`));
  if (opened instanceof Error)
    throw toCredentialsError(`The passphrase for the private key ${path} is wrong; correct it in the record`, opened);
  return opened;
}

function toPrivateKey(text: Buffer, passphrase: string | undefined): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (parsed instanceof Error) return parsed;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!key?.isPrivateKey()) return new Error('It holds no private key.');
  return key;
}

function toCredentialsError(sentence: string, cause: unknown): OperationError {
  if (cause instanceof OperationError) return cause;
  return new OperationError('CREDENTIALS_UNAVAILABLE', `${sentence}.`, { cause });
}
