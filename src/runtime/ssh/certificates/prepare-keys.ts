/** Key logins that ssh2 cannot do by itself, made ready: what an agent holds, and a certificate from a file, with what is said to a person about both. */
import type { BaseAgent, ParsedKey } from 'ssh2';
import { type Disposable, toDisposable } from '../../../base/lifecycle.ts';
import type { AuthChoice } from '../../../core/login/auth-choice.ts';
import type { KeyFile } from '../key-file.ts';
import { AgentClient, type AgentIdentity } from './agent-client.ts';
import { AgentKeys, type SigningKey } from './agent-keys.ts';
import { type Certificate, objectionTo } from './certificate.ts';
import { type CertificateChoice, CertifiedKey, findSigner, readCertificate } from './certified-key.ts';
import { type OfferedKeys, readPublicKey } from './offered-keys.ts';
import { isOfSecurityKey, loadSecurityKey, type SecurityKeyContext } from './security-key-file.ts';

export interface KeysOptions extends SecurityKeyContext {
  readonly username: string;
  /** Around the time in which a person is waited for. */
  readonly onWaiting: (isWaiting: 'waiting' | 'done') => void;
  /** What speaks against a credential that is offered all the same, one sentence. */
  readonly onObjection: (sentence: string) => void;
  readonly offeredKeys: OfferedKeys;
}

export async function prepareAgent(choice: AgentChoice, options: KeysOptions): Promise<BaseAgent<ParsedKey>> {
  const arrange = await toArrangement(choice);
  return new AgentKeys({
    agent: new AgentClient(choice.socket, options.clock),
    arrange: (identities) => arrange(identities).filter(({ blob }) => options.offeredKeys.mayOffer(blob)),
    onCertificate: (certificate, comment) => object(certificate, `${comment} in the ssh-agent`, options),
    onSigning: ({ isSecurityKey, comment }) => waitForKey(isSecurityKey ? comment : null, options),
    onUnsigned: (key) => options.onObjection(toUnsignedWords(key, 'in the ssh-agent')),
  });
}

type AgentChoice = AuthChoice & { readonly kind: 'agent' };

/** As ssh: the keys that files name come first, in the order of the files, and with `isExclusive` no others come. */
async function toArrangement({ identities = [], isExclusive = false }: AgentChoice): Promise<Arrange> {
  const named = (await Promise.all(identities.map(readPublicKey))).filter((blob) => blob !== null);
  const rankOf = ({ blob }: AgentIdentity): number => {
    const at = named.findIndex((one) => one.equals(blob));
    return at === -1 ? named.length : at;
  };
  return (held) =>
    held
      .filter((identity) => !isExclusive || rankOf(identity) < named.length)
      .sort((one, other) => rankOf(one) - rankOf(other));
}

type Arrange = (held: readonly AgentIdentity[]) => AgentIdentity[];

/** The key of a security key from its file, when it is one; else null. Throws CREDENTIALS_UNAVAILABLE. */
export async function prepareSecurityKey(
  choice: AuthChoice & { readonly kind: 'privateKey' },
  file: KeyFile,
  options: KeysOptions,
): Promise<BaseAgent<ParsedKey> | null> {
  if (!isOfSecurityKey(file)) return null;
  return new AgentKeys({
    agent: await loadSecurityKey(choice, options),
    arrange: (identities) => [...identities],
    onCertificate: () => undefined,
    onSigning: () => waitForKey(choice.privateKeyPath, options),
    onUnsigned: (key) => options.onObjection(toUnsignedWords(key, `of ${choice.privateKeyPath}`)),
  });
}

/** Throws CREDENTIALS_UNAVAILABLE. */
export async function prepareCertificate(
  choice: CertificateChoice,
  options: KeysOptions,
): Promise<BaseAgent<ParsedKey>> {
  const certificate = await readCertificate(choice.certificatePath);
  object(certificate, choice.certificatePath, options);
  const agent = choice.agentSocket === null ? null : new AgentClient(choice.agentSocket, options.clock);
  const signer = await findSigner(certificate, choice, agent, options);
  const name = certificate.type.startsWith('sk-') ? choice.certificatePath : null;
  return new CertifiedKey(certificate, signer, () => waitForKey(name, options));
}

/** It is offered all the same: the server's clock and what it maps names to are not known here. */
function object(certificate: Certificate, name: string, { username, clock, onObjection }: KeysOptions): void {
  const objection = objectionTo(certificate, username, clock.nowMs());
  if (objection !== null) onObjection(`The certificate ${name} (authority ${certificate.authority}) ${objection}.`);
}

function toUnsignedWords({ isSecurityKey, comment }: SigningKey, where: string): string {
  const name = `${comment} ${where}`.trim();
  if (!isSecurityKey) return `The key ${name} gave no signature: its agent refused, or nobody gave it leave in time.`;
  return (
    `The security key ${name} gave no signature: plug it in and touch it in time. ` +
    'One that wants a PIN must be in an ssh-agent that can ask for it.'
  );
}

/** The server's deadline stands still while the key is waited for; of a security key, `name` says which. */
function waitForKey(name: string | null, options: KeysOptions): Disposable {
  options.onWaiting('waiting');
  const note = name === null ? null : askForTouch(name, options);
  return toDisposable(() => {
    note?.dispose();
    options.onWaiting('done');
  });
}

function askForTouch(comment: string, { server, questions }: KeysOptions): Disposable {
  return questions.tell({
    ...{ key: `touch:${server}`, server, what: 'a touch of your security key' },
    note: comment === '' ? null : comment,
  });
}
