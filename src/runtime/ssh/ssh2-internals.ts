/** The few facts ssh2 knows and does not publish, read in one place with their types checked at run time. */
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Client, ClientChannel, SFTPWrapper } from 'ssh2';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';

/**
 * The most bytes one WRITE may carry. A longer `write()` is split by ssh2 into requests that follow one another, so a close or rename
 * that was sent right behind it would overtake the rest. 30,000 is below what every server takes (SFTP draft 02, section 3).
 */
export function writeBytesMaxOf(sftp: SFTPWrapper): number {
  const value: unknown = Reflect.get(sftp, '_maxWriteLen');
  return typeof value === 'number' && value > 0 ? value : 30_000;
}

/** What the server calls its software and version (RFC 4253, section 4.2), comments included; null before it has said so. */
export function softwareOf(client: Client): string | null {
  const value: unknown = Reflect.get(client, '_remoteVer');
  return typeof value === 'string' && value !== '' ? value.slice(0, 100) : null;
}

/** Whether the server announced an SFTP extension in the version ssh2 speaks. */
export function hasExtension(sftp: SFTPWrapper, name: string, version: string): boolean {
  const extensions: unknown = Reflect.get(sftp, '_extensions');
  return typeof extensions === 'object' && extensions !== null && Reflect.get(extensions, name) === version;
}

/** The names of all it announced, a bounded number. */
export function extensionsOf(sftp: SFTPWrapper): readonly string[] {
  const extensions: unknown = Reflect.get(sftp, '_extensions');
  return Object.keys(Object(extensions)).slice(0, 50);
}

/** Whether the channel still takes requests: one sent on a closed channel is dropped without an answer. */
export function isOpen(channel: object): boolean {
  const outgoing: unknown = Reflect.get(channel, 'outgoing');
  return typeof outgoing === 'object' && outgoing !== null && Reflect.get(outgoing, 'state') === 'open';
}

/**
 * Sends the keepalive request that ssh2 itself sends (keepalive@openssh.com) and calls back on its answer, whichever it is. Answers come
 * in the order of the requests, so the callback is queued in the same step.
 */
export function sendPing(client: Client, onAnswer: () => void): void {
  const callbacks: unknown = Reflect.get(client, '_callbacks');
  const protocol: unknown = Reflect.get(client, '_protocol');
  if (!Array.isArray(callbacks) || typeof protocol !== 'object' || protocol === null) return;
  const ping: unknown = Reflect.get(protocol, 'ping');
  if (typeof ping !== 'function') return;
  callbacks.push((error: unknown) => {
    // An Error means that the connection ended; `true` is a refusal, which is an answer too.
    if (!(error instanceof Error)) onAnswer();
  });
  ping.call(protocol);
}

/** Ends a connection that fell silent, with a reset: what still waits on this machine is thrown away, and does not arrive there once the line is back. */
export function abandon(client: Client): void {
  const socket: unknown = lines.get(client) ?? Reflect.get(client, '_sock');
  if (socket instanceof Socket && !socket.destroyed) socket.resetAndDestroy();
  client.destroy();
}

/** Calls for everything that arrives on a connection, whatever it is. After the handshake. */
export function onReceived(client: Client, call: () => void): Disposable {
  const socket: unknown = lines.get(client) ?? Reflect.get(client, '_sock');
  if (!(socket instanceof Readable)) return toDisposable(() => undefined);
  socket.on('data', call);
  return toDisposable(() => void socket.off('data', call));
}

/** What the server sends comes by there, not on the client's own socket. */
export function hearOf(client: Client, line: Readable): void {
  lines.set(client, line);
}

const lines = new WeakMap<Client, Readable>();

/**
 * Tells of each refusal in a login what the server still takes, and whether what was refused was right but not enough (RFC 4252, section
 * 5.1). ssh2 keeps that to itself while it goes through the keys of an agent. After `connect`.
 */
export function watchRefusals(client: Client, onRefused: (left: readonly string[], isPartial: boolean) => void): void {
  const handlers: unknown = Reflect.get(Object(Reflect.get(client, '_protocol')), '_handlers');
  const ownWay: unknown = Reflect.get(Object(handlers), 'USERAUTH_FAILURE');
  if (typeof ownWay !== 'function') return;
  Reflect.set(Object(handlers), 'USERAUTH_FAILURE', (protocol: unknown, left: unknown, isPartial: unknown) => {
    if (Array.isArray(left)) onRefused(left.map(String), isPartial === true);
    Reflect.apply(ownWay, handlers, [protocol, left, isPartial]);
  });
}

