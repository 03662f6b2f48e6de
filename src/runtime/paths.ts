/** Resolves where configuration, data and sockets are on this machine; makes the folders with the right modes and refuses unsafe ones. */
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { findForeignFolder } from '../base/folder-owner.ts';
import { OperationError } from '../core/codes.ts';
import type { Paths } from '../core/paths.ts';

/** A longer socket path is silently cut by Node 20 past 108 bytes. */
const socketPathBytesMax = 100;
/** The longest name that is put below the runtime folder: `tools/<session>.sock`. */
const socketNameBytesMax = 32;

/** Reads SIGNALBOX_HOME and XDG_RUNTIME_DIR from `env`; touches no file. */
export function toPaths(env: NodeJS.ProcessEnv = process.env): Paths {
  const home = env.SIGNALBOX_HOME ? resolve(env.SIGNALBOX_HOME) : null;
  const standard = envPaths('signalbox', { suffix: '' });
  const config = home ? join(home, 'config') : standard.config;
  const data = home ? join(home, 'data') : standard.data;
  const runtime = toRuntimeFolder(home, env);
  return {
    config,
    data,
    runtime,
    cache: home ? join(home, 'cache') : standard.cache,
    serversFile: join(config, 'servers.json'),
    agentsFile: join(config, 'agents.json'),
    policyFile: join(config, 'policy.json'),
    configFile: join(config, 'config.json'),
    knownHostsFile: join(config, 'known_hosts'),
    trustFile: join(config, 'trusted.json'),
    localCommandsFile: join(config, 'allowed-commands.json'),
    vaultFile: join(data, 'vault.json'),
    auditFolder: join(data, 'audit'),
    auditKeyFile: join(data, 'audit-key.pem'),
    snapshotsRepository: join(data, 'snapshots.git'),
    recordingsFolder: join(data, 'recordings'),
    sessionsFolder: join(data, 'sessions'),
    agentsFolder: join(data, 'agents'),
    workFolder: join(data, 'work'),
    factsFolder: join(data, 'facts'),
    commandsFolder: join(data, 'commands'),
    controlSocket: join(runtime, 'control.sock'),
    toolSocketsFolder: join(runtime, 'tools'),
    hostLock: join(runtime, 'host.lock'),
    hostLog: join(data, 'host.log'),
  };
}

/** Creates a folder with mode 0700. Throws CONFIG_INVALID when it or its parent belongs to somebody else, or when it is a link. */
export function preparePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const foreign = findForeignFolder(folder);
  if (foreign !== null) {
    const { path, uid } = foreign;
    throw new OperationError(
      'CONFIG_INVALID',
      uid === null
        ? `${path} is not a folder; move it away.`
        : `${path} belongs to user ${uid}, not to you; remove it or set SIGNALBOX_HOME.`,
    );
  }
  if ((lstatSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

function toRuntimeFolder(home: string | null, env: NodeJS.ProcessEnv): string {
  const temporary = join(tmpdir(), `signalbox-${userInfo().uid}`);
  const wanted = home ? join(home, 'run') : env.XDG_RUNTIME_DIR ? join(env.XDG_RUNTIME_DIR, 'signalbox') : temporary;
  if (Buffer.byteLength(wanted) + 1 + socketNameBytesMax <= socketPathBytesMax) return wanted;
  // Loaded only for this: it takes a tenth of the time to the first frame.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return join(temporary, digest);
}
