/** Finds the host, or starts it: every screen and command comes through here. One that is silent is named by its pid, never replaced. */
import { readFileSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findForeignFolder } from '../base/folder-owner.ts';
import { parseHostLock } from '../protocol/host-lock.ts';
import type { Result } from '../protocol/methods.ts';
import { protocolVersion } from '../protocol/version.ts';
import { HostConnection } from './host-connection.ts';
import { HostError } from './host-error.ts';
import { spawnHost } from './spawn-host.ts';

/** Where the host is; the program's paths have these and more. */
export interface HostPlaces {
  readonly controlSocket: string;
  readonly hostLock: string;
  readonly hostLog: string;
}

export interface ConnectOptions {
  readonly paths: HostPlaces;
  /** Decides the workspace: the nearest ancestor that has one. */
  readonly cwd: string;
  readonly client: 'screen' | 'cli';
  /** Of this program, for the sentence about versions. */
  readonly version: string;
  /** Default: if-needed. */
  readonly start?: 'if-needed' | 'never';
  /** The command that starts a host; default: this program with `host`. */
  readonly hostCommand?: readonly string[];
  /** A host that accepts and says nothing for so long counts as silent. */
  readonly silenceMs?: number;
}

export interface Connected {
  readonly connection: HostConnection;
  readonly hello: Result<'hello'>;
}

const silenceMsDefault = 5_000;
/** A host that was just started by another client listens within moments; this waits a few seconds in all. */
const retriesMax = 40;
const retryEveryMs = 100;
/** Hosts that hang up before they said hello, one after another: more is no coincidence. */
const hangUpsMax = 5;

/**
 * Resolves with a connection that has said hello. Rejects with HostError: UNREACHABLE when no host runs and none may be started, or it
 * is silent; CONFIG_INVALID when the folder of its socket is not the user's own; UNSUPPORTED when the versions do not fit, with the side to restart.
 */
export async function connect(options: ConnectOptions): Promise<Connected> {
  checkFolder(dirname(options.paths.controlSocket));
  for (let tries = 1; ; tries += 1) {
    const socket = (await tryConnect(options.paths.controlSocket)) ?? (await startAndConnect(options));
    try {
      return await greet(socket, options);
    } catch (error) {
      // A host that ends right now has let us in and hung up; the next one answers.
      const isHangUp = error instanceof HostError && error.code === 'CONNECTION_LOST';
      if (!isHangUp || tries >= hangUpsMax) throw error;
      await wait(retryEveryMs);
    }
  }
}

async function greet(socket: Socket, options: ConnectOptions): Promise<Connected> {
  const connection = new HostConnection(socket);
  const { cwd, client, version } = options;
  const greeting = connection.call('hello', { protocol: protocolVersion, version, client, cwd });
  const silence = new AbortController();
  try {
    const silent = wait(options.silenceMs ?? silenceMsDefault, null, { signal: silence.signal });
    // The timer that loses is aborted, which is no error of anyone's.
    silent.catch(() => undefined);
    const hello = await Promise.race([greeting, silent]);
    if (hello === null) throw new HostError('UNREACHABLE', silentSentence(options.paths));
    return { connection, hello };
  } catch (error) {
    connection.close();
    greeting.catch(() => undefined);
    throw error;
  } finally {
    silence.abort();
  }
}

/** The pid in the lock file; null when there is none. */
export function readHostPid(paths: HostPlaces): number | null {
  try {
    return parseHostLock(readFileSync(paths.hostLock, 'utf8'))?.pid ?? null;
  } catch {
    // No lock file, no host.
    return null;
  }
}

async function startAndConnect(options: ConnectOptions): Promise<Socket> {
  const { paths, start, hostCommand } = options;
  if (start === 'never') {
    // Told apart from a host that is there and silent: who only wants to end one has nothing left to do.
    const sentence = 'No host runs; `signalbox` or `signalbox new` starts one.';
    throw new HostError('UNREACHABLE', sentence, { absent: true });
  }
  await spawnHost(hostCommand ?? ownHostCommand(), paths.hostLog);
  // Ready at once when it is ours; a faster one of another client may still be about to listen.
  for (let attempt = 0; attempt < retriesMax; attempt += 1) {
    const socket = await tryConnect(paths.controlSocket);
    if (socket) return socket;
    await wait(retryEveryMs);
  }
  throw new HostError('UNREACHABLE', silentSentence(paths));
}

/** A host that somebody else runs would be told everything, so its socket is not even tried. */
function checkFolder(folder: string): void {
  const foreign = findForeignFolder(folder);
  if (foreign === null) return;
  const whose = foreign.uid === null ? 'is not a folder' : `belongs to user ${foreign.uid}, not to you`;
  throw new HostError('CONFIG_INVALID', `${foreign.path} ${whose}; remove it or set SIGNALBOX_HOME.`);
}

/** Null when nobody listens; other failures (permission, a full backlog) are errors, since a host may be there. */
function tryConnect(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // A host that was killed this very moment resets those who wait at its door.
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') resolve(null);
      else reject(new HostError('UNREACHABLE', `The host cannot be reached at ${path}: ${error.message}.`));
    });
  });
}

function ownHostCommand(): readonly string[] {
  const program = process.argv[1];
  if (program === undefined) throw new HostError('INTERNAL', 'This program does not know its own file.');
  return [process.execPath, program, 'host'];
}

function silentSentence(paths: HostPlaces): string {
  const pid = readHostPid(paths);
  if (pid === null) return `The host does not answer on ${paths.controlSocket}; look into ${paths.hostLog}.`;
  return `The host (pid ${pid}) does not answer; look into ${paths.hostLog}, and end it with \`kill ${pid}\` when it hangs.`;
}
