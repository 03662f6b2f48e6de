/**
 * One handshake by the system's ssh, for servers and logins that the SSH of this program does not know: over a line of ours, with a configuration and
 * known_hosts of ours, and judged here before ssh judges. What comes back is a client of ssh2 as from any handshake, whose channels ssh holds.
 */
import { existsSync, watch } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import { present } from '../../../base/assert.ts';
import type { Clock } from '../../../base/clock.ts';
import { type Disposable, Disposables, toDisposable } from '../../../base/lifecycle.ts';
import { promiseWithResolvers } from '../../../base/promise-with-resolvers.ts';
import { limits } from '../../../core/limits.ts';
import type { ConnectionSettings } from '../../../core/ports.ts';
import { plainSshOptions } from '../../../core/ssh-options.ts';
import { toCancelledError } from '../abort.ts';
import type { ConnectStory } from '../connect-story.ts';
import type { Handshake } from '../handshake.ts';
import { makeLoginFolder } from '../login-folder.ts';
import type { KeyContext } from '../private-key.ts';
import { hearOf, softwareOf } from '../ssh2-internals.ts';
import { openAgentPassage } from './agent-passage.ts';
import { openAskProgram } from './ask-program.ts';
import { hasPartialSuccess, objectionsTo } from './login-failure.ts';
import { LoginPrompts } from './login-prompts.ts';
import { openMux, sendIgnored, toMuxClient } from './mux-client.ts';
import { noLongerNeeded, toReason } from './offer-words.ts';
import { agentSocketOf, toSshConfiguration } from './ssh-configuration.ts';
import { SshProcess } from './ssh-process.ts';
import { lastLines, toHandshakeFailure, toLateError, toLoginWords } from './ssh-words.ts';

export interface SystemHandshakeOptions {
  /** `user@host:port`, for messages. */
  readonly address: string;
  readonly stream: Duplex;
  readonly settings: ConnectionSettings;
  /** Lines of known_hosts that name the server: by them ssh chooses which kind of key it asks for. */
  readonly knownHosts: readonly string[];
  readonly knownTypes: readonly string[];
  /** Of what the server shows. Rejects with the refusal. */
  readonly judge: (shown: Buffer) => Promise<JudgedKey>;
  readonly login: 'log-in' | 'key-only';
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** Its silence is not the server's, as long as that holds. */
  readonly isLineAwaited: () => boolean;
  readonly context: KeyContext;
  /** `OpenSSH_9.2p1`. */
  readonly program: string;
  /** Why it is not done here, where that is not what the server offers. */
  readonly because: string | null;
  readonly clock: Clock;
  /** Where what is seen is written down; null: nowhere. */
  readonly story: ConnectStory | null;
}

export interface JudgedKey {
  /** Without a certificate about it. */
  readonly key: Buffer;
  readonly authority: string | null;
  /** Of known_hosts: with it and nothing else, ssh accepts what the server showed. */
  readonly line: string;
}

/** Rejects as `performHandshake` does; then nothing is left running. */
export async function performSystemHandshake(options: SystemHandshakeOptions): Promise<Handshake> {
  const folder = await makeLoginFolder('ssh');
  const lifetimes = new Disposables();
  try {
    return await hold(options, folder, lifetimes);
  } catch (error) {
    options.stream.destroy();
    throw error;
  } finally {
    lifetimes.dispose();
    // ssh has read what it needed, and the one connection to its socket is made: nobody else can make another.
    await rm(folder, { recursive: true, force: true });
  }
}

async function hold(options: SystemHandshakeOptions, folder: string, lifetimes: Disposables): Promise<Handshake> {
  const { address, settings, login, context, stream, clock, story } = options;
  const { auth, username, ssh = plainSshOptions } = settings;
  const configurationFile = join(folder, 'config');
  const knownHostsFile = join(folder, 'known_hosts');
  const controlPath = join(folder, 'mux');
  const { knownTypes } = options;
  const agent = login === 'log-in' ? agentSocketOf(auth) : null;
  const agentPath = agent === null ? {} : { agentPath: join(folder, 'agent') };
  const names = { server: context.server, settings, knownTypes, knownHostsFile, controlPath, ...agentPath, login };
  await writeFile(configurationFile, toSshConfiguration(names), { mode: 0o600 });
  await writeFile(knownHostsFile, toFile(options.knownHosts), { mode: 0o600 });

  const { promise: ready, resolve, reject } = promiseWithResolvers<void>();
  const late = new AbortController();
  const handleLate = (): void => late.abort(toLateError(address));
  late.signal.addEventListener('abort', () => reject(late.signal.reason));
  const patience = lifetimes.add(new Patience(options, ssh.connectTimeoutMs, handleLate));
  const prompts = new LoginPrompts({
    ...context,
    // ssh writes an address in small letters, and an alias as it is.
    ...{ username, choices: auth, host: settings.hostKeyAlias ?? settings.host.toLowerCase() },
    onWaiting: (state) => {
      patience.handleWaiting(state);
      story?.handleWaiting(state);
    },
    isPartial: () => hasPartialSuccess(holder.said),
  });
  const ask = lifetimes.add(await openAskProgram(folder, (each) => prompts.answer(each)));
  if (agent !== null)
    lifetimes.add(
      await openAgentPassage({
        ...{ path: join(folder, 'agent'), agent },
        onSigning: (keyType) => tellOfTouch(keyType, context),
      }),
    );
  const objections = login === 'log-in' ? await objectionsTo(auth, username, clock.nowMs()) : [];
  const failed = { address, auth, objections };
  const judged: { now: JudgedKey | null } = { now: null };
  const holder = new SshProcess({
    ...{ stream, configurationFile, env: ask.env, secretVariables: settings.secretVariables ?? [], clock },
    onKey: async (shown) => {
      const key = await options.judge(shown);
      await writeFile(knownHostsFile, toFile([key.line]), { mode: 0o600 });
      judged.now = key;
    },
    onProved: () => {
      story?.time('agreed');
      if (login === 'key-only') resolve();
      else patience.handleLogin(settings);
    },
    onEnd: (error) => reject(toHandshakeFailure(error, { ...failed, said: holder.said, problems: prompts.problems })),
  });
  lifetimes.add(onAbort(options.signal, () => holder.end(toCancelledError())));
  if (login === 'log-in') lifetimes.add(whenThere(folder, controlPath, resolve));
  try {
    await ready;
    const client = login === 'log-in' ? await openClient(holder, controlPath, late.signal) : neverConnected(holder);
    story?.time('loggedIn');
    if (story) story.software = softwareOf(client);
    return toHandshake(options, holder, present(judged.now, 'A proved key was judged.'), client);
  } catch (error) {
    holder.end();
    throw error;
  }
}

