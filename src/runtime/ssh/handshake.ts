/**
 * One handshake with one SSH server over a stream that already leads to it: host key judged, algorithms agreed, logged in. It knows
 * nothing of pools, retries or jumps.
 */
import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig, type NegotiatedAlgorithms } from 'ssh2';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { SshOptions } from '../../core/ssh-options.ts';
import { toCancelledError } from './abort.ts';
import { NoCommonAlgorithmError, toAlgorithms } from './algorithms.ts';
import type { Authentication } from './authentication.ts';
import { allowForeignKeys } from './certificates/foreign-key.ts';
import type { ConnectStory, LoginAttempt, SeenKey } from './connect-story.ts';
import type { HostKeyView } from './host-keys.ts';
import { type HostVerifier, toHostVerifier } from './host-verifier.ts';
import { toFingerprint, typeOf } from './known-hosts.ts';
import { leaveShownHostKeys } from './shown-host-keys.ts';
import { softwareOf, watchRefusals } from './ssh2-internals.ts';
import { dropWhatComesTooLate } from './too-late.ts';

export interface HandshakeOptions {
  readonly stream: Duplex;
  readonly username: string;
  /** `user@host:port`, for messages. */
  readonly address: string;
  readonly keys: HostKeyView;
  /** A fingerprint that the operator has just confirmed; null: only known keys. */
  readonly pinned: string | null;
  /** Null: stop once the server has proved its host key, without logging in. */
  readonly authenticate: ((onWaiting: (state: 'waiting' | 'done') => void) => Authentication) | null;
  readonly clock: Clock;
  readonly ssh: SshOptions;
  /** The line itself is not through yet, and a person sees to that; absent: it is. */
  readonly isLineAwaited?: () => boolean;
  /** Aborts once nobody wants the connection: then it ends where it waits for a person; a server that is on its way is let come. */
  readonly signal?: AbortSignal;
  /** Who wants to know how it went; null: nobody. */
  readonly story: ConnectStory | null;
}

export interface Handshake extends HowMade {
  readonly client: Client;
  /** The host key, proved by a signature over this exchange. */
  readonly key: Buffer;
}

export interface HowMade {
  /** SHA256:… of the authority for whose sake it is trusted; null: the key itself is known. */
  readonly authority: string | null;
  /** What the server took for the login, in words; null: there was none. */
  readonly login: string | null;
  /** What interactive shells are sent, beside what they are asked for with. */
  readonly environment: Readonly<Record<string, string>>;
  /** The system's ssh holds the connection; null: the SSH of this program does. */
  readonly system: SystemSsh | null;
}

export interface SystemSsh {
  /** `OpenSSH_9.2p1`. */
  readonly program: string;
  /** What the SSH of this program could not do, as a sentence without its end. */
  readonly because: string;
}

/** An attempt that failed for a reason that may be gone a moment later: the server was busy with other handshakes. */
export class BusyServerError extends OperationError {}

/** Resolves with a client that is logged in (or, without `authenticate`, has proved its key). The client is ended on every failure. */
export function performHandshake(options: HandshakeOptions): Promise<Handshake> {
  const { clock, keys, pinned, address, signal, story } = options;
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let accepted: Buffer | null = null;
    let refusal: OperationError | null = null;
    let deadline: Disposable = toDisposable(() => undefined);
    let isSettled = false;

    const fail = (error: OperationError): void => {
      if (isSettled) return;
      isSettled = true;
      deadline.dispose();
      signal?.removeEventListener('abort', handleLeft);
      authentication?.end();
      if (story) story.attempts = authentication?.attempts ?? [];
      client.destroy();
      options.stream.destroy();
      reject(error);
    };
    const succeed = (): void => {
      if (isSettled || accepted === null) return;
      isSettled = true;
      deadline.dispose();
      signal?.removeEventListener('abort', handleLeft);
      authentication?.end();
      authentication?.handleTaken();
      const login = authentication?.taken ?? null;
      if (story) tellLogin(story, authentication?.attempts ?? []);
      const { environment } = options.ssh;
      resolve({ client, key: accepted, authority: keys.authorityOf(accepted), login, environment, system: null });
    };
    const armDeadline = (): void => {
      deadline.dispose();
      deadline = clock.after(options.ssh.connectTimeoutMs ?? limits.connectReadyTimeoutMs, () => {
        if (options.isLineAwaited?.()) armDeadline();
        else fail(unreachableError(address, 'it did not finish the SSH handshake in time'));
      });
    };
    let isWaiting = false;
    const handleLeft = (): void => {
      if (isWaiting || options.isLineAwaited?.()) fail(toCancelledError());
    };
    signal?.addEventListener('abort', handleLeft);
    const authentication = options.authenticate?.((state) => {
      // A passphrase may take a person a while; that is not the server's silence.
      deadline.dispose();
      isWaiting = state === 'waiting';
      story?.handleWaiting(state);
      if (state === 'done' && !isSettled) armDeadline();
    });

    const verifier = toHostVerifier((key) => {
      // The same key again at each re-exchange; another one is never fine, whatever the files say by then.
      if (accepted !== null) return accepted.equals(key);
      refusal = keys.refusal(key, pinned);
      if (story) tellKey(story, client, toSeenKey(key, refusal === null ? keys.knownFrom(key) : null));
      if (refusal === null) accepted = Buffer.from(key);
      return refusal === null;
    });

    if (story) client.on('banner', (text) => void (story.banner = text.trim()));
    client.on('handshake', (agreed) => {
      if (story) tellAgreement(story, agreed);
      if (authentication === undefined) succeed();
    });
    client.on('ready', succeed);
    client.on('error', (error: Error & { level?: string; code?: unknown }) => {
      // An agent that is not there or a key that cannot sign is one choice less; ssh2 goes on to the next by itself.
      if (error.level === 'agent' || /^Error (while )?signing/.test(error.message)) return;
      fail(refusal ?? toHandshakeError(error, address, authentication));
    });
    let refusals = 0;
    client.on('close', () => {
      if (isWaiting) fail(refusal ?? toTooLateError(address));
      // Whoever hangs up after a refusal means it; before that it may be the line, or too many others.
      else if (refusal !== null || refusals > 0) fail(refusal ?? unreachableError(address, closedSentence));
      else fail(new BusyServerError('UNREACHABLE', unreachableError(address, closedSentence).message));
    });

    armDeadline();
    try {
      client.connect(toConfig(options, verifier, authentication));
      dropWhatComesTooLate(client);
      leaveShownHostKeys(client);
      allowForeignKeys(client);
      watchRefusals(client, (left, isPartial) => {
        refusals += 1;
        authentication?.handleRefused(left, isPartial);
      });
    } catch (error) {
      if (error instanceof OperationError) return fail(error);
      fail(new OperationError('INTERNAL', `The connection to ${address} could not be started.`, { cause: error }));
    }
  });
}