/** The most bytes one READ is answered with; ssh2 would split a longer one, and mistake a short answer for a full one. */
export function readBytesMaxOf(sftp: SFTPWrapper): number {
  const value: unknown = Reflect.get(sftp, '_maxReadLen');
  return typeof value === 'number' && value > 0 ? value : 30_000;
}

/**
 * Asks the server for a session channel (RFC 4254, section 6.1) that carries no request yet, as ssh2 does at the beginning of `exec`, or of
 * `sftp`. Null when ssh2 is not built as it was when this was written: the caller then does without.
 */
export function openSession(client: Client): Promise<ClientChannel> | null {
  return openChannel(client, 'session');
}

/** The same, as a channel on which ssh2 speaks SFTP once something on the server does. */
export function openSftpSession(client: Client): Promise<SFTPWrapper> | null {
  return openChannel(client, 'sftp');
}

function openChannel<T>(client: Client, type: 'session' | 'sftp'): Promise<T> | null {
  const channels: unknown = Reflect.get(client, '_chanMgr');
  const protocol: unknown = Reflect.get(client, '_protocol');
  const add = toMethod(channels, 'add');
  const session = toMethod(protocol, 'session');
  if (add === null || session === null) return null;
  return new Promise((resolve, reject) => {
    const handleAnswer = (error: Error | undefined, channel: T): void => {
      if (error) reject(error);
      else resolve(channel);
    };
    const id = add(Object.assign(handleAnswer, { type }));
    if (id === -1) reject(new Error('no channel is free'));
    else session(id, windowBytes, packetBytesMax);
  });
}

/** Asks a channel of `openSftpSession` for the server's SFTP subsystem (RFC 4254, section 6.5). */
export function requestSftpSubsystem(sftp: SFTPWrapper, onAnswer: (error: Error | null) => void): void {
  const callbacks: unknown = Reflect.get(sftp, '_callbacks');
  const subsystem = toMethod(Reflect.get(sftp, '_protocol'), 'subsystem');
  if (subsystem === null || !Array.isArray(callbacks) || !isOpen(sftp)) {
    onAnswer(new Error('Channel is not open'));
    return;
  }
  callbacks.push((error: unknown) =>
    onAnswer(error ? new Error('there is no SFTP subsystem, and no sftp-server that a command could start') : null),
  );
  subsystem(Reflect.get(Object(Reflect.get(sftp, 'outgoing')), 'id'), 'sftp', true);
}

/** Sends the first message of SFTP. */
export function beginSftp(sftp: SFTPWrapper): void {
  toMethod(sftp, '_init')?.();
}

/** What the server sends on the channel goes through `filter` before ssh2 reads it; an empty result is nothing. */
export function filterIncoming(sftp: SFTPWrapper, filter: (chunk: Buffer) => Buffer): void {
  const push = toMethod(sftp, 'push');
  if (push === null) return;
  Reflect.set(sftp, 'push', (chunk: Buffer | null) => {
    if (chunk === null) return push(null);
    const rest = filter(chunk);
    return rest.length === 0 ? undefined : push(rest);
  });
}

/** The READ that waits for an answer with this id, as ssh2 keeps it; null for anything else, and when ssh2 is not built as it was. */
export function awaitedReadOf(
  sftp: SFTPWrapper,
  id: number,
): { readonly into: Buffer; settle(bytes: number): void } | null {
  const waiting = (): object => Object(Reflect.get(sftp, '_requests'));
  const request: unknown = Reflect.get(waiting(), id);
  const into: unknown = Reflect.get(Object(request), 'buffer');
  const answer = toMethod(request, 'cb');
  if (!Buffer.isBuffer(into) || answer === null) return null;
  const settle = (bytes: number): void => {
    // A channel that ended has answered all of them itself.
    if (Reflect.get(waiting(), id) !== request) return;
    Reflect.deleteProperty(waiting(), id);
    answer(undefined, into, bytes);
  };
  return { into, settle };
}

