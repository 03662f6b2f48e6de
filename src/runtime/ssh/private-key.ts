/** The private key of a login: read from its file, opened with the passphrase of its record or of a person. It knows nothing of servers' answers. */
import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import { OperationError } from '../../core/codes.ts';
import type { AuthChoice } from '../../core/login/auth-choice.ts';
import type { LoginQuestions } from '../../core/login/login-desk.ts';
import type { Secrets } from '../../core/ports.ts';
import type { SecretSource } from '../../core/server.ts';
import type { KeptPassphrases } from '../secrets/kept-passphrases.ts';
import type { KeyFile } from './key-file.ts';

export interface KeyContext {
  /** The id of the server whose login it is. */
  readonly server: string;
  readonly secrets: Secrets;
  readonly questions: LoginQuestions;
  readonly passphrases: KeptPassphrases;
  /** Names of variables that hold secrets of servers: no program of this machine is handed them; absent: none. */
  readonly secretVariables?: readonly string[];
}

/** Throws CREDENTIALS_UNAVAILABLE, also for a file that could not be read. */
export async function openPrivateKey(
  { path, bytes, problem }: KeyFile,
  passphrase: SecretSource | null,
  context: KeyContext,
): Promise<ParsedKey> {
  if (problem !== null)
    throw toCredentialsError(`The private key ${path} cannot be read; check the path and who may read it`, problem);
  const plain = toPrivateKey(bytes, undefined);
  if (!(plain instanceof Error)) return plain;
  if (!/encrypted|passphrase/i.test(plain.message))
    throw toCredentialsError(`${path} is not a private key that can be used here; name another key`, plain);
  if (passphrase === null) return await openByHand(path, bytes, context);
  const opened = toPrivateKey(bytes, await context.secrets.reveal(passphrase, `passphrase of ${path}`, context));
  if (opened instanceof Error) throw toWrongError(path, opened);
  return opened;
}

/** With the passphrase that was typed before, or one that is typed now. */
async function openByHand(path: string, text: Buffer, context: KeyContext): Promise<ParsedKey> {
  const { passphrases } = context;
  const kept = passphrases.find(path);
  const known = kept === null ? new Error('Nothing is kept.') : toPrivateKey(text, kept);
  if (!(known instanceof Error)) return known;
  passphrases.forget(path);
  const typed = await askPassphrase(path, text, context);
  const opened = toPrivateKey(text, typed);
  if (opened instanceof Error) throw toCredentialsError(`The private key ${path} changed meanwhile; try again`, opened);
  passphrases.keep(path, typed);
  return opened;
}

/** The passphrase itself, for a program of OpenSSH: of the record, kept, or typed and then kept. Throws CREDENTIALS_UNAVAILABLE. */
export async function revealPassphrase(
  { privateKeyPath, passphrase }: Pick<AuthChoice & { kind: 'privateKey' }, 'privateKeyPath' | 'passphrase'>,
  context: KeyContext,
): Promise<string> {
  const { secrets, passphrases } = context;
  const text = await readFile(privateKeyPath).catch(() => Buffer.alloc(0));
  if (passphrase !== null) {
    const revealed = await secrets.reveal(passphrase, `passphrase of ${privateKeyPath}`, context);
    if (isWrong(text, revealed)) throw toWrongError(privateKeyPath);
    return revealed;
  }
  const kept = passphrases.find(privateKeyPath);
  if (kept !== null) return kept.toString();
  const typed = await askPassphrase(privateKeyPath, text, context);
  passphrases.keep(privateKeyPath, typed);
  return typed;
}

async function askPassphrase(path: string, text: Buffer, { server, questions }: KeyContext): Promise<string> {
  const [typed = ''] = await questions.ask({
    ...{ key: `passphrase:${path}`, server, what: `the passphrase of ${path}`, note: null },
    prompts: [{ label: 'Passphrase', echo: 'hidden' }],
    check: ([answer = '']) => (isWrong(text, answer) ? 'That is not its passphrase.' : null),
  });
  return typed;
}

/** A key of a kind that is not known here can be opened all the same. */
function isWrong(text: Buffer, passphrase: string): boolean {
  const key = toPrivateKey(text, passphrase);
  return key instanceof Error && !/unsupported/i.test(key.message);
}

function toPrivateKey(text: Buffer, passphrase: string | Buffer | undefined): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (parsed instanceof Error) return parsed;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!key?.isPrivateKey()) return new Error('It holds no private key.');
  return key;
}

function toWrongError(path: string, cause?: unknown): OperationError {
  return toCredentialsError(`The passphrase for the private key ${path} is wrong; correct it in the record`, cause);
}

function toCredentialsError(sentence: string, cause: unknown): OperationError {
  return new OperationError('CREDENTIALS_UNAVAILABLE', `${sentence}.`, { cause });
}
