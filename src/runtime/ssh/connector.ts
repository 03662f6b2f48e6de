/**
 * Making one connection to a target: settings resolved, jump opened, host key judged, logged in, retried when the server is only busy.
 * It knows nothing of pools or of what the connection is for.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { OperationError } from '../../core/codes.ts';
import type { LineNotes } from '../../core/facts/line-facts.ts';
import { limits } from '../../core/limits.ts';
import type { LoginQuestions } from '../../core/login/login-desk.ts';
import type { ConnectionSettings, ConnectionSource, Secrets } from '../../core/ports.ts';
import type { Target } from '../../core/server.ts';
import { plainSshOptions, type SshOptions } from '../../core/ssh-options.ts';
import type { KeptPassphrases } from '../secrets/kept-passphrases.ts';
import { toAuthentication } from './authentication.ts';
import { askHostCertificate } from './certificates/ask-host-certificate.ts';
import type { ConnectStory } from './connect-story.ts';
import { Connection } from './connection.ts';
import { BusyServerError, type Handshake, performHandshake } from './handshake.ts';
import { HandshakePlaces, withoutSlot } from './handshake-places.ts';
import type { HostKeys, HostKeyView, HostName } from './host-keys.ts';
import { isUnknownOnTheWay, toErrorOnTheWay } from './jump-errors.ts';
import { toFingerprint, toHostName, typeOf } from './known-hosts.ts';
import { LineRecord } from './line-record.ts';
import { openSocket, toPlace } from './open-socket.ts';
import type { ProxyLines } from './proxy-line.ts';
import { softwareOf } from './ssh2-internals.ts';
import { type Leave, Transports } from './system/transports.ts';
import type { Way } from './way.ts';

export interface ConnectorOptions {
  readonly source: ConnectionSource;
  readonly secrets: Secrets;
  readonly questions: LoginQuestions;
  readonly passphrases: KeptPassphrases;
  readonly hostKeys: HostKeys;
  readonly proxies: ProxyLines;
  readonly clock: Clock;
  /** Default: `limits.channelAheadFromMs`. */
  readonly aheadFromMs?: number;
  /** What earlier connections have learned. */
  readonly lines?: Pick<LineNotes, 'find'>;
  /** A connection to a jump server, held open until disposed. */
  readonly jump: (
    target: Target,
    signal: AbortSignal,
    story: ConnectStory | null,
  ) => Promise<{ connection: Connection; hold: Disposable }>;
}

interface Wanted {
  readonly pinned: string | null;
  readonly login: 'log-in' | 'key-only';
  /** When the server is asked for one. */
  readonly certificate?: 'where no key is known' | 'always';
  /** Why the system's ssh was used before; null: it was not, as far as is known. */
  readonly remembered: string | null;
  /** Aborts once nobody wants it any more: then no person is asked. */
  readonly signal: AbortSignal;
  readonly story: ConnectStory | null;
}

/** A proved host key, for storing. */
export interface ProvedKey {
  readonly key: Buffer;
  readonly name: HostName;
}

