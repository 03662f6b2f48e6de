/**
 * Which of two makes a connection: the SSH of this program, or the system's ssh for what it cannot do. Chosen by what a server turns out to want, and
 * remembered as long as this process lives. It knows nothing of how lines are opened.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../base/clock.ts';
import { OperationError } from '../../../core/codes.ts';
import type { ConnectionSettings } from '../../../core/ports.ts';
import { toLocalEnvironment } from '../../local-commands/local-environment.ts';
import { NoCommonAlgorithmError } from '../algorithms.ts';
import { parseCertificate } from '../certificates/certificate.ts';
import type { ConnectStory } from '../connect-story.ts';
import type { Handshake } from '../handshake.ts';
import type { HostKeys, HostName } from '../host-keys.ts';
import { typeOf } from '../known-hosts.ts';
import type { KeyContext } from '../private-key.ts';
import { findSsh } from './find-ssh.ts';
import { hasTicket } from './has-ticket.ts';
import { noLongerNeeded } from './offer-words.ts';
import { type JudgedKey, performSystemHandshake } from './system-handshake.ts';

export interface HandshakeRequest {
  /** `user@host:port`, for messages. */
  readonly address: string;
  readonly settings: ConnectionSettings;
  readonly name: HostName;
  readonly context: KeyContext;
  /** A fingerprint that the operator has just confirmed; null: only known keys. */
  readonly pinned: string | null;
  readonly login: 'log-in' | 'key-only';
  /** Why the system's ssh was used for it before; null: it was not, as far as is known. */
  readonly remembered: string | null;
  /** Where what is seen is written down; null: nowhere. */
  readonly story: ConnectStory | null;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** A person has to see to something before the line is through: its silence is not the server's. */
  readonly isLineAwaited: () => boolean;
  /** A line to the server, a new one each time. */
  readonly open: () => Promise<Duplex>;
}

export class Transports {
  readonly #hostKeys: HostKeys;
  readonly #clock: Clock;
  /** Why the system's ssh is used for a server, by its name in known_hosts. Bounded by the servers there are. */
  readonly #beyond = new Map<string, string>();

  constructor(hostKeys: HostKeys, clock: Clock) {
    this.#hostKeys = hostKeys;
    this.#clock = clock;
  }

  /** `performHere` is the handshake by the SSH of this program. Rejects as both do, and with UNSUPPORTED where ssh is needed and not there. */
  async perform(request: HandshakeRequest, performHere: (leave: Leave) => Promise<Handshake>): Promise<Handshake> {
    const { name, remembered, settings, login } = request;
    const known = this.#beyond.get(name.name) ?? remembered;
    if (settings.transport === 'built-in') return await performHere(never);
    const cause = toCause(settings, known);
    if (cause !== null && (login === 'log-in' || cause === wish)) return await this.#performOver(request, cause);
    if (known !== null && !causes.has(known)) return await this.#performAgain(request, () => performHere(never));
    try {
      return await performHere(settings.ssh?.gssapi && login === 'log-in' ? leaveForTicket(settings) : never);
    } catch (error) {
      if (error instanceof TicketWantedError) return await this.#performOver(request, ticket);
      if (!(error instanceof NoCommonAlgorithmError)) throw error;
      return await this.#performOver(request, null);
    }
  }

  /** Where ssh is gone by now, the server may have what it had not then. */
  async #performAgain(request: HandshakeRequest, performHere: () => Promise<Handshake>): Promise<Handshake> {
    try {
      return await this.#performOver(request, null);
    } catch (error) {
      if (!(error instanceof OperationError) || error.code !== 'UNSUPPORTED') throw error;
      return await performHere().catch(() => {
        throw error;
      });
    }
  }

  async #performOver(
    { address, settings, name, context, pinned, login, signal, story, isLineAwaited, open }: HandshakeRequest,
    because: string | null,
  ): Promise<Handshake> {
    const program = await findSsh(
      `${address} needs the system's ssh (${because ?? noCommonAlgorithm})`,
      toEnv(settings),
    );
    const { lines, types } = await this.#hostKeys.view(name);
    const handshake = await performSystemHandshake({
      ...{ address, settings, login, signal, story, isLineAwaited, context, program, because, clock: this.#clock },
      stream: await open(),
      ...{ knownHosts: lines, knownTypes: types },
      judge: (shown) => this.#judge(name, shown, pinned),
    });
    if (handshake.system !== null) this.#beyond.set(name.name, handshake.system.because);
    return handshake;
  }

  /** As for a handshake here: a certificate counts for the key that it is about. */
  async #judge(name: HostName, shown: Buffer, pinned: string | null): Promise<JudgedKey> {
    const certificate = parseCertificate(shown);
    if (certificate !== null) this.#hostKeys.learn(name, certificate);
    const key = certificate?.publicKey ?? shown;
    const view = await this.#hostKeys.view(name);
    const refusal = view.refusal(key, pinned);
    if (refusal !== null) throw refusal;
    const authority = view.authorityOf(key);
    const line =
      certificate !== null && authority !== null
        ? `@cert-authority ${name.name} ${typeOf(certificate.authorityKey)} ${certificate.authorityKey.toString('base64')}`
        : `${name.name} ${typeOf(key)} ${key.toString('base64')}`;
    return { key, authority, line };
  }
}

/** Whether a login is to be left to the system's ssh, from what the server takes. */
export type Leave = (offered: readonly string[]) => Promise<OperationError | null>;

class TicketWantedError extends OperationError {}

const never: Leave = async () => null;

function leaveForTicket(settings: ConnectionSettings): Leave {
  return async (offered) => {
    if (!offered.includes('gssapi-with-mic') || !(await hasTicket(toEnv(settings)))) return null;
    return new TicketWantedError('AUTH_FAILED', 'The server takes a Kerberos ticket, which only ssh can offer.');
  };
}

function toEnv({ secretVariables = [] }: ConnectionSettings): NodeJS.ProcessEnv {
  return toLocalEnvironment(process.env, secretVariables);
}

const wish = 'its record says so';
const ticket = 'the server takes your Kerberos ticket';
const token = 'your ssh configuration names a PKCS#11 token';
/** None of these ends with what a server offers. */
const causes: ReadonlySet<string> = new Set([wish, ticket, token, noLongerNeeded]);

/** Why ssh is needed whatever the server offers, before anything was tried. */
function toCause({ ssh, transport }: ConnectionSettings, known: string | null): string | null {
  if (transport === 'system') return wish;
  if (ssh?.pkcs11Provider) return token;
  return ssh?.gssapi && known === ticket ? ticket : null;
}

const noCommonAlgorithm = 'it offers no algorithm that signalbox has itself';
