/** Key logins that ssh2 cannot do by itself, made ready: what an agent holds, and a certificate from a file, with what is said to a person about both. */
import type { BaseAgent, ParsedKey } from 'ssh2';
import type { Clock } from '../../../base/clock.ts';
import { type Disposable, toDisposable } from '../../../base/lifecycle.ts';
import type { KeyContext } from '../private-key.ts';
import { AgentClient } from './agent-client.ts';
import { AgentKeys } from './agent-keys.ts';
import { type Certificate, objectionTo } from './certificate.ts';
import { type CertificateChoice, CertifiedKey, findSigner, readCertificate } from './certified-key.ts';

export interface KeysOptions extends KeyContext {
  readonly username: string;
  readonly clock: Clock;
  /** Around the time in which a person is waited for. */
  readonly onWaiting: (isWaiting: 'waiting' | 'done') => void;
  /** What speaks against a credential that is offered all the same, one sentence. */
  readonly onObjection: (sentence: string) => void;
}

export function prepareAgent(socket: string, options: KeysOptions): BaseAgent<ParsedKey> {
  return new AgentKeys({
    agent: new AgentClient(socket, options.clock),
    onCertificate: (certificate, comment) => object(certificate, `${comment} in the ssh-agent`, options),
    onSigning: ({ isSecurityKey, comment }) => {
      options.onWaiting('waiting');
      const note = isSecurityKey ? askForTouch(comment, options) : null;
      return toDisposable(() => {
        note?.dispose();
        options.onWaiting('done');
      });
    },
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
  return new CertifiedKey(certificate, await findSigner(certificate, choice, agent, options));
}

/** It is offered all the same: the server's clock and what it maps names to are not known here. */
function object(certificate: Certificate, name: string, { username, clock, onObjection }: KeysOptions): void {
  const objection = objectionTo(certificate, username, clock.nowMs());
  if (objection !== null) onObjection(`The certificate ${name} (authority ${certificate.authority}) ${objection}.`);
}

function askForTouch(comment: string, { server, questions }: KeysOptions): Disposable {
  return questions.tell({
    ...{ key: `touch:${server}`, server, what: 'a touch of your security key' },
    note: comment === '' ? null : comment,
  });
}
