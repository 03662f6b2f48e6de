/** What the system's ssh prints, read: how a login went and why a connection came to nothing. Pure; most of it is foreign text. */
import { OperationError } from '../../../core/codes.ts';
import type { AuthChoice } from '../../../core/login/auth-choice.ts';
import { BusyServerError } from '../handshake.ts';
import { type FailedHandshake, isRefusedLogin, toLoginFailure, toWords } from './login-failure.ts';

/** What the server took, as in `Logged in as root with …`; null when it is not said. */
export function toLoginWords(said: string, auth: readonly AuthChoice[]): string | null {
  const methods = [...said.matchAll(/^Authenticated .*?using "([a-z-]+)"/gm)].map(([, name = '']) => name);
  const keys = auth.filter(({ kind }) => kind !== 'password');
  // Of several keys ssh does not say which it was.
  const key = keys.length === 1 ? keys.map(toWords)[0] : 'a key';
  const words = methods.map((name) => (name === 'publickey' ? key : (wordsOfMethods.get(name) ?? name)));
  return words.length === 0 ? null : words.join(' and ');
}

export function lastLines(said: string, count: number): readonly string[] {
  // What ssh repeats of the server is foreign: no command stands out in it as one of ours do.
  const lines = said.split('\n').map((line) => line.trim().replaceAll('`', "'"));
  return lines.filter((line) => line !== '' && !/^Authenticated /.test(line)).slice(-count);
}

/** The error of a handshake that has ended; `cause` is what this side ended it for, where it did. */
export function toHandshakeFailure(cause: unknown, failed: FailedHandshake): OperationError {
  const { address, said } = failed;
  if (cause instanceof OperationError) return cause;
  const [last = 'it ended without a word'] = lastLines(said, 1);
  if (isRefusedLogin(said)) return toLoginFailure(failed);
  const unmatched = /no matching ([a-z ]+) found\. Their offer: (\S+)/i.exec(said);
  if (unmatched !== null)
    return new OperationError(
      'UNREACHABLE',
      `${address} and the system's ssh have no ${unmatched[1]} in common either (it offers ${unmatched[2]}); update its SSH server, ` +
        'or allow what it offers in ~/.ssh/config and register it by its alias.',
    );
  if (/Connection (closed|reset) by/.test(last) || /kex_exchange_identification/.test(said))
    return new BusyServerError('UNREACHABLE', `${address} closed the connection to the system's ssh: ${last}`);
  return new OperationError(
    'UNREACHABLE',
    `${address} cannot be reached over the system's ssh: ${last}. Try \`ssh -v\` to find out why.`,
    { cause },
  );
}

export function toLateError(address: string): OperationError {
  return new OperationError(
    'UNREACHABLE',
    `${address} cannot be reached over the system's ssh: it did not finish the SSH handshake in time. ` +
      'Check that the host is up and that an SSH server listens there.',
  );
}

const wordsOfMethods: ReadonlyMap<string, string> = new Map([
  ['password', 'the password'],
  ['keyboard-interactive', 'the answers to what it asked'],
  ['gssapi-with-mic', 'a Kerberos ticket'],
]);
