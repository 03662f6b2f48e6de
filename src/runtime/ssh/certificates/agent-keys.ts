/**
 * All that an ssh-agent holds, offered to a server: plain keys, certificates and the keys of security keys. What ssh2 itself does with an
 * agent leaves out all but the first. It reads no file.
 */
import ssh2, { type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import type { Disposable } from '../../../base/lifecycle.ts';
import { typeOf } from '../known-hosts.ts';
import type { AgentClient, AgentIdentity } from './agent-client.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { isForeign, toForeignKey } from './foreign-key.ts';
import { WireReader } from './wire.ts';

export interface SigningKey {
  readonly isSecurityKey: boolean;
  /** As its owner called it. */
  readonly comment: string;
}

export interface AgentKeysOptions {
  readonly agent: AgentClient;
  /** Which of what it holds is offered, in that order. */
  readonly arrange: (identities: readonly AgentIdentity[]) => readonly AgentIdentity[];
  /** Each certificate, before it is offered. */
  readonly onCertificate: (certificate: Certificate, comment: string) => void;
  /** Until it is disposed, the agent waits for a touch of a security key or for a person's leave. */
  readonly onSigning: (key: SigningKey) => Disposable;
  /** It gave no signature. */
  readonly onUnsigned: (key: SigningKey) => void;
}

export class AgentKeys extends ssh2.BaseAgent<ParsedKey> {
  readonly #options: AgentKeysOptions;
  readonly #comments = new WeakMap<ParsedKey, string>();

  constructor(options: AgentKeysOptions) {
    super();
    this.#options = options;
  }

  getIdentities(answer: IdentityCallback<ParsedKey>): void {
    this.#list().then(
      (keys) => answer(null, [...keys]),
      (error: unknown) => answer(toError(error)),
    );
  }

  sign(key: ParsedKey, data: Buffer, optionsOrAnswer: SigningRequestOptions | SignCallback, more?: SignCallback): void {
    const answer = typeof optionsOrAnswer === 'function' ? optionsOrAnswer : more;
    const hash = typeof optionsOrAnswer === 'function' ? undefined : optionsOrAnswer.hash;
    this.#sign(key, data, hash).then(
      (signature) => answer?.(null, signature),
      (error: unknown) => answer?.(toError(error)),
    );
  }

  async #list(): Promise<readonly ParsedKey[]> {
    const keys: ParsedKey[] = [];
    const { agent, arrange } = this.#options;
    for (const { blob, comment } of arrange(await agent.identities())) {
      const key = toOfferedKey(blob);
      if (key === null) continue;
      const certificate = parseCertificate(blob);
      if (certificate) this.#options.onCertificate(certificate, comment);
      this.#comments.set(key, comment);
      keys.push(key);
    }
    return keys;
  }

  async #sign(key: ParsedKey, data: Buffer, hash: SigningRequestOptions['hash']): Promise<Buffer> {
    const of = { isSecurityKey: key.type.startsWith('sk-'), comment: this.#comments.get(key) ?? '' };
    const signing = this.#options.onSigning(of);
    try {
      const wanted =
        hash === 'sha256' || hash === 'sha512' ? hash : key.type.startsWith('ssh-rsa-cert') ? 'sha512' : null;
      const signature = await this.#options.agent.sign(key.getPublicSSH(), data, wanted);
      if (isForeign(key)) return signature;
      const reader = new WireReader(signature);
      reader.string();
      return reader.string();
    } catch (error) {
      this.#options.onUnsigned(of);
      throw error;
    } finally {
      signing.dispose();
    }
  }
}

/** Null for what no server would take as a key. */
function toOfferedKey(blob: Buffer): ParsedKey | null {
  const parsed = ssh2.utils.parseKey(blob);
  if (!(parsed instanceof Error)) return Array.isArray(parsed) ? (parsed[0] ?? null) : parsed;
  const type = typeOf(blob);
  return type !== null && (type.startsWith('sk-') || parseCertificate(blob) !== null) ? toForeignKey(blob, type) : null;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