export interface ExecRequest {
  readonly command: string;
  /** Of these, the server takes what it likes and says nothing. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs a command on a channel of `openSession` or `openSftpSession`, as the second half of ssh2's `exec`; one command a channel. The error is as
 * ssh2 gives it.
 */
export function requestExec(
  channel: ClientChannel | SFTPWrapper,
  { command, env }: ExecRequest,
  onAnswer: (error: Error | null) => void,
): void {
  const id: unknown = Reflect.get(Object(Reflect.get(channel, 'outgoing')), 'id');
  const callbacks: unknown = Reflect.get(channel, '_callbacks');
  const protocol: unknown = Reflect.get(Object(Reflect.get(channel, '_client')), '_protocol');
  const [exec, setEnv] = [toMethod(protocol, 'exec'), toMethod(protocol, 'env')];
  if (exec === null || !Array.isArray(callbacks) || !isOpen(channel)) {
    onAnswer(new Error('Channel is not open'));
    return;
  }
  callbacks.push((error: unknown) => {
    if (error) {
      onAnswer(error instanceof Error ? error : new Error('Unable to exec'));
      return;
    }
    Reflect.set(channel, 'subtype', 'exec');
    onAnswer(null);
  });
  for (const [name, value] of Object.entries(env)) setEnv?.(id, name, value, false);
  exec(id, command, true);
}

/** What is sent inside leaves in one piece: one packet for the network and one wake-up for the server, not several. */
export function sendTogether(client: Client, send: () => void): void {
  corked(Reflect.get(client, '_sock'), send);
}

/** The same of requests to a file service. */
export function requestTogether<T>(sftp: SFTPWrapper, send: () => T): T {
  return corked(Reflect.get(Object(Reflect.get(sftp, '_client')), '_sock'), send);
}

function corked<T>(socket: unknown, send: () => T): T {
  const cork = toMethod(socket, 'cork');
  const uncork = toMethod(socket, 'uncork');
  cork?.();
  try {
    return send();
  } finally {
    if (cork !== null) uncork?.();
  }
}

export interface TakenWindow {
  /** What the server may send now. */
  readonly bytes: number;
  /** Lets it send that much more; on a channel that is closed, nothing happens. */
  grant(bytes: number): void;
}

/** From here on ssh2 grants a channel nothing by itself. Null when ssh2 is not built as it was when this was written: it then goes on. */
export function takeWindow(channel: ClientChannel): TakenWindow | null {
  const incoming: unknown = Reflect.get(channel, 'incoming');
  const bytes: unknown = Reflect.get(Object(incoming), 'window');
  const id: unknown = Reflect.get(Object(Reflect.get(channel, 'outgoing')), 'id');
  const adjust = toMethod(Reflect.get(Object(Reflect.get(channel, '_client')), '_protocol'), 'channelWindowAdjust');
  if (adjust === null || typeof id !== 'number' || typeof bytes !== 'number') return null;
  // It adds to a window that has become small; this one never does.
  Reflect.set(Object(incoming), 'window', Number.POSITIVE_INFINITY);
  const isClosed = (): boolean => {
    const state: unknown = Reflect.get(Object(Reflect.get(channel, 'outgoing')), 'state');
    return state === 'closing' || state === 'closed';
  };
  return { bytes, grant: (more) => void (isClosed() || adjust(id, more)) };
}

/**
 * Lets the server send up to `bytes` of answers before it has to wait: ssh2 keeps the window at 2 MiB, which on a slow line is as much in
 * each round trip. Grants nothing when as much is there; does nothing where ssh2 is not built as it was when this was written.
 */
export function widenWindow(sftp: SFTPWrapper, bytes: number): void {
  const incoming: unknown = Reflect.get(sftp, 'incoming');
  const window: unknown = Reflect.get(Object(incoming), 'window');
  const id: unknown = Reflect.get(Object(Reflect.get(sftp, 'outgoing')), 'id');
  const adjust = toMethod(Reflect.get(sftp, '_protocol'), 'channelWindowAdjust');
  if (adjust === null || typeof id !== 'number' || typeof window !== 'number' || !isOpen(sftp)) return;
  if (window >= bytes) return;
  // Some more, so that not each request is preceded by a message.
  Reflect.set(Object(incoming), 'window', bytes + windowBytes);
  adjust(id, bytes + windowBytes - window);
}

/** What ssh2 announces for every channel it opens. */
const windowBytes = 2 * 1024 * 1024;
const packetBytesMax = 32 * 1024;

function toMethod(owner: unknown, name: string): ((...values: unknown[]) => unknown) | null {
  const method: unknown = typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : null;
  return typeof method === 'function' ? (...values) => method.apply(owner, values) : null;
}