/** ssh says nothing while it waits for an agent. How long that may take is for `Patience` to say. */
function tellOfTouch(keyType: string, { server, questions }: KeyContext): Disposable {
  if (!keyType.startsWith('sk-')) return toDisposable(() => undefined);
  return questions.tell({ key: `touch:${server}`, server, what: 'a touch of your security key', note: null });
}

function toHandshake(
  { program, because, settings }: SystemHandshakeOptions,
  { handshake, said }: SshProcess,
  { key, authority }: JudgedKey,
  client: Client,
): Handshake {
  const { auth, ssh = plainSshOptions } = settings;
  const reason = handshake.serverOffer === null ? null : toReason(handshake.serverOffer, ssh);
  return {
    client,
    key,
    authority,
    login: toLoginWords(said, auth),
    environment: ssh.environment,
    system: { program, because: reason ?? because ?? noLongerNeeded },
  };
}

async function openClient(holder: SshProcess, controlPath: string, late: AbortSignal): Promise<Client> {
  const socket = await openMux(controlPath, late);
  const client = toMuxClient(socket, holder.handshake.identification ?? '');
  // Only there every byte of the server comes by, also what ssh asks by itself to find a dead line.
  hearOf(client, holder.stream);
  // For good: an error without a listener ends the process.
  client.on('error', () => undefined);
  client.on('close', () => holder.end());
  acknowledgeSoon(client, holder.stream);
  // What ssh said last is why, where the line was lost.
  socket.once('end', () => {
    const [reason] = lastLines(holder.said, 1);
    if (reason !== undefined) client.emit('error', new Error(reason));
  });
  return client;
}

/**
 * What a server says of itself after a login is answered by nobody, so that it is acknowledged late, and until then the server's TCP holds back
 * its next answer (RFC 896): 40 ms for the first command. Whatever is sent acknowledges it.
 */
function acknowledgeSoon(client: Client, line: Duplex): void {
  let heard = 0;
  line.on('data', function handleData() {
    sendIgnored(client);
    heard += 1;
    if (heard === remarksMax) line.off('data', handleData);
  });
}

const remarksMax = 2;

/** For a handshake that only proves the key: there is nothing to end any more. */
function neverConnected(holder: SshProcess): Client {
  holder.end();
  return new ssh2.Client();
}

/** The deadline of a handshake, which stands still while a person is waited for. */
class Patience implements Disposable {
  readonly #clock: Clock;
  readonly #isLineAwaited: () => boolean;
  readonly #onLate: () => void;
  #timer: Disposable;
  #patienceMs: number;
  #isOver = false;

  constructor(
    { clock, isLineAwaited }: Pick<SystemHandshakeOptions, 'clock' | 'isLineAwaited'>,
    patienceMs: number | null,
    onLate: () => void,
  ) {
    this.#clock = clock;
    this.#isLineAwaited = isLineAwaited;
    this.#patienceMs = patienceMs ?? limits.connectReadyTimeoutMs;
    this.#onLate = onLate;
    this.#timer = this.#arm();
  }

  /** From now on an agent or a token may wait for somebody to touch it. */
  handleLogin({ auth, ssh }: ConnectionSettings): void {
    if (!ssh?.pkcs11Provider && !auth.some(({ kind }) => kind === 'agent' || kind === 'certificate')) return;
    this.#patienceMs = limits.loginQuestionMs;
    this.handleWaiting('done');
  }

  handleWaiting(state: 'waiting' | 'done'): void {
    this.#timer.dispose();
    if (state === 'done' && !this.#isOver) this.#timer = this.#arm();
  }

  dispose(): void {
    this.#isOver = true;
    this.#timer.dispose();
  }

  #arm(): Disposable {
    return this.#clock.after(this.#patienceMs, () => {
      if (this.#isLineAwaited()) this.#timer = this.#arm();
      else this.#onLate();
    });
  }
}

function onAbort(signal: AbortSignal, call: () => void): Disposable {
  if (signal.aborted) call();
  signal.addEventListener('abort', call);
  return toDisposable(() => signal.removeEventListener('abort', call));
}

/** Calls when the file has come to be. */
function whenThere(folder: string, path: string, call: () => void): Disposable {
  const look = (): void => {
    if (existsSync(path)) call();
  };
  const watcher = watch(folder, look);
  watcher.on('error', () => undefined);
  look();
  return toDisposable(() => watcher.close());
}

function toFile(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
