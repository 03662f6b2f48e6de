/**
 * A login with a certificate from a file: found, held against the private keys it may belong to, and signed for by the one that it is about, from
 * a file or in an ssh-agent. It knows nothing of what the server says to it.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import ssh2, { type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import type { Disposable } from '../../../base/lifecycle.ts';
import { OperationError } from '../../../core/codes.ts';
import type { AuthChoice } from '../../../core/login/auth-choice.ts';
import { readKeyFile } from '../key-file.ts';
import { typeOf } from '../known-hosts.ts';
import { openPrivateKey } from '../private-key.ts';
import type { AgentClient } from './agent-client.ts';
import { type Certificate, parseCertificateFile } from './certificate.ts';
import { toForeignKey } from './foreign-key.ts';
import { toOpenSshKey } from './open-ssh-key.ts';
import { loadSecurityKey, type SecurityKeyContext } from './security-key-file.ts';
import { toWireInt, toWireString } from './wire.ts';

export type CertificateChoice = AuthChoice & { readonly kind: 'certificate' };

/** Offers one certificate, and gives signatures of the key that it is about. */
export class CertifiedKey extends ssh2.BaseAgent<ParsedKey> {
  readonly #certificate: Certificate;
  readonly #sign: Signer;
  readonly #onSigning: () => Disposable;

  /** `onSigning`: until it is disposed, a signature is waited for, perhaps of a security key or of a person's leave. */
  constructor(certificate: Certificate, signer: Signer, onSigning: () => Disposable) {
    super();
    this.#certificate = certificate;
    this.#sign = signer;
    this.#onSigning = onSigning;
  }

  getIdentities(answer: IdentityCallback<ParsedKey>): void {
    answer(null, [toForeignKey(this.#certificate.blob, this.#certificate.type)]);
  }

  sign(
    _key: ParsedKey,
    data: Buffer,
    optionsOrAnswer: SigningRequestOptions | SignCallback,
    more?: SignCallback,
  ): void {
    const answer = typeof optionsOrAnswer === 'function' ? optionsOrAnswer : more;
    const signing = this.#onSigning();
    this.#sign(data)
      .finally(() => signing.dispose())
      .then(
        (signature) => answer?.(null, signature),
        (error: unknown) => answer?.(error instanceof Error ? error : new Error(String(error))),
      );
  }
}

/** Throws CREDENTIALS_UNAVAILABLE. */
export async function readCertificate(path: string): Promise<Certificate> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw toCredentialsError(`The certificate ${path} cannot be read; check the path and who may read it`, error);
  }
  const certificate = parseCertificateFile(text);
  if (certificate) return certificate;
  throw toCredentialsError(`${path} is not an OpenSSH certificate; name the file whose name ends with -cert.pub`);
}

/** The key that a certificate is about: the first of the files, or one in the agent. Throws CREDENTIALS_UNAVAILABLE. */
export async function findSigner(
  certificate: Certificate,
  choice: CertificateChoice,
  agent: AgentClient | null,
  context: SecurityKeyContext,
): Promise<Signer> {
  for (const privateKeyPath of choice.privateKeyPaths) {
    const file = await readKeyFile(privateKeyPath);
    const known = toOpenSshKey(file.bytes.toString('latin1'));
    // Without that nobody can say whose key it is before it is opened; a file that is not there says so when it is read.
    if (known !== null && !known.publicKey.equals(certificate.publicKey)) continue;
    if (known?.type.startsWith('sk-')) {
      const own = await loadSecurityKey({ privateKeyPath, passphrase: choice.passphrase }, context);
      return (data) => own.sign(certificate.publicKey, data, null);
    }
    const key = await openPrivateKey(file, choice.passphrase, context);
    if (key.getPublicSSH().equals(certificate.publicKey)) return async (data) => signWith(key, data);
  }
  // An agent that does not answer holds nothing that would help.
  const held = agent === null ? [] : await agent.identities().catch(() => []);
  if (agent !== null && held.some(({ blob }) => blob.equals(certificate.publicKey)))
    return (data) => agent.sign(certificate.publicKey, data, isRsa(certificate) ? 'sha512' : null);
  const tried = choice.privateKeyPaths.join(', ') || 'no key file';
  throw toCredentialsError(
    `The certificate ${choice.certificatePath} is about another key than ${tried}; name the private key that it was signed for`,
  );
}

/** The whole signature (RFC 4253, section 6.6), its algorithm in front. */
export type Signer = (data: Buffer) => Promise<Buffer>;

function signWith(key: ParsedKey, data: Buffer): Buffer {
  const type = typeOf(key.getPublicSSH()) ?? '';
  const pem = createPrivateKey(key.getPrivatePEM());
  if (type === 'ssh-rsa') return toSignature('rsa-sha2-512', sign('sha512', data, pem));
  const hash = hashOfCurves.get(type);
  if (hash === undefined) return toSignature(type, sign(null, data, pem));
  const both = sign(hash, data, { key: pem, dsaEncoding: 'ieee-p1363' });
  const half = both.length / 2;
  return toSignature(type, Buffer.concat([toWireInt(both.subarray(0, half)), toWireInt(both.subarray(half))]));
}

function toSignature(algorithm: string, bytes: Buffer): Buffer {
  return Buffer.concat([toWireString(algorithm), toWireString(bytes)]);
}

const hashOfCurves: ReadonlyMap<string, string> = new Map([
  ['ecdsa-sha2-nistp256', 'sha256'],
  ['ecdsa-sha2-nistp384', 'sha384'],
  ['ecdsa-sha2-nistp521', 'sha512'],
]);

function isRsa({ type }: Certificate): boolean {
  return type.startsWith('ssh-rsa-cert');
}

function toCredentialsError(sentence: string, cause?: unknown): OperationError {
  return new OperationError('CREDENTIALS_UNAVAILABLE', `${sentence}.`, { cause });
}
