/** Why the system's ssh did not log in, in the words that a login here fails with. What ssh printed is foreign text in part. */
import { OperationError } from '../../../core/codes.ts';
import type { AuthChoice } from '../../../core/login/auth-choice.ts';
import { type Certificate, objectionTo } from '../certificates/certificate.ts';
import { readCertificate } from '../certificates/certified-key.ts';

export interface FailedHandshake {
  /** `user@host:port`. */
  readonly address: string;
  /** What ssh was to try, in its order. */
  readonly auth: readonly AuthChoice[];
  /** What ssh printed. */
  readonly said: string;
  /** Why questions of ssh got no answer. */
  readonly problems: readonly OperationError[];
  /** What speaks against credentials that were offered all the same. */
  readonly objections: readonly string[];
}

/** One factor of several was right. */
export function hasPartialSuccess(said: string): boolean {
  return /^Authenticated using "[a-z-]+" with partial success\.\r?$/m.test(said);
}

export function isRefusedLogin(said: string): boolean {
  return /Permission denied \(|Too many authentication failures/.test(said);
}

/** CREDENTIALS_UNAVAILABLE where nothing could be offered, else AUTH_FAILED with what was. */
export function toLoginFailure({ address, auth, said, problems, objections }: FailedHandshake): OperationError {
  const ofKeys = auth.map((choice) => problemOf(choice, said));
  const tried = auth.filter((_choice, at) => ofKeys[at] === null).map(toWords);
  const all = [...ofKeys.filter((sentence) => sentence !== null), ...problems.map(({ message }) => message)];
  const [first] = all;
  if (first !== undefined && all.length >= auth.length && !hasPartialSuccess(said))
    return new OperationError('CREDENTIALS_UNAVAILABLE', first);
  const accepted = /Permission denied \(([^)]*)\)/.exec(said)?.[1]?.split(',') ?? null;
  const takes = accepted === null ? '' : `; the server accepts ${accepted.join(', ')}`;
  const more = [...objections, ...all].map((sentence) => ` ${sentence}`).join('');
  return new OperationError(
    'AUTH_FAILED',
    `Login as ${address} over the system's ssh was refused. Tried: ${tried.join(', ') || 'nothing'}${takes}. ` +
      `Check the user name and the credentials of the server's record.${more}`,
    { data: { tried, accepted } },
  );
}

/** Null: it was offered, as far as ssh says. */
function problemOf(choice: AuthChoice, said: string): string | null {
  if (choice.kind !== 'privateKey') return null;
  const path = choice.privateKeyPath;
  const lines = said.split('\n').map((line) => line.trim());
  if (
    lines.some(
      (line) => line.startsWith(`no such identity: ${path}: `) || line === `Load key "${path}": Permission denied`,
    )
  )
    return `The private key ${path} cannot be read; check the path and who may read it.`;
  const reason = lines.find((line) => line.startsWith(`Load key "${path}": `));
  if (reason === undefined) return null;
  return `${path} is not a private key that can be used here; name another key.`;
}

/** Of the certificates, as a server is likely to see them. Throws CREDENTIALS_UNAVAILABLE for one that cannot be read. */
export async function objectionsTo(
  auth: readonly AuthChoice[],
  username: string,
  nowMs: number,
): Promise<readonly string[]> {
  const certificates = await Promise.all(
    auth.flatMap((choice) => (choice.kind === 'certificate' ? [readNamed(choice.certificatePath)] : [])),
  );
  return certificates.flatMap(([path, certificate]) => {
    const objection = objectionTo(certificate, username, nowMs);
    return objection === null ? [] : [`The certificate ${path} (authority ${certificate.authority}) ${objection}.`];
  });
}

async function readNamed(path: string): Promise<readonly [string, Certificate]> {
  return [path, await readCertificate(path)];
}

export function toWords(choice: AuthChoice): string {
  switch (choice.kind) {
    case 'agent':
      return `the keys of the ssh-agent at ${choice.socket}`;
    case 'privateKey':
      return `the key ${choice.privateKeyPath}`;
    case 'certificate':
      return `the certificate ${choice.certificatePath}`;
    case 'password':
      return 'the password';
  }
}