function tellKey(story: ConnectStory, client: Client, key: SeenKey): void {
  story.key = key;
  story.software = softwareOf(client);
}

function tellAgreement(story: ConnectStory, agreed: NegotiatedAlgorithms): void {
  story.time('agreed');
  const { kex, serverHostKey: hostKey, cs } = agreed;
  story.algorithms = { kex, hostKey, cipher: cs.cipher, mac: cs.mac, compression: cs.compress };
}

function tellLogin(story: ConnectStory, attempts: readonly LoginAttempt[]): void {
  story.time('loggedIn');
  story.attempts = attempts;
  const last = attempts.at(-1);
  if (last) Object.assign(last, { outcome: 'taken', note: null });
  story.isDone = true;
}

function toSeenKey(key: Buffer, knownFrom: string | null): SeenKey {
  return { type: typeOf(key) ?? 'unknown type', fingerprint: toFingerprint(key), knownFrom };
}

function toConfig(
  { stream, username, keys, ssh }: HandshakeOptions,
  hostVerifier: HostVerifier,
  authentication: Authentication | undefined,
): ConnectConfig {
  return {
    sock: stream,
    username,
    hostVerifier,
    algorithms: toAlgorithms(keys.types, ssh),
    // Its own timer cannot stand still while a person is asked for a passphrase; ours can.
    readyTimeout: 0,
    // Ours asks instead, and knows of sleep (heartbeat.ts).
    keepaliveInterval: 0,
    authHandler: authentication?.handler ?? (() => undefined),
  };
}

function toHandshakeError(
  error: Error & { level?: string; code?: unknown },
  address: string,
  authentication: Authentication | undefined,
): OperationError {
  const text = error.message;
  if (authentication && (/authentication methods failed/.test(text) || /authentication failures/i.test(text)))
    return authentication.failure(address);
  if (/Connection lost before handshake/.test(text) || error.code === 'ECONNRESET')
    return new BusyServerError(
      'UNREACHABLE',
      `${address} accepted the connection and closed it before the SSH handshake; it is overloaded, blocks this machine, or is no SSH server.`,
      { cause: error },
    );
  if (/no matching host key format/i.test(text))
    return new NoCommonAlgorithmError(
      'UNREACHABLE',
      `${address} shows no kind of host key that can be proved here; let its sshd offer a plain ed25519, ecdsa or rsa key, also beside a ` +
        'certificate (HostKeyAlgorithms).',
      { cause: error },
    );
  if (/no matching/i.test(text))
    return new NoCommonAlgorithmError(
      'UNREACHABLE',
      `${address} and signalbox have no algorithm in common (${toShown(error)}); update its SSH server or allow newer algorithms there.`,
      { cause: error },
    );
  return unreachableError(address, toShown(error), error);
}

/** What a server says as it hangs up comes from whoever answered there: a quote, bounded, in which no command stands out as one of ours do. */
function toShown({ message, level, code }: Error & { level?: string; code?: unknown }): string {
  const isOfServer = level === undefined && typeof code === 'number';
  return isOfServer ? `it ended the connection and said "${message.replaceAll(/[`"]/g, "'").slice(0, 200)}"` : message;
}

const closedSentence = 'it closed the connection during the handshake';

function toTooLateError(address: string): OperationError {
  return new OperationError(
    'AUTH_FAILED',
    `${address} did not wait any longer for the login (its LoginGraceTime) while the answer to a question was waited for; try again, and answer sooner.`,
  );
}

function unreachableError(address: string, reason: string, cause?: unknown): OperationError {
  return new OperationError(
    'UNREACHABLE',
    `${address} cannot be reached: ${reason}. Check that the host is up and that an SSH server listens there.`,
    { cause },
  );
}