export class Connector {
  readonly #options: ConnectorOptions;
  readonly #handshakes = new HandshakePlaces();
  readonly #transports: Transports;

  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#transports = new Transports(options.hostKeys, options.clock);
  }

  /** Throws UNREACHABLE, AUTH_FAILED, CREDENTIALS_UNAVAILABLE, HOST_KEY_UNKNOWN, HOST_KEY_CHANGED or what the registry throws. */
  async connect(target: Target, signal: AbortSignal, story: ConnectStory | null = null): Promise<Connection> {
    const settings = await this.#settingsOf(target);
    const { clock, lines, aheadFromMs = limits.channelAheadFromMs } = this.#options;
    const known = (await lines?.find(target.recordHash)) ?? null;
    const remembered = known?.systemSsh ?? null;
    const wanted = { pinned: null, login: 'log-in', signal, story, remembered } as const;
    const { client, key, ...made } = await this.#shake(target, settings, wanted);
    const [hostKey, software, systemSsh] = [toFingerprint(key), softwareOf(client), made.system?.because ?? null];
    const { authority } = made;
    const line = new LineRecord({ hostKey, authority, software, systemSsh, known, farFromMs: aheadFromMs });
    const keepalive = settings.ssh?.keepalive ?? null;
    return new Connection({ client, key, made, target, clock, line, keepalive });
  }

  /** Makes the server, or the jump host on the way to it that shows this fingerprint, prove the key without logging in. */
  async prove(target: Target, fingerprint: string, signal: AbortSignal): Promise<ProvedKey> {
    const settings = await this.#settingsOf(target);
    try {
      const wanted = { pinned: fingerprint, login: 'key-only', signal, story: null, remembered: null } as const;
      const { client, key } = await this.#shake(target, settings, wanted);
      client.end();
      client.destroy();
      return { key, name: toName(target, settings) };
    } catch (error) {
      if (!(error instanceof OperationError) || error.code !== 'HOST_KEY_UNKNOWN') throw error;
      const jump = isUnknownOnTheWay(error, fingerprint)
        ? settings.jump
        : await this.#findTrusted(settings.jump, fingerprint);
      if (jump === null) throw error;
      return this.prove(jump, fingerprint, signal);
    }
  }

  /** Whoever confirms a jump host's key after somebody else did says nothing of the server behind it. */
  async #findTrusted(jump: Target | null, fingerprint: string): Promise<Target | null> {
    if (jump === null) return null;
    const settings = await this.#settingsOf(jump);
    const { fingerprints } = await this.#options.hostKeys.view(toName(jump, settings));
    return fingerprints.includes(fingerprint) ? jump : this.#findTrusted(settings.jump, fingerprint);
  }

  /** Whose keys are judged on the way there, the nearest to us first. */
  async namesOnTheWay(target: Target): Promise<readonly HostName[]> {
    const settings = await this.#settingsOf(target);
    const before = settings.jump === null ? [] : await this.namesOnTheWay(settings.jump);
    return [...before, toName(target, settings)];
  }

  /** The settings, once it is sure that the jumps lead out: two servers that jump through each other would wait for each other. */
  async #settingsOf(target: Target): Promise<ConnectionSettings> {
    const settings = await this.#options.source.connection(target);
    const seen = new Set([target.recordHash]);
    for (let jump = settings.jump; jump !== null; jump = (await this.#options.source.connection(jump)).jump) {
      if (seen.has(jump.recordHash) || seen.size > jumpsMax)
        throw new OperationError(
          'CONFIG_INVALID',
          `The jumps of ${target.id} lead in a circle or are more than ${jumpsMax}; correct "jump" in its record.`,
        );
      seen.add(jump.recordHash);
    }
    return settings;
  }

  async #shake(target: Target, settings: ConnectionSettings, wanted: Wanted): Promise<Handshake> {
    const { hostKeys } = this.#options;
    const name = toName(target, settings);
    const { isOfCertificate, hasAuthority } = await hostKeys.view(name);
    let mayBeRenewed = isOfCertificate;
    let certificate: Wanted['certificate'] = 'where no key is known';
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#shakeOnce(target, settings, { ...wanted, certificate });
      } catch (error) {
        const refused = error instanceof OperationError && error.data?.['jump'] === undefined ? error.code : null;
        if (mayBeRenewed && (refused === 'HOST_KEY_UNKNOWN' || refused === 'HOST_KEY_CHANGED')) {
          // It has another key than the one its last certificate was about, and perhaps a new certificate.
          mayBeRenewed = false;
          hostKeys.learn(name, null);
          continue;
        }
        if (refused === 'HOST_KEY_CHANGED' && hasAuthority && wanted.pinned === null && certificate !== 'always') {
          certificate = 'always';
          continue;
        }
        if (!(error instanceof BusyServerError) || attempt + 1 >= attemptsMax) throw error;
        this.#handshakes.noteBusy(toPlace(settings.host, settings.port));
        await this.#pause(attempt);
      }
    }
  }

  async #shakeOnce(target: Target, settings: ConnectionSettings, wanted: Wanted): Promise<Handshake> {
    const { secrets, questions, passphrases, clock, hostKeys } = this.#options;
    const { host, port, username, auth, ssh = plainSshOptions } = settings;
    const { pinned, signal, story } = wanted;
    const library = wanted.login === 'log-in' ? ssh.pkcs11Provider : null;
    if (library !== null) await this.#options.proxies.demandLibrary(target, library, signal);
    const way = await this.#openWay(target, settings, wanted);
    const slot = await this.#handshakes.acquire(toPlace(host, port));
    way.onAwaited?.(() => slot.dispose());
    // A server that hung up takes no answer any more.
    const over = new AbortController();
    try {
      const name = toName(target, settings);
      const address = `${username}@${toPlace(host, port)}`;
      const asked = withoutSlot(questions, slot, AbortSignal.any([signal, over.signal]));
      const { secretVariables = [] } = settings;
      const context = { server: target.id, secrets, passphrases, questions: asked, secretVariables };
      const isLineAwaited = (): boolean => way.isAwaited?.() === true;
      const handshakeHere = async (leave: Leave): Promise<Handshake> => {
        const keys = pinned === null ? await this.#certifiedKeys(name, way, ssh, wanted) : await hostKeys.view(name);
        return await performHandshake({
          ...{ stream: await way.open(), username, address, keys, ssh, pinned, signal, clock, story },
          isLineAwaited,
          authenticate:
            wanted.login === 'log-in'
              ? (onWaiting) =>
                  toAuthentication({
                    ...{ ...context, username, address, choices: auth, clock, onWaiting },
                    ...{ acceptedTypes: ssh.algorithms.publicKeys, leave },
                  })
              : null,
        });
      };
      const request = { ...{ address, settings, name, context, isLineAwaited }, ...wanted, open: () => way.open() };
      const handshake = await this.#transports.perform(request, handshakeHere);
      if (story) await this.#finish(story, name, handshake);
      handshake.client.on('close', () => way.release());
      return handshake;
    } catch (error) {
      way.release();
      throw way.explain ? await way.explain(error) : error;
    } finally {
      over.abort();
      slot.dispose();
    }
  }

  async #finish(story: ConnectStory, name: HostName, { key, login, system }: Handshake): Promise<void> {
    story.isDone = true;
    if (system === null) return;
    // The system's ssh keeps to itself what it saw on the way.
    story.system = `(${system.program}): ${system.because}`;
    const knownFrom = (await this.#options.hostKeys.view(name)).knownFrom(key);
    story.key = { type: typeOf(key) ?? 'unknown type', fingerprint: toFingerprint(key), knownFrom };
    story.attempts = login === null ? [] : [{ words: login, outcome: 'taken', refusals: 0, note: null }];
  }

  /** Where only an authority is known, the server is asked for its certificate first; what it shows counts for later connections too. */
  async #certifiedKeys(
    name: HostName,
    way: { open(): Promise<Duplex> },
    ssh: SshOptions,
    { certificate }: Wanted,
  ): Promise<HostKeyView> {
    const { hostKeys, clock } = this.#options;
    const keys = await hostKeys.view(name);
    if (!keys.wantsCertificate && certificate !== 'always') return keys;
    hostKeys.learn(name, await askHostCertificate(await way.open(), clock, ssh));
    return await hostKeys.view(name);
  }

  /** The jump is connected before a handshake slot is taken: eight jumping connections must not wait for each other's jumps. */
  async #openWay(
    target: Target,
    { host, port, jump, proxy, ssh }: ConnectionSettings,
    { signal, story }: Wanted,
  ): Promise<Way> {
    if (proxy !== undefined) {
      if (story) story.command = proxy.command;
      return await this.#options.proxies.prepare(target, proxy, signal);
    }
    if (jump === null)
      return { open: () => openSocket(host, port, this.#options.clock, ssh, story), release: () => undefined };
    const { connection, hold } = await this.#options
      .jump(jump, signal, story?.throughHop(jump) ?? null)
      .catch((error: unknown) => {
        throw error instanceof OperationError ? toErrorOnTheWay(error, target, jump) : error;
      });
    return {
      async open() {
        story?.begin();
        const stream = await connection.forward(host, port);
        story?.time('connected');
        return stream;
      },
      release: () => hold.dispose(),
    };
  }

  #pause(attempt: number): Promise<void> {
    // Doubling with jitter, so that many clients that were turned away together do not come back together.
    const delayMs = firstRetryMs * 2 ** attempt * (0.5 + Math.random());
    return new Promise((resolve) => {
      this.#options.clock.after(delayMs, resolve);
    });
  }
}

/** More hops than any network of people needs; each costs a handshake. */
const jumpsMax = 8;
const attemptsMax = 5;
const firstRetryMs = 150;

function toName(target: Target, { host, port, hostKeyAlias, ssh = plainSshOptions }: ConnectionSettings): HostName {
  const name = hostKeyAlias === null ? toHostName(host, port) : hostKeyAlias.toLowerCase();
  const { knownHostsFiles, revokedKeysFile } = ssh;
  return { id: target.id, name, host, port, knownHostsFiles, revokedKeysFile };
}
